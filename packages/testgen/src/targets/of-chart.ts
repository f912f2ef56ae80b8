import type { TransitionRef } from '@synod/protocol';
import type { ActorPath } from '../test-case.ts';
import { beneath, type ChartIndex, type IndexedState, nameOf } from './chart-index.ts';
import { followers } from './follow.ts';
import type { CoverageKind, Target } from './target.ts';
import { transitionTitle } from './titles.ts';

/** More combinations of one parallel state than this, and those of every two of its regions are asked for instead of all. */
const MOST_COMBINATIONS = 256;

/** The targets that the charts themselves give, in document order, of one kind. */
export function targetsOf(
  kind: CoverageKind,
  actor: ActorPath,
  index: ChartIndex,
  conditions: ReadonlyMap<TransitionRef, readonly string[]> = new Map(),
): readonly Target[] {
  const named = (title: string) => (actor === '' ? title : `${actor}: ${title}`);
  const common = (id: string, title: string) => ({ id: `${kind}|${actor}|${id}`, title: named(title), actor });
  switch (kind) {
    case 'states':
      return [...index.states.values()]
        .filter(({ state, parent }) => state.kind !== 'history' && (parent !== undefined || state.states.length === 0))
        .map((state) => ({ ...common(state.state.id, nameOf(state)), kind, state: state.state.id }));
    case 'transitions':
    case 'delays':
      return [...index.transitions.values()]
        .filter(({ transition }) => kind === 'transitions' || transition.kind === 'after')
        .map((each) => {
          const { ref } = each.transition;
          return { ...common(ref, transitionTitle(index, each)), kind, transition: ref };
        });
    case 'pairs':
      return [...followers(index)].flatMap(([first, seconds]) =>
        seconds.map((second) => {
          const titles = [first, second].map((ref) => {
            const indexed = index.transitions.get(ref);
            return indexed ? transitionTitle(index, indexed) : ref;
          });
          return { ...common(`${first}>${second}`, titles.join(', then ')), kind, first, second };
        }),
      );
    case 'guards':
      return [...index.transitions.values()]
        .filter(({ transition }) => transition.guard !== undefined)
        .flatMap(({ transition: { ref } }) =>
          ['', ...(conditions.get(ref) ?? [])].flatMap((condition) => guardTargets(actor, index, ref, condition)),
        );
    case 'regions':
      return [...index.states.values()]
        .filter(({ state }) => state.kind === 'parallel')
        .flatMap((parallel) =>
          combinations(parallel).map((states) => ({
            ...common(states.map(({ state }) => state.id).join('+'), states.map(nameOf).join(' with ')),
            kind,
            states: states.map(({ state }) => state.id),
          })),
        );
    case 'effects':
    case 'sometimes':
      return [];
  }
}

/** A guard, or one of its conditions, true and false. */
export function guardTargets(actor: ActorPath, index: ChartIndex, transition: string, condition: string): Target[] {
  const indexed = index.transitions.get(transition);
  const title = indexed ? transitionTitle(index, indexed) : transition;
  return [true, false].map((outcome) => ({
    id: `guards|${actor}|${transition}|${condition}|${outcome}`,
    title: `${actor === '' ? '' : `${actor}: `}${condition === '' ? 'guard' : `condition ${condition}`} ${outcome} of ${title}`,
    actor,
    kind: 'guards',
    transition,
    condition,
    outcome,
  }));
}

/** One state of each region, all at once; of every two regions where those are too many. */
function combinations(parallel: IndexedState): readonly (readonly IndexedState[])[] {
  const regions = parallel.children.filter(({ state }) => state.kind !== 'history').map(leaves);
  const all = regions.reduce((product, region) => product * region.length, 1);
  if (regions.length < 2) return [];
  if (all <= MOST_COMBINATIONS) return product(regions);
  return regions.flatMap((one, at) => regions.slice(at + 1).flatMap((other) => product([one, other])));
}

const product = (regions: readonly (readonly IndexedState[])[]): readonly (readonly IndexedState[])[] =>
  regions.reduce<readonly (readonly IndexedState[])[]>(
    (so, region) => so.flatMap((states) => region.map((state) => [...states, state])),
    [[]],
  );

/** The states of a region in which it can rest; a parallel state within it counts as one. */
const leaves = (region: IndexedState): readonly IndexedState[] =>
  beneath(region).filter(
    (each) =>
      (each.state.kind === 'parallel' || each.state.kind === 'atomic' || each.state.kind === 'final') &&
      !isInnerRegion(each, region),
  );

const isInnerRegion = (state: IndexedState, region: IndexedState): boolean => {
  for (let at = state.parent; at && at !== region.parent; at = at.parent) if (at.state.kind === 'parallel') return true;
  return false;
};
