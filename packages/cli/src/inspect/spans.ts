import type { Span } from '@synod/inspector';
import type { TraceRecord } from '@synod/protocol';

/**
 * The records of each step of a run that was taken step by step, whose records' times count steps from 1; those of time 0 belong to the
 * start.
 */
export function stepSpans(records: readonly TraceRecord[], steps: number): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  while ((records[from]?.at ?? Number.POSITIVE_INFINITY) < 1) from++;
  for (let step = 1; step <= steps; step++) {
    let to = from;
    while ((records[to]?.at ?? Number.POSITIVE_INFINITY) <= step) to++;
    spans.push([from, to]);
    from = to;
  }
  return spans;
}

/** After how many records a run stands at the end of its start and of each of its steps. */
export const endsOf = (spans: readonly Span[], records: number): readonly number[] => [
  spans[0]?.[0] ?? records,
  ...spans.map(([, to]) => to),
];
