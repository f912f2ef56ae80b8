import { childrenOf, isDescendant, properAncestors, type StateNode, type Transition } from './nodes.ts';

// Which states transitions leave and enter: the procedures of the SCXML recommendation, appendix D, as XState has them, without history.

/** The innermost state that a transition leaves standing; undefined when it leaves and enters the whole chart. */
function domainOf({ source, target = [], reenter }: Transition): StateNode | undefined {
  if (!reenter && target.every((state) => state === source || isDescendant(state, source))) return source;
  const [head = source, ...others] = target;
  const tail = [...others, source];
  const common = properAncestors(head, undefined).find((ancestor) =>
    tail.every((state) => isDescendant(state, ancestor)),
  );
  if (common) return common;
  if (reenter) return undefined;
  let root = source;
  while (root.parent) root = root.parent;
  return root;
}

/** The active states that `transitions` leave. */
export function exitSet(transitions: readonly Transition[], active: Iterable<StateNode>): Set<StateNode> {
  const left = new Set<StateNode>();
  for (const transition of transitions) {
    if (!transition.target?.length) continue;
    const domain = domainOf(transition);
    if (domain && transition.reenter && transition.source === domain) left.add(domain);
    for (const state of active) if (isDescendant(state, domain)) left.add(state);
  }
  return left;
}

/** Of transitions in parallel regions that would leave the same states, those that take place. */
export function withoutConflicts(transitions: readonly Transition[], active: readonly StateNode[]): Transition[] {
  const kept = new Set<Transition>();
  for (const transition of transitions) {
    const left = exitSet([transition], active);
    const preempted: Transition[] = [];
    let isPreempted = false;
    for (const other of kept) {
      if (![...exitSet([other], active)].some((state) => left.has(state))) continue;
      if (!isDescendant(transition.source, other.source)) {
        isPreempted = true;
        break;
      }
      preempted.push(other);
    }
    if (isPreempted) continue;
    for (const other of preempted) kept.delete(other);
    kept.add(transition);
  }
  return [...kept];
}

/** The states that transitions enter. */
export class EntrySet {
  readonly states = new Set<StateNode>();
  /** Those whose initial transition is taken: it may have actions. */
  readonly byDefault = new Set<StateNode>();

  constructor(transitions: readonly Transition[]) {
    for (const transition of transitions) this.#add(transition);
  }

  #add(transition: Transition): void {
    const { source, target = [], reenter } = transition;
    const domain = domainOf(transition);
    for (const state of target) {
      if (state !== source || domain !== source || reenter) this.#enter(state);
      this.#addDescendants(state);
    }
    for (const state of target) {
      const ancestors = properAncestors(state, domain);
      if (domain?.type === 'parallel') ancestors.push(domain);
      this.#addAncestors(ancestors, !source.parent && reenter ? undefined : domain);
    }
  }

  #enter(state: StateNode): void {
    this.states.add(state);
    this.byDefault.add(state);
  }

  #addDescendants(state: StateNode): void {
    if (state.type === 'compound') {
      const initial = state.initial.target?.[0] as StateNode;
      this.#enter(initial);
      this.#addDescendants(initial);
      this.#addAncestors(properAncestors(initial, state), undefined);
    } else if (state.type === 'parallel') {
      for (const region of childrenOf(state)) {
        if (this.#isEntered(region)) continue;
        this.#enter(region);
        this.#addDescendants(region);
      }
    }
  }

  #addAncestors(ancestors: readonly StateNode[], within: StateNode | undefined): void {
    for (const ancestor of ancestors) {
      if (!within || isDescendant(ancestor, within)) this.states.add(ancestor);
      if (ancestor.type !== 'parallel') continue;
      for (const region of childrenOf(ancestor)) {
        if (this.#isEntered(region)) continue;
        this.states.add(region);
        this.#addDescendants(region);
      }
    }
  }

  /** Whether something below a region is entered already. */
  #isEntered(region: StateNode): boolean {
    return [...this.states].some((state) => isDescendant(state, region));
  }
}
