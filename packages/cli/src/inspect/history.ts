import {
  describeOperation,
  type HistoryEvent,
  judgeLinearizable,
  type Linearization,
  linearize,
  type Operation,
  operationsOf,
} from '@synod/checker/history';
import type { ClientHistory, ClientOperation } from '@synod/inspector';
import { brief, type OperationEvent, type SequentialObject, type TraceRecord } from '@synod/protocol';

/** Operations that are shown; of more, the latest. */
const MOST_SHOWN = 2_000;
const BOUNDS = { maxSeconds: 5, explainSeconds: 2 };

/** What the clients of a run saw, with the judge's verdict. Undefined where they did nothing. Without an object nothing is judged. */
export function clientHistory(
  records: readonly TraceRecord[],
  object: SequentialObject | undefined,
): ClientHistory | undefined {
  const { events, places } = eventsOf(records);
  if (events.length === 0) return undefined;
  const all = operationsOf(events);
  const judged = object ? judge(object, all) : { verdict: 'unknown' as const, message: NO_OBJECT, marks: new Map() };
  const { verdict, message, marks } = judged;
  const shown = all.slice(-MOST_SHOWN);
  const operations = shown.map((operation): ClientOperation => {
    const [asked, answered] = inWords(operation);
    const [invoked, returned] = places.get(nameOf(operation)) ?? [0];
    return {
      client: operation.client,
      input: asked,
      ...(answered !== undefined && { output: answered }),
      outcome: operation.outcome,
      invokedAt: operation.invokedAt,
      ...(operation.returnedAt !== undefined && { returnedAt: operation.returnedAt }),
      records: returned === undefined ? [invoked] : [invoked, returned],
      ...marks.get(operation),
    };
  });
  return { verdict, ...(message !== undefined && { message }), operations, omitted: all.length - shown.length };
}

const NO_OBJECT = 'Not judged: the trace does not tell of which object these are operations.';

type Marks = Pick<ClientOperation, 'key' | 'point' | 'offends' | 'stuck'>;

function judge(object: SequentialObject, operations: readonly Operation[]) {
  const verdict = judgeLinearizable(object, operations, BOUNDS);
  const marks = new Map<Operation, Marks>();
  const mark = (operation: Operation, more: Marks) => marks.set(operation, { ...marks.get(operation), ...more });
  for (const linearization of linearize(object, operations, BOUNDS)) marksOf(linearization, mark);
  if (verdict.verdict === 'no') for (const operation of verdict.part) mark(operation, { offends: true });
  const message = verdict.verdict === 'no' ? verdict.message : verdict.verdict === 'unknown' ? verdict.why : undefined;
  return { verdict: verdict.verdict, message, marks };
}

function marksOf({ key, points, stuck }: Linearization, mark: (operation: Operation, more: Marks) => void): void {
  const on = key === undefined ? {} : { key };
  for (const [index, { operation, at }] of points.entries()) {
    // What is stuck may have had its effect by then, but not with its answer.
    if (operation !== stuck) mark(operation, { ...on, point: { at, order: index + 1 } });
  }
  if (stuck) mark(stuck, { ...on, stuck: true });
}

/** What the clients told, and by operation in which records. */
function eventsOf(records: readonly TraceRecord[]) {
  const events: HistoryEvent[] = [];
  const places = new Map<string, readonly [number, number?]>();
  for (const [index, record] of records.entries()) {
    if (record.type !== 'emit' || !isOperation(record.event)) continue;
    const { actor: client, at, event } = record;
    events.push({ client, atMs: at, event });
    const name = nameOf({ client, operation: event.operation });
    const known = places.get(name);
    places.set(name, known ? [known[0], index] : [index]);
  }
  return { events, places };
}

const nameOf = ({ client, operation }: Pick<Operation, 'client' | 'operation'>): string => `${client} ${operation}`;

const TYPES: ReadonlySet<string> = new Set(['operation.invoked', 'operation.returned', 'operation.failed']);

const isOperation = (event: { readonly type: string; readonly operation?: unknown }): event is OperationEvent =>
  TYPES.has(event.type) && Number.isSafeInteger(event.operation);

function inWords(operation: Operation): readonly [asked: string, answered: string | undefined] {
  const { output: _, ...open } = operation;
  const asked = describeOperation({ ...open, outcome: 'returned' });
  return [asked, operation.outcome === 'returned' ? brief(operation.output ?? null) : undefined];
}
