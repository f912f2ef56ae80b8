import type { AnyStateMachine } from 'xstate';

/** A statechart as plain JSON, in document order: what an inspector draws and what a trace's transition names refer to. */
export interface Chart {
  readonly id: string;
  readonly root: ChartState;
}

export interface ChartState {
  /** XState's id of the state, for example `raft.follower`. */
  readonly id: string;
  readonly key: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** The id of the initial child of a compound state. */
  readonly initial?: string;
  /** Of a history state: how much of its parent's last state it stands for. */
  readonly history?: 'shallow' | 'deep';
  readonly description?: string;
  readonly tags: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly transitions: readonly ChartTransition[];
  readonly states: readonly ChartState[];
}

export interface ChartTransition {
  readonly ref: TransitionRef;
  readonly kind: 'event' | 'after' | 'always';
  /** The event's type, `*`, the name of the delay, or the empty string for `always`. */
  readonly event: string;
  readonly guard?: string;
  readonly actions: readonly string[];
  /** Ids of the target states; none for a transition that stays where it is. */
  readonly targets: readonly string[];
  readonly reenter: boolean;
  readonly description?: string;
}

/** Names a transition of a chart for good: source state, event and position among that event's candidates. */
export type TransitionRef = string;

// The parts of XState's state nodes that are read here (5.33).
interface Node {
  readonly id: string;
  readonly key: string;
  readonly type: ChartState['kind'];
  readonly history?: 'shallow' | 'deep' | false;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly config: { readonly entry?: unknown; readonly exit?: unknown };
  readonly initial?: { readonly target: readonly Node[] };
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Definition[]>;
  readonly always?: readonly Definition[];
}

interface Definition {
  readonly eventType: string;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly target?: readonly Node[];
  readonly reenter: boolean;
  readonly delay?: number | string;
  readonly description?: string;
}

const root = (machine: AnyStateMachine): Node => machine.root as unknown as Node;

/** The transitions of a state in document order, each with its name. */
function* definitions(node: Node): Generator<[TransitionRef, Definition]> {
  for (const [event, candidates] of node.transitions) {
    for (const [index, definition] of candidates.entries()) yield [`${node.id}#${event}[${index}]`, definition];
  }
  for (const [index, definition] of (node.always ?? []).entries()) yield [`${node.id}#always[${index}]`, definition];
}

/** The chart of `machine`. */
export function chartOf(machine: AnyStateMachine): Chart {
  return { id: machine.id, root: state(root(machine)) };
}

/** A look-up from XState's own transition objects to their names in the chart. */
export function transitionRefs(machine: AnyStateMachine): (definition: object) => TransitionRef {
  const refs = new WeakMap<object, TransitionRef>();
  const visit = (node: Node): void => {
    for (const [ref, definition] of definitions(node)) refs.set(definition, ref);
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(root(machine));
  return (definition) => refs.get(definition) ?? `${machine.id}#initial`;
}

function state(node: Node): ChartState {
  return {
    id: node.id,
    key: node.key,
    kind: node.type,
    ...(node.type === 'compound' && node.initial?.target[0] ? { initial: node.initial.target[0].id } : {}),
    ...(node.type === 'history' && node.history ? { history: node.history } : {}),
    ...(node.description ? { description: node.description } : {}),
    tags: node.tags,
    entry: actionNames(node.config.entry),
    exit: actionNames(node.config.exit),
    transitions: [...definitions(node)].map(([ref, definition]) => transition(ref, definition)),
    states: Object.values(node.states).map(state),
  };
}

function transition(ref: TransitionRef, definition: Definition): ChartTransition {
  const always = definition.eventType === '';
  return {
    ref,
    kind: always ? 'always' : definition.delay === undefined ? 'event' : 'after',
    event: definition.delay === undefined ? definition.eventType : String(definition.delay),
    ...(definition.guard === undefined ? {} : { guard: guardName(definition.guard) }),
    actions: actionNames(definition.actions),
    targets: (definition.target ?? []).map((target) => target.id),
    reenter: definition.reenter,
    ...(definition.description ? { description: definition.description } : {}),
  };
}

const toArray = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Names of actions as the chart's author wrote them; an inline built-in shows as its kind, `assign` or `emit`. */
const actionNames = (actions: unknown): string[] => toArray(actions).map(name);

export function name(part: unknown): string {
  if (typeof part === 'string') return part;
  const { type, name: functionName } = part as { type?: string; name?: string };
  return (type ?? functionName ?? '').replace(/^xstate\./, '') || '(inline)';
}

/** `and` and `or` guards spelt out, and `not`: functions of XState's that carry the guards they combine. */
function guardName(guard: unknown): string {
  const { name: operator, guards } = guard as { name?: string; guards?: readonly unknown[] };
  if (!guards) return name(guard);
  const parts = guards.map(guardName);
  return operator === 'not' ? `not ${parts[0]}` : parts.join(` ${operator} `);
}
