import { byName } from '../world/by-name.ts';
import type { Lane, Marks } from './marks.ts';

/** Lanes that are drawn at most. */
export const MOST_LANES = 100;

export interface LaneChoice {
  readonly lanes: readonly Lane[];
  /** Lanes that are not shown since nothing goes to them or comes from them. */
  readonly quiet: number;
  /** Lanes that are not shown since there are too many: those with the least traffic. */
  readonly beyond: number;
}

/** The lanes that are shown, by the names of nodes. */
export function lanesOf(marks: Marks, hidesQuiet: boolean): LaneChoice {
  const all = [...marks.lanes.values()];
  const busy = hidesQuiet ? all.filter(({ traffic }) => traffic > 0) : all;
  const kept = busy.length > MOST_LANES ? [...busy].sort((a, b) => b.traffic - a.traffic).slice(0, MOST_LANES) : busy;
  // Actors of a node stand as they came: those that spawned others before them.
  const order = new Map(all.map((lane, at) => [lane, at]));
  const came = (lane: Lane): number => order.get(lane) ?? 0;
  const lanes = [...kept].sort((a, b) => byName(a.node, b.node) || came(a) - came(b));
  return { lanes, quiet: all.length - busy.length, beyond: busy.length - kept.length };
}
