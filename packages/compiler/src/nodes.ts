import type { AnyStateMachine } from 'xstate';

// The parts of XState's state nodes and built-in actions that the compiler reads (5.33; held to it by test/equivalence.test.ts).

/** A state of a chart. */
export interface StateNode {
  readonly id: string;
  readonly key: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Its place in document order. */
  readonly order: number;
  readonly parent?: StateNode;
  readonly states: Readonly<Record<string, StateNode>>;
  readonly initial: Transition;
  /** With what sets its timers at the end of `entry`, and what cancels them at the end of `exit`. */
  readonly entry: readonly ActionSource[];
  readonly exit: readonly ActionSource[];
  /** By event descriptor. */
  readonly transitions: ReadonlyMap<string, readonly Transition[]>;
  readonly always?: readonly Transition[];
  readonly tags: readonly string[];
  readonly output?: unknown;
  readonly invoke: readonly Invoke[];
}

/** An actor that a state starts when it is entered, and stops when it is left. */
export interface Invoke {
  readonly id: string;
  readonly src: unknown;
  readonly onSnapshot?: unknown;
}

export interface Transition {
  readonly source: StateNode;
  readonly target?: readonly StateNode[] | undefined;
  readonly actions: readonly ActionSource[];
  readonly guard?: GuardSource;
  readonly reenter: boolean;
  readonly eventType: string | null;
}

/** What stands in a chart where a guard or an action belongs. */
export type GuardSource = string | Reference | Code | undefined;
export type ActionSource = string | Reference | Code;

/** A name, with parameters. */
export interface Reference {
  readonly type: string;
  readonly params?: unknown;
}

/** A function of the chart's author, or one of XState's built-ins, which carry what they do as fields. */
export interface Code {
  (args: object, params: unknown): unknown;
  readonly type?: string;
  readonly resolve?: unknown;
  readonly check?: (snapshot: unknown, args: object, guard: unknown) => unknown;
  readonly guards?: readonly GuardSource[];
  readonly execute?: (scope: unknown, params: unknown) => void;
  readonly assignment?: unknown;
  readonly event?: unknown;
  readonly id?: string;
  readonly delay?: unknown;
  readonly sendId?: unknown;
  readonly collect?: (args: object, params: unknown) => void;
  readonly value?: unknown;
  readonly label?: string;
}

/** Names, and what they stand for. */
export interface Implementations {
  readonly actions: Readonly<Record<string, Code | undefined>>;
  readonly guards: Readonly<Record<string, Code | Reference | string | undefined>>;
  readonly delays: Readonly<Record<string, unknown>>;
}

export const rootOf = (machine: AnyStateMachine): StateNode => machine.root as unknown as StateNode;

export const implementationsOf = (machine: AnyStateMachine): Implementations =>
  machine.implementations as unknown as Implementations;

/** A state and all below it, in document order. */
export function* descendants(node: StateNode): Generator<StateNode> {
  yield node;
  for (const child of Object.values(node.states)) yield* descendants(child);
}

export const childrenOf = (node: StateNode): StateNode[] => Object.values(node.states);

export const isAtomic = ({ type }: StateNode): boolean => type === 'atomic' || type === 'final';

/** Whether `node` lies below `ancestor`; all lies below what is no state. */
export function isDescendant(node: StateNode, ancestor: StateNode | undefined): boolean {
  for (let at = node.parent; at; at = at.parent) if (at === ancestor) return true;
  return ancestor === undefined;
}

/** The states around `node`, innermost first, up to but without `end`. */
export function properAncestors(node: StateNode, end: StateNode | undefined): StateNode[] {
  const ancestors: StateNode[] = [];
  if (node === end) return ancestors;
  for (let at = node.parent; at && at !== end; at = at.parent) ancestors.push(at);
  return ancestors;
}

/** Whether the states `active` have brought `node` to its end. */
export function isInFinalState(active: ReadonlySet<StateNode>, node: StateNode): boolean {
  if (node.type === 'compound') return childrenOf(node).some((child) => child.type === 'final' && active.has(child));
  if (node.type === 'parallel') return childrenOf(node).every((child) => isInFinalState(active, child));
  return node.type === 'final';
}
