import type { Chart, ChartState, ChartTransition, TransitionRef } from '@synod/protocol';
import type { StateValue } from 'xstate';

/** A state of a chart and what stands around it. */
export interface IndexedState {
  readonly state: ChartState;
  readonly parent: IndexedState | undefined;
  readonly children: readonly IndexedState[];
  /** Its place in the document. */
  readonly order: number;
}

/** A transition of a chart and the state that it belongs to. */
export interface IndexedTransition {
  readonly transition: ChartTransition;
  readonly source: IndexedState;
  /** Its place in the document. */
  readonly order: number;
}

/** A chart made quick to ask. */
export class ChartIndex {
  readonly root: IndexedState;
  readonly states: ReadonlyMap<string, IndexedState>;
  readonly transitions: ReadonlyMap<TransitionRef, IndexedTransition>;

  constructor(chart: Chart) {
    const states = new Map<string, IndexedState>();
    const transitions = new Map<TransitionRef, IndexedTransition>();
    const add = (state: ChartState, parent: IndexedState | undefined): IndexedState => {
      const children: IndexedState[] = [];
      const indexed: IndexedState = { state, parent, children, order: states.size };
      states.set(state.id, indexed);
      for (const transition of state.transitions)
        transitions.set(transition.ref, { transition, source: indexed, order: transitions.size });
      for (const child of state.states) children.push(add(child, indexed));
      return indexed;
    };
    this.root = add(chart.root, undefined);
    this.states = states;
    this.transitions = transitions;
  }

  /** The ids of all states that are active in a state value. */
  active(value: StateValue): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (at: IndexedState, inside: StateValue | undefined): void => {
      found.add(at.state.id);
      if (inside === undefined) return;
      const parts = typeof inside === 'string' ? [[inside, undefined] as const] : Object.entries(inside);
      for (const [key, deeper] of parts) {
        const child = at.children.find(({ state }) => state.key === key);
        if (child) visit(child, deeper);
      }
    };
    visit(this.root, value);
    return found;
  }

  /** What surely is active right after a transition, as far as the chart alone tells; for one that stays where it is, its source. */
  entered(ref: TransitionRef): ReadonlySet<string> {
    const known = this.#entered.get(ref);
    if (known) return known;
    const found = new Set<string>();
    const indexed = this.transitions.get(ref);
    if (indexed) {
      const targets = indexed.transition.targets.flatMap((id) => this.states.get(id) ?? []);
      for (const at of targets.length > 0 ? targets : [indexed.source]) {
        for (const ancestor of ancestorsOf(at)) found.add(ancestor.state.id);
        if (targets.length > 0) for (const inner of descent(at)) found.add(inner.state.id);
      }
    }
    this.#entered.set(ref, found);
    return found;
  }

  /** What a transition may enter where history decides: any state beneath the parent of a history state among its targets. */
  remembered(ref: TransitionRef): ReadonlySet<string> {
    const targets = this.transitions.get(ref)?.transition.targets ?? [];
    const parents = targets.flatMap((id) => {
      const target = this.states.get(id);
      return target?.state.kind === 'history' && target.parent ? [target.parent] : [];
    });
    return new Set(parents.flatMap((parent) => beneath(parent).map(({ state }) => state.id)));
  }

  readonly #entered = new Map<TransitionRef, ReadonlySet<string>>();
}

/** A state and all above it, from the inside to the root. */
export function ancestorsOf(state: IndexedState): readonly IndexedState[] {
  const found: IndexedState[] = [];
  for (let at: IndexedState | undefined = state; at; at = at.parent) found.push(at);
  return found;
}

/** A state and all beneath it, in document order. */
export const beneath = (state: IndexedState): readonly IndexedState[] => [state, ...state.children.flatMap(beneath)];

/** What entering a state enters by itself: initial children, and all regions. History stands for its parent. */
export function descent(at: IndexedState): readonly IndexedState[] {
  if (at.state.kind === 'history') return at.parent ? [at.parent] : [];
  if (at.state.kind === 'parallel')
    return [at, ...at.children.filter(({ state }) => state.kind !== 'history').flatMap(descent)];
  const initial = at.children.find(({ state }) => state.id === at.state.initial);
  return initial ? [at, ...descent(initial)] : [at];
}

/** Whether two states lie in different regions of one parallel state, so that either is active without regard to the other. */
export function isOrthogonal(a: IndexedState, b: IndexedState): boolean {
  const above = new Set(ancestorsOf(a));
  const common = ancestorsOf(b).find((each) => above.has(each));
  return common?.state.kind === 'parallel' && common !== a && common !== b;
}

/** A state's name within its chart: `leader.idle` for `raft.leader.idle`; the chart's own for its root. */
export function nameOf(state: IndexedState): string {
  const keys = ancestorsOf(state)
    .slice(0, -1)
    .map((each) => each.state.key)
    .reverse();
  return keys.length > 0 ? keys.join('.') : state.state.key;
}
