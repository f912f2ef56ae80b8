import type { Chart, TransitionRef } from '@synod/protocol';
import type { StateValue } from 'xstate';
import type { ActorPath } from '../test-case.ts';
import { ChartIndex } from './chart-index.ts';
import { type DeadParts, deadParts } from './dead.ts';
import type { Target } from './target.ts';

/** What is known of one machine's chart, and of what a search met in it. */
export interface ChartFacts {
  readonly actor: ActorPath;
  readonly index: ChartIndex;
  readonly followers: ReadonlyMap<TransitionRef, readonly TransitionRef[]>;
  /** By state value, which many worlds share, and by what it says. */
  readonly active: { readonly byObject: WeakMap<object, Active>; readonly byText: Map<string, Active> };
  readonly taken: Map<TransitionRef, Part>;
  readonly dead: DeadParts;
  readonly regions: readonly Extract<Target, { kind: 'regions' }>[];
}

/** What comes with a transition, or with states: worked out when it is first met, and from then on seen. */
export interface Part {
  /** Targets. */
  readonly covers: readonly string[];
  /** The same when it comes at the end of a wait. */
  readonly coversByTime: readonly string[];
}

export interface Active extends Pick<Part, 'covers'> {
  readonly ids: ReadonlySet<string>;
}

/** A machine of a world. */
export interface Running {
  readonly actor: ActorPath;
  readonly facts: ChartFacts;
  readonly value: StateValue;
}

const proven = new WeakMap<Chart, Pick<ChartFacts, 'index' | 'dead'>>();

/** What a chart proves by itself, whoever searches it and for what. */
export function provenOf(chart: Chart): Pick<ChartFacts, 'index' | 'dead'> {
  const known = proven.get(chart);
  if (known) return known;
  const index = new ChartIndex(chart);
  const found = { index, dead: deadParts(index) };
  proven.set(chart, found);
  return found;
}

const NONE: readonly string[] = [];

/** All of several lists, each once. */
export function union(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length < 2 ? (filled[0] ?? NONE) : [...new Set(filled.flat())];
}

export const NO_FOLLOWERS: ChartFacts['followers'] = new Map();
