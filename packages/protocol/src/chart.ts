import type { AnyStateMachine } from 'xstate';
import type { ProtocolView } from './protocol-view.ts';

/** A statechart as plain JSON, in document order: what an inspector draws and what a trace's transition names refer to. */
export interface Chart {
  readonly id: string;
  readonly root: ChartState;
  /** What of its context may be drawn beside it, where its protocol says so. */
  readonly view?: ProtocolView;
}

export interface ChartState {
  /** XState's id of the state, for example `raft.follower`. */
  readonly id: string;
  readonly key: string;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** The id of the initial child of a compound state. */
  readonly initial?: string;
  /** Of a history state: whether it remembers its parent's active child alone, or all that was active within. */
  readonly history?: 'shallow' | 'deep';
  /** Of a history state with a target of its own: ids of the states that are entered while nothing is remembered. */
  readonly otherwise?: readonly string[];
  /** Actors that live as long as the state is active. Absent where there are none. */
  readonly invoke?: readonly ChartInvocation[];
  /** Of a final state that hands an output on. */
  readonly output?: true;
  readonly description?: string;
  /** Where the state is described, as its author says in `meta.source`: an address, a section of a paper, a file and line. */
  readonly source?: string;
  readonly tags: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly transitions: readonly ChartTransition[];
  readonly states: readonly ChartState[];
}

export interface ChartInvocation {
  readonly id: string;
  /** The name of the actor's logic, or `(inline)`. */
  readonly src: string;
}

export interface ChartTransition {
  readonly ref: TransitionRef;
  readonly kind: 'event' | 'after' | 'always';
  /** The event's type, `*`, the name of the delay, or the empty string for `always`. */
  readonly event: string;
  /** Of an `after` whose delay is a number and no function: the delay in milliseconds. */
  readonly delayMs?: number;
  readonly guard?: string;
  readonly actions: readonly string[];
  /** Ids of the target states; none for a transition that stays where it is. */
  readonly targets: readonly string[];
  readonly reenter: boolean;
  readonly description?: string;
  /** As of a state. */
  readonly source?: string;
}

/** Names a transition of a chart for good: source state, event and position among that event's candidates. */
export type TransitionRef = string;

// The parts of XState's state nodes that are read here (5.33).
interface Node {
  readonly id: string;
  readonly key: string;
  readonly type: ChartState['kind'];
  readonly description?: string;
  readonly tags: readonly string[];
  readonly config: {
    readonly entry?: unknown;
    readonly exit?: unknown;
    readonly output?: unknown;
    readonly target?: unknown;
  };
  readonly history?: 'shallow' | 'deep' | false;
  readonly meta?: unknown;
  readonly parent?: Node;
  readonly machine: { getStateNodeById(id: string): { readonly id: string } };
  readonly invoke: readonly { readonly id: string; readonly src: unknown }[];
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
  readonly meta?: unknown;
}

const root = (machine: AnyStateMachine): Node => machine.root as unknown as Node;

/** The transitions of a state in document order, each with its name. */
function* definitions(node: Node): Generator<[TransitionRef, Definition]> {
  for (const [event, candidates] of node.transitions) {
    for (const [index, definition] of candidates.entries()) yield [`${node.id}#${event}[${index}]`, definition];
  }
  for (const [index, definition] of (node.always ?? []).entries()) yield [`${node.id}#always[${index}]`, definition];
}

/** The chart of `machine`, and the view that its protocol declares. */
export function chartOf(machine: AnyStateMachine, view?: ProtocolView): Chart {
  const { delays } = machine.implementations as { delays: Readonly<Record<string, unknown>> };
  return {
    id: machine.id,
    root: state(root(machine), (name) => (Object.hasOwn(delays, name) ? delays[name] : Number(name))),
    ...(view && { view }),
  };
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

/** The delay of an `after`: a number, or what the machine computes it with. */
type DelayOf = (delay: string) => unknown;

function state(node: Node, delayOf: DelayOf): ChartState {
  const otherwise = node.type === 'history' ? historyTargets(node) : [];
  return {
    id: node.id,
    key: node.key,
    kind: node.type,
    ...(node.type === 'compound' && node.initial?.target[0] ? { initial: node.initial.target[0].id } : {}),
    ...(node.type === 'history' ? { history: node.history || 'shallow' } : {}),
    ...(otherwise.length > 0 ? { otherwise } : {}),
    ...(node.invoke.length > 0 ? { invoke: node.invoke.map(invocation) } : {}),
    ...(node.type === 'final' && node.config.output !== undefined ? { output: true as const } : {}),
    ...(node.description ? { description: node.description } : {}),
    ...sourceOf(node.meta),
    tags: node.tags,
    entry: actionNames(node.config.entry),
    exit: actionNames(node.config.exit),
    transitions: [...definitions(node)].map(([ref, definition]) => transition(ref, definition, delayOf)),
    states: Object.values(node.states).map((child) => state(child, delayOf)),
  };
}

function transition(ref: TransitionRef, definition: Definition, delayOf: DelayOf): ChartTransition {
  const always = definition.eventType === '';
  const { delay } = definition;
  const delayMs = delay === undefined ? undefined : delayOf(String(delay));
  return {
    ref,
    kind: always ? 'always' : delay === undefined ? 'event' : 'after',
    event: delay === undefined ? definition.eventType : String(delay),
    ...(typeof delayMs === 'number' && Number.isFinite(delayMs) ? { delayMs } : {}),
    ...(definition.guard === undefined ? {} : { guard: guardName(definition.guard) }),
    actions: actionNames(definition.actions),
    targets: (definition.target ?? []).map((target) => target.id),
    reenter: definition.reenter,
    ...(definition.description ? { description: definition.description } : {}),
    ...sourceOf(definition.meta),
  };
}

/** The states that a history state names for the first time it is entered; XState resolves them only then. */
function historyTargets({ config, parent, machine }: Node): string[] {
  return toArray(config.target).flatMap((target) => {
    if (typeof target !== 'string') return [];
    if (target.startsWith('#')) return machine.getStateNodeById(target).id;
    const path = target.split('.').filter((key) => key !== '');
    const found = path.reduce<Node | undefined>((node, key) => node?.states[key], parent);
    return found ? found.id : [];
  });
}

const invocation = ({ id, src }: Node['invoke'][number]): ChartInvocation => ({
  id,
  src: typeof src === 'string' && !src.startsWith('xstate.invoke.') ? src : '(inline)',
});

/** XState knows no positions in files: an author who wants a part of a chart to say where it comes from writes `meta: { source }`. */
function sourceOf(meta: unknown): { readonly source?: string } {
  const source = (meta as { source?: unknown } | null | undefined)?.source;
  return typeof source === 'string' && source !== '' ? { source } : {};
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
export function guardName(guard: unknown): string {
  const { name: operator, guards } = guard as { name?: string; guards?: readonly unknown[] };
  if (!guards) return name(guard);
  const parts = guards.map(guardName);
  return operator === 'not' ? `not ${parts[0]}` : parts.join(` ${operator} `);
}
