import type { Chart, ChartState, ChartTransition } from '@synod/protocol';
import type { Tally } from '../../../src/story/tally.ts';

/** How often each transition of a machine was taken. */
export interface Coverage {
  readonly machine: string;
  readonly transitions: readonly { readonly transition: ChartTransition; readonly count: number }[];
  /** How many were taken at all. */
  readonly taken: number;
}

const transitionsIn = (state: ChartState): ChartTransition[] => [
  ...state.transitions,
  ...state.states.flatMap(transitionsIn),
];

/** The coverage of each machine; in a machine, what was taken most comes first, and what was never taken last. */
export function coverageOf(charts: Iterable<Chart>, taken: ReadonlyMap<string, number>): Coverage[] {
  return [...charts].map(({ id, root }) => {
    const transitions = transitionsIn(root)
      .map((transition) => ({ transition, count: taken.get(transition.ref) ?? 0 }))
      .sort((a, b) => b.count - a.count);
    return { machine: id, transitions, taken: transitions.filter(({ count }) => count > 0).length };
  });
}

const known = new WeakMap<Tally, { spawns: number; readonly charts: Map<string, Chart> }>();

/** The charts of the actors that began in what was counted, by their ids; each record is read once. */
export function chartsIn(tally: Tally): ReadonlyMap<string, Chart> {
  const { story, spawns } = tally;
  const seen = known.get(tally) ?? { spawns: 0, charts: new Map<string, Chart>() };
  known.set(tally, seen);
  for (; seen.spawns < spawns.length; seen.spawns++) {
    const index = spawns[seen.spawns] as number;
    const record = index >= story.first ? story.record(index) : undefined;
    if (record?.type === 'spawn') seen.charts.set(record.chart.id, record.chart);
  }
  return seen.charts;
}
