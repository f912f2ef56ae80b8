import type { JudgedProperty, ToldStep } from '../../../src/world/verdicts.ts';

/** What a property says of the world after `cursor` records. */
export type Status = 'holds' | 'broken' | 'notYet' | 'cameAbout' | 'unknown';

export function statusAt({ changes, at, kind, verdict }: JudgedProperty, cursor: number): Status {
  const last = changes?.findLast(([records]) => records <= cursor);
  const isWanted = kind === 'sometimes' || kind === 'eventually';
  if (last) return last[1] ? 'holds' : isWanted ? 'notYet' : 'broken';
  if (!at) return 'unknown';
  if (kind === 'sometimes') return cursor >= at[1] ? 'cameAbout' : 'notYet';
  return verdict === 'violated' && cursor >= at[1] ? 'broken' : 'unknown';
}

/** The status in words. */
export const STATUS: Readonly<Record<Status, string>> = {
  holds: 'holds here',
  broken: 'does not hold here',
  notYet: 'not so here',
  cameAbout: 'has come about',
  unknown: '',
};

/** A stretch of a run, as parts of its whole length, in which a property holds or not. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly holds: boolean;
}

/** Where a property holds and where not, for a strip beside it. */
export function stretchesOf({ changes = [] }: JudgedProperty, total: number): readonly Stretch[] {
  if (total === 0) return [];
  return changes.flatMap(([records, holds], index) => {
    const to = changes[index + 1]?.[0] ?? total;
    return to > records
      ? [{ from: records / total, to: to / total, holds }]
      : index === changes.length - 1
        ? [{ from: Math.max(0, records - 1) / total, to: 1, holds }]
        : [];
  });
}

/** The step whose end is shown, or that is under way; -1 before the first one. */
export function stepAt(steps: readonly ToldStep[], cursor: number): number {
  return steps.findLastIndex(({ records: [from] }) => from < cursor);
}

/** Where a walk by steps leads from a place: the end of the next step, or of the one before; 0 is the end of the start. */
export function stepFrom(steps: readonly ToldStep[], cursor: number, by: 1 | -1): number | undefined {
  if (by > 0) return steps.find(({ records: [, to] }) => to > cursor)?.records[1];
  const start = steps[0]?.records[0];
  return [...(start === undefined ? [] : [start]), ...steps.map(({ records: [, to] }) => to)].findLast(
    (to) => to < cursor,
  );
}
