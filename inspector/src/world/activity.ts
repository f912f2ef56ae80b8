import type { TransitionRef } from '@synod/protocol';

// What an actor is at: its running timers, and how often it took each transition. Kept in bounds, whatever a trace says.

/** A timer as it was set. */
export interface RunningTimer {
  /** The `at` of the record that set it. */
  readonly setAt: number;
  readonly delayMs: number;
}

export type Timers = Readonly<Record<string, RunningTimer>>;
export type Counts = Readonly<Record<TransitionRef, number>>;

const MOST_TIMERS = 1_000;
const MOST_COUNTED = 2_000;

export const noTimers: Timers = Object.create(null) as Timers;
export const noCounts: Counts = Object.create(null) as Counts;

/** The timers after one was set, or with none given has ended. */
export function withTimer(timers: Timers, id: string, timer?: RunningTimer): Timers {
  const next: Record<string, RunningTimer> = Object.assign(Object.create(null), timers);
  if (!timer) delete next[id];
  else if (id in next || Object.keys(next).length < MOST_TIMERS) next[id] = timer;
  return next;
}

/** The counts after these transitions were taken. */
export function counted(counts: Counts, taken: readonly TransitionRef[]): Counts {
  if (taken.length === 0) return counts;
  const next: Record<TransitionRef, number> = Object.assign(Object.create(null), counts);
  for (const ref of taken) {
    if (!(ref in next) && Object.keys(next).length >= MOST_COUNTED) continue;
    next[ref] = (next[ref] ?? 0) + 1;
  }
  return next;
}

/** How many shades of heat there are. */
export const SHADES = 4;

/** From 1, seldom, to `SHADES`, the most often taken: each shade is several times as often as the one before. */
export function heatOf(count: number, most: number): number {
  if (count <= 0) return 0;
  return most <= 1 ? 1 : Math.min(SHADES, 1 + Math.floor((Math.log(count) / Math.log(most)) * SHADES * 0.999));
}
