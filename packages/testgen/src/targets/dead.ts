import type { TransitionRef } from '@synod/protocol';
import {
  ancestorsOf,
  beneath,
  type ChartIndex,
  descent,
  type IndexedState,
  type IndexedTransition,
  nameOf,
} from './chart-index.ts';
import type { Target } from './target.ts';
import { triggerOf } from './titles.ts';

/** What a chart proves by itself, whatever guards, events and contexts may be. */
export interface DeadParts {
  /** States that no path of the chart leads to. */
  readonly states: ReadonlySet<string>;
  /** Transitions that can never be taken, and why. */
  readonly transitions: ReadonlyMap<TransitionRef, string>;
}

/** The dead parts of a chart. Says dead of nothing that might live. */
export function deadParts(index: ChartIndex): DeadParts {
  const dead = new Map<TransitionRef, string>();
  for (const [ref, indexed] of index.transitions) {
    const reason = shadowed(index, indexed);
    if (reason !== undefined) dead.set(ref, reason);
  }
  const reachable = reachableStates(index, dead);
  for (const [ref, { source, transition }] of index.transitions) {
    if (dead.has(ref)) continue;
    if (!reachable.has(source.state.id)) dead.set(ref, `no path of the chart leads to ${nameOf(source)}`);
    else if (!canFinish(index, transition.event, reachable))
      dead.set(ref, `${triggerOf(transition)} never comes: no final state in it can be reached`);
  }
  const states = [...index.states.keys()].filter((id) => !reachable.has(id));
  return { states: new Set(states), transitions: dead };
}

/** Whether nothing can ever cover a target, as the chart proves. */
export function isDead(target: Target, { states, transitions }: DeadParts): boolean {
  switch (target.kind) {
    case 'states':
      return states.has(target.state);
    case 'transitions':
    case 'delays':
    case 'guards':
      return transitions.has(target.transition);
    case 'pairs':
      return transitions.has(target.first) || transitions.has(target.second);
    case 'regions':
      return target.states.some((state) => states.has(state));
    case 'effects':
    case 'sometimes':
      return false;
  }
}

function reachableStates(index: ChartIndex, dead: ReadonlyMap<TransitionRef, string>): ReadonlySet<string> {
  const reached = new Set(descent(index.root).map(({ state }) => state.id));
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const [ref, { transition, source }] of index.transitions) {
      if (dead.has(ref) || !reached.has(source.state.id) || !canFinish(index, transition.event, reached)) continue;
      for (const id of transition.targets) for (const state of enteredBy(index, id)) reached.add(state.state.id);
    }
  }
  return reached;
}

/** All that entering a state may enter; history may enter anything beneath its parent. */
function enteredBy(index: ChartIndex, id: string): readonly IndexedState[] {
  const target = index.states.get(id);
  if (!target) return [];
  const inner = target.state.kind === 'history' && target.parent ? beneath(target.parent) : descent(target);
  const above = ancestorsOf(target);
  // Entering one region of a parallel state enters the others.
  const beside = above.filter(({ state }) => state.kind === 'parallel').flatMap((parallel) => descent(parallel));
  return [...above, ...inner, ...beside];
}

/** Whether the state whose end an event reports can come to its end. True of any other event. */
function canFinish(index: ChartIndex, event: string, reached: ReadonlySet<string>): boolean {
  const of = event.startsWith('xstate.done.state.')
    ? index.states.get(event.slice('xstate.done.state.'.length))
    : undefined;
  return of === undefined || finishes(of, reached);
}

function finishes({ state, children }: IndexedState, reached: ReadonlySet<string>): boolean {
  const real = children.filter((child) => child.state.kind !== 'history');
  if (state.kind === 'parallel') return real.every((region) => finishes(region, reached));
  if (state.kind === 'compound')
    return real.some((child) => child.state.kind === 'final' && reached.has(child.state.id));
  return state.kind === 'final';
}

/** Why a transition never has its turn: something before it always takes its event. */
function shadowed(index: ChartIndex, { transition, source }: IndexedTransition): string | undefined {
  const candidates = [...index.transitions.values()].filter(
    (each) =>
      each.source === source && each.transition.kind === transition.kind && each.transition.event === transition.event,
  );
  const first = candidates.find((each) => each.transition.guard === undefined);
  if (first && first.transition.ref !== transition.ref && first.order < ofRef(index, transition.ref))
    return `an earlier candidate without a guard always takes ${triggerOf(transition)} in ${nameOf(source)}`;
  const leaver = transition.kind === 'always' ? undefined : leftAtOnce(index, source);
  if (leaver) return `${nameOf(leaver)} is left at once, by an always without a guard`;
  if (transition.kind === 'event' && !transition.event.includes('*') && childrenTake(index, source, transition.event))
    return `inside ${nameOf(source)}, ${triggerOf(transition)} is always taken without a guard`;
  return undefined;
}

const ofRef = (index: ChartIndex, ref: TransitionRef): number => index.transitions.get(ref)?.order ?? 0;

/** The state, this one or one above it, that the chart never rests in. */
function leftAtOnce(index: ChartIndex, source: IndexedState): IndexedState | undefined {
  const above = ancestorsOf(source);
  if (above.some(({ state }) => state.kind === 'parallel')) return undefined;
  return above.find((state) => {
    const inside = new Set(beneath(state));
    if ([...inside].some((each) => each !== state && (each.state.kind === 'parallel' || hasAlways(each)))) return false;
    const first = state.state.transitions.find(({ kind, guard }) => kind === 'always' && guard === undefined);
    return (
      first !== undefined &&
      first.targets.length > 0 &&
      first.targets.every((id) => {
        const target = index.states.get(id);
        return target !== undefined && !inside.has(target);
      })
    );
  });
}

const hasAlways = ({ state }: IndexedState): boolean => state.transitions.some(({ kind }) => kind === 'always');

/** Whether, whatever is active beneath a state, something there takes the event. */
function childrenTake(index: ChartIndex, { state, children }: IndexedState, event: string): boolean {
  const real = children.filter((child) => child.state.kind !== 'history');
  if (real.length === 0) return false;
  const takes = (child: IndexedState): boolean =>
    child.state.transitions.some(
      ({ kind, event: own, guard }) => kind === 'event' && guard === undefined && own === event,
    ) || childrenTake(index, child, event);
  return state.kind === 'parallel' ? real.some(takes) : real.every(takes);
}
