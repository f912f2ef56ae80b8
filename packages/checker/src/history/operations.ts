import { type Address, brief, type OperationEvent, SynodError } from '@synod/protocol';

/** Something a client told of one of its operations, and when: what the simulator collects. */
export interface HistoryEvent {
  readonly client: Address;
  readonly atMs: number;
  readonly event: OperationEvent;
}

/**
 * One client's operation, from its invocation to its answer. Herlihy & Wing, *Linearizability: A Correctness Condition for Concurrent
 * Objects* (1990), §2.1.
 */
export interface Operation {
  /** Who asked; an address, or any name. */
  readonly client: string;
  /** The operation's number, unique among the client's own. Of two that begin at one moment, the lower one is first. */
  readonly operation: number;
  readonly input: unknown;
  /** What was answered, when `outcome` is `returned`. */
  readonly output?: unknown;
  /** In any unit, milliseconds mostly. */
  readonly invokedAt: number;
  /** When it returned or failed; absent when the outcome is unknown. */
  readonly returnedAt?: number;
  /** `unknown`: it may have had its effect at any time after its invocation, or may have it yet. `failed`: it never will. */
  readonly outcome: 'returned' | 'unknown' | 'failed';
}

/** A history, in either form. */
export type History = readonly Operation[] | readonly HistoryEvent[];

/**
 * The operations that events tell of, in the order of their invocations. One that neither returned nor failed has an unknown outcome.
 * @throws SynodError `HISTORY_INVALID` for events that no clients can have seen, naming the first.
 */
export function operationsOf(events: readonly HistoryEvent[]): readonly Operation[] {
  const open = new Map<string, number>();
  const operations: Operation[] = [];
  let now = Number.NEGATIVE_INFINITY;
  for (const [index, { client, atMs, event }] of events.entries()) {
    const { type, operation } = event;
    const name = `operation ${operation} of ${client}`;
    const where = `event ${index} ("${type}")`;
    if (!Number.isFinite(atMs)) throw invalid(where, `has the time ${atMs}`);
    if (atMs < now) throw invalid(where, `lies before the event ahead of it, at ${atMs} ms`);
    now = atMs;
    const key = JSON.stringify([client, operation]);
    const known = open.get(key);
    if (type === 'operation.invoked') {
      if (known !== undefined) throw invalid(where, `invokes ${name}, which was invoked before`);
      open.set(key, operations.length);
      operations.push({ client, operation, input: event.input, invokedAt: atMs, outcome: 'unknown' });
      continue;
    }
    if (type !== 'operation.returned' && type !== 'operation.failed')
      throw invalid(where, 'is not of a type that a history has');
    if (known === undefined) throw invalid(where, `ends ${name}, which was never invoked`);
    const begun = operations[known] as Operation;
    if (begun.outcome !== 'unknown') throw invalid(where, `ends ${name}, which was over`);
    operations[known] =
      type === 'operation.returned'
        ? { ...begun, output: event.output, returnedAt: atMs, outcome: 'returned' }
        : { ...begun, returnedAt: atMs, outcome: 'failed' };
  }
  return operations;
}

/**
 * The operations of a history that may have had an effect, by their invocations.
 * @throws SynodError `HISTORY_INVALID`.
 */
export function effective(history: History): readonly Operation[] {
  const operations = isEvents(history) ? operationsOf(history) : validated(history);
  return operations
    .filter(({ outcome }) => outcome !== 'failed')
    .toSorted((a, b) => a.invokedAt - b.invokedAt || (a.client === b.client ? a.operation - b.operation : 0));
}

const isEvents = (history: History): history is readonly HistoryEvent[] => {
  const [first] = history;
  return first !== undefined && 'event' in first;
};

function validated(operations: readonly Operation[]): readonly Operation[] {
  const names = new Set<string>();
  for (const { client, operation, invokedAt, returnedAt, outcome } of operations) {
    const name = `operation ${operation} of ${client}`;
    const key = JSON.stringify([client, operation]);
    if (names.has(key)) throw invalid(name, 'is there twice');
    names.add(key);
    if (!Number.isFinite(invokedAt)) throw invalid(name, `was invoked at ${invokedAt}`);
    if (outcome === 'returned' && returnedAt === undefined) throw invalid(name, 'has returned, and does not say when');
    if (outcome === 'unknown' && returnedAt !== undefined) throw invalid(name, 'says when it returned, and has not');
    if (returnedAt !== undefined && !(returnedAt >= invokedAt))
      throw invalid(name, `was invoked at ${invokedAt} and returned at ${returnedAt}`);
  }
  return operations;
}

const invalid = (part: string, what: string): SynodError =>
  new SynodError('HISTORY_INVALID', `A history is not valid: ${part} ${what}; correct what recorded it.`, {
    details: { part },
  });

/**
 * Whether `a` was over before `b` began: real-time order, →H of Herlihy & Wing. What begins at the very moment when another client's
 * operation ends is concurrent with it; of one client the numbers decide.
 */
export function precedes(a: Operation, b: Operation): boolean {
  if (a.outcome !== 'returned') return false;
  const end = a.returnedAt as number;
  return end < b.invokedAt || (end === b.invokedAt && a.client === b.client && a.operation < b.operation);
}

/** Whether `a` comes before `b` in its client's program. */
export const inProgramOrder = (a: Operation, b: Operation): boolean => a.client === b.client && precedes(a, b);

/** Items by what they have in common, in their order. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** An operation in a line: `write{key:x,value:1} → ok`. */
export function describeOperation({ input, output, outcome }: Operation): string {
  const { type, ...fields } = (typeof input === 'object' && input !== null ? input : {}) as { type?: unknown };
  const asked =
    typeof type === 'string' ? `${type}${Object.keys(fields).length > 0 ? brief(fields) : ''}` : brief(input);
  if (outcome === 'unknown') return `${asked} → ?`;
  if (outcome === 'failed') return `${asked} failed`;
  return output === undefined ? asked : `${asked} → ${brief(output)}`;
}
