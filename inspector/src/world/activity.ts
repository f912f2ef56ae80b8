import type { Chart, ChartTransition, TransitionRef } from '@synod/protocol';

// What an actor is at: its running timers, and how often it took each transition. Kept in bounds, whatever a trace says.

/** A timer as it was set. */
export interface RunningTimer {
  /** The `at` of the record that set it. */
  readonly setAt: number;
  readonly delayMs: number;
}

export type Timers = Readonly<Record<string, RunningTimer>>;

/** By the place of each transition in its chart, in document order: copied with every step, a list costs least. */
export type Counts = readonly number[];

const MOST_TIMERS = 1_000;
const MOST_COUNTED = 5_000;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const noTimers: Timers = {};
export const noCounts: Counts = [];

/** The timers after one was set, or with none given has ended. */
export function withTimer(timers: Timers, id: string, timer?: RunningTimer): Timers {
  if (!timer) {
    const { [id]: _, ...rest } = timers;
    return rest;
  }
  return Object.hasOwn(timers, id) || Object.keys(timers).length < MOST_TIMERS ? { ...timers, [id]: timer } : timers;
}

const places = new WeakMap<Chart, ReadonlyMap<TransitionRef, number>>();

/** The transitions of a chart, each with its place in document order. */
export function placesOf(chart: Chart): ReadonlyMap<TransitionRef, number> {
  const known = places.get(chart);
  if (known) return known;
  const all = new Map<TransitionRef, number>();
  // A trace may call anything a chart, however deep.
  const left: unknown[] = [chart.root];
  while (left.length > 0 && all.size < MOST_COUNTED) {
    const { transitions, states } = (left.pop() ?? {}) as { readonly transitions?: unknown; readonly states?: unknown };
    for (const transition of listOf(transitions)) {
      const ref = (transition as Partial<ChartTransition> | null)?.ref;
      if (typeof ref === 'string') all.set(ref, all.size);
    }
    left.push(...listOf(states).toReversed());
  }
  places.set(chart, all);
  return all;
}

/** The counts after these transitions were taken; what the chart does not have is not counted. */
export function counted(chart: Chart, counts: Counts, taken: readonly TransitionRef[]): Counts {
  if (taken.length === 0) return counts;
  const all = placesOf(chart);
  const next = counts.length === all.size ? counts.slice() : Array.from(all, (_, place) => counts[place] ?? 0);
  for (const ref of taken) {
    const place = all.get(ref);
    if (place !== undefined) next[place] = (next[place] ?? 0) + 1;
  }
  return next;
}

/** How often a transition was taken. */
export const countOf = (chart: Chart, counts: Counts, ref: TransitionRef): number =>
  counts[placesOf(chart).get(ref) ?? -1] ?? 0;

/** How many shades of heat there are. */
export const SHADES = 4;

/** From 1, seldom, to `SHADES`, the most often taken: each shade is several times as often as the one before. */
export function heatOf(count: number, most: number): number {
  if (count <= 0) return 0;
  return most <= 1 ? 1 : Math.min(SHADES, 1 + Math.floor((Math.log(count) / Math.log(most)) * SHADES * 0.999));
}
