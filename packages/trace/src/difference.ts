import { brief, encodeTrace, type TraceRecord } from '@synod/protocol';

/** Where two traces part. */
export interface Difference {
  /** Of the first record that differs, from 0. */
  readonly index: number;
  /** Each as a line of JSON; a trace that is shorter has none there. */
  readonly recorded?: string;
  readonly replayed?: string;
  /** One sentence for a person: which step it is, and in what it differs. */
  readonly message: string;
}

/** The first record in which two traces differ, to the byte; undefined where none does. */
export function firstDifference(
  recorded: readonly TraceRecord[],
  replayed: readonly TraceRecord[],
): Difference | undefined {
  for (let index = 0; index < Math.max(recorded.length, replayed.length); index++) {
    const [before, now] = [recorded[index], replayed[index]];
    const [old, fresh] = [before && encodeTrace(before), now && encodeTrace(now)];
    if (old === fresh) continue;
    return {
      index,
      ...(old !== undefined && { recorded: old }),
      ...(fresh !== undefined && { replayed: fresh }),
      message: tell(index, before, now),
    };
  }
  return undefined;
}

function tell(index: number, before: TraceRecord | undefined, now: TraceRecord | undefined): string {
  if (!before) return `Only the replayed trace goes on with step ${index}, ${name(now)}.`;
  if (!now) return `The replayed trace ends before step ${index}, ${name(before)}.`;
  const [old, fresh] = [before, now] as unknown as readonly Record<string, unknown>[];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  // The type tells most; a vector clock differs as soon as anything does.
  const telling = [
    'type',
    'node',
    'at',
    ...fields.filter((field) => field !== 'clock' && field !== 'seq'),
    'clock',
    'seq',
  ];
  const field = telling.find((each) => brief(old?.[each]) !== brief(fresh?.[each]));
  if (field === undefined) return `Step ${index}, ${name(before)}, has its fields in another order.`;
  const [was, is] = [old?.[field], fresh?.[field]].map((value) => (value === undefined ? 'nothing' : shorten(value)));
  return `Step ${index}, ${name(before)}, differs in "${field}": recorded ${was}, replayed ${is}.`;
}

const shorten = (value: unknown): string => {
  const text = brief(value);
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
};

function name(record: TraceRecord | undefined): string {
  if (!record) return 'nothing';
  const who = 'actor' in record && record.actor !== undefined ? record.actor : record.node;
  return `"${record.type}" of ${who} at ${record.at} ms`;
}
