import type { AnyStateMachine } from 'xstate';

/** A function of a machine that may look at an event or at the context. */
export interface MachineFunction {
  /** `assign` stands for all that XState asks for a value while it takes a transition: what to assign, raise, send or emit. */
  readonly role: 'guard' | 'assign' | 'action' | 'delay' | 'input' | 'output';
  readonly fn: (...args: never[]) => unknown;
  /** The context field to which the function's result is assigned. */
  readonly field?: string;
  /** What the function gets as its second argument: a value, or a function of `{ context, event }`. */
  readonly params?: unknown;
}

/** An actor that a machine invokes in some state. */
export interface Invocation {
  /** The id by which its parent knows it. */
  readonly id: string;
  readonly src: string;
  /** Its logic; undefined where the machine was never given one of that name. */
  readonly logic: unknown;
}

// The parts of XState's state nodes that are read here (5.33).
interface Node {
  readonly config: { readonly invoke?: unknown; readonly output?: unknown };
  readonly initial?: { readonly target: readonly Node[]; readonly actions: readonly unknown[] };
  readonly parent?: Node;
  readonly type: string;
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Definition[]>;
  readonly always?: readonly Definition[];
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  readonly invoke: readonly { readonly id: string; readonly src: string; readonly input?: unknown }[];
}

interface Definition {
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly target?: readonly Node[];
  readonly delay?: unknown;
}

type Callable = MachineFunction['fn'];
const callable = (value: unknown): value is Callable => typeof value === 'function';
const rootOf = (machine: AnyStateMachine): Node => machine.root as unknown as Node;
const toArray = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Whether an actor's logic is a machine. */
export const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic;

/** The states of a machine in document order. */
function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of Object.values(node.states)) yield* nodesOf(child);
}

/** What `machine` invokes, in document order. */
export const invocationsOf = (machine: AnyStateMachine): readonly Invocation[] =>
  [...nodesOf(rootOf(machine))].flatMap((node) => {
    const written = toArray(node.config.invoke) as readonly { readonly src?: unknown }[];
    return node.invoke.map(({ id, src }, index) => {
      const given = written[index]?.src;
      return { id, src, logic: typeof given === 'string' ? machine.implementations.actors[given] : given };
    });
  });

/** `machine`, the machines that it invokes, and those that it names as actors to spawn, each once. */
export function familyOf(machine: AnyStateMachine): readonly AnyStateMachine[] {
  const family = new Set<AnyStateMachine>();
  const add = (member: AnyStateMachine): void => {
    if (family.has(member)) return;
    family.add(member);
    const logics = [
      ...Object.values(member.implementations.actors),
      ...invocationsOf(member).map((each) => each.logic),
    ];
    for (const logic of logics) if (isMachine(logic)) add(logic);
  };
  add(machine);
  return [...family];
}

/** Whether an event of `type` fits a descriptor such as `mouse.*`. A descriptor fits itself. */
export function fitsDescriptor(type: string, descriptor: string): boolean {
  if (descriptor === type) return true;
  if (descriptor === '*') return !type.startsWith('xstate.');
  return descriptor.endsWith('.*') && (type === descriptor.slice(0, -2) || type.startsWith(descriptor.slice(0, -1)));
}

/** All functions of a machine, in document order, whatever event they see. */
export const functionsOf = (machine: AnyStateMachine): readonly MachineFunction[] =>
  new Collector(machine).all(rootOf(machine));

/**
 * The functions that may see an event of `type`: guards and actions of its transitions, and what runs in the same macrostep,
 * such as entry actions of the states they lead to and the `always` transitions there.
 */
export const functionsOn = (machine: AnyStateMachine, type: string): readonly MachineFunction[] =>
  new Collector(machine).on(rootOf(machine), type);

class Collector {
  readonly #machine: AnyStateMachine;
  readonly #found: MachineFunction[] = [];
  readonly #entered = new Set<Node>();

  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
  }

  all(root: Node): readonly MachineFunction[] {
    for (const node of nodesOf(root)) this.#enter(node);
    for (const node of nodesOf(root)) for (const each of node.transitions.values()) this.#candidates(each);
    return this.#found;
  }

  on(root: Node, type: string): readonly MachineFunction[] {
    for (const node of nodesOf(root)) {
      for (const [descriptor, candidates] of node.transitions) {
        if (!fitsDescriptor(type, descriptor)) continue;
        this.#candidates(candidates);
        for (const { target } of candidates) for (const each of target ?? []) this.#reach(each);
        for (const inner of nodesOf(node)) this.#actions(inner.exit);
        this.#always(node);
      }
    }
    return this.#found;
  }

  #candidates(candidates: readonly Definition[]): void {
    for (const { guard, actions } of candidates) {
      this.#guard(guard);
      this.#actions(actions);
    }
  }

  /** A state that is entered, with those around it and those within. */
  #reach(node: Node): void {
    if (this.#entered.has(node)) return;
    for (let each: Node | undefined = node; each; each = each.parent) this.#enter(each);
    this.#inside(node);
  }

  #inside(node: Node): void {
    this.#enter(node);
    if (node.type === 'parallel') for (const child of Object.values(node.states)) this.#inside(child);
    else if (node.type === 'compound') {
      this.#actions(node.initial?.actions ?? []);
      for (const child of node.initial?.target ?? []) this.#inside(child);
    }
  }

  #enter(node: Node): void {
    if (this.#entered.has(node)) return;
    this.#entered.add(node);
    this.#actions(node.entry);
    this.#actions(node.exit);
    for (const { input } of node.invoke) this.#add('input', input);
    this.#add('output', node.config.output);
    for (const candidates of node.transitions.values()) for (const { delay } of candidates) this.#delay(delay);
    this.#always(node);
  }

  /** What `always` does runs in the same macrostep. */
  #always(node: Node): void {
    this.#candidates(node.always ?? []);
    for (const { target } of node.always ?? []) for (const each of target ?? []) this.#reach(each);
  }

  #guard(guard: unknown): void {
    for (const { fn, params } of conditionsOf(this.#machine, guard)) this.#add('guard', fn, params);
  }

  #delay(delay: unknown): void {
    this.#add('delay', typeof delay === 'string' ? this.#machine.implementations.delays[delay] : delay);
  }

  #actions(actions: readonly unknown[]): void {
    for (const action of actions) this.#action(action);
  }

  #action(action: unknown, params?: unknown): void {
    if (callable(action)) {
      if (!('resolve' in action)) return this.#add('action', action, params);
      this.#builtIn(action, params);
      return;
    }
    const { type, params: given } = (typeof action === 'string' ? { type: action } : action) as {
      readonly type: string;
      readonly params?: unknown;
    };
    const implementation: unknown = this.#machine.implementations.actions[type];
    if (implementation !== undefined) this.#action(implementation, given);
  }

  /** XState's own actions are functions that carry what they were made with. */
  #builtIn(action: Callable, params: unknown): void {
    for (const [name, part] of Object.entries(action)) {
      if (name === 'resolve' || name === 'execute') continue;
      if (callable(part))
        this.#add(name === 'delay' ? 'delay' : name === 'collect' ? 'action' : 'assign', part, params);
      else if (name === 'delay') this.#delay(part);
      else if (name === 'assignment' && part !== null)
        for (const [field, fn] of Object.entries(part as object)) this.#add('assign', fn, params, field);
    }
  }

  #add(role: MachineFunction['role'], fn: unknown, params?: unknown, field?: string): void {
    if (!callable(fn)) return;
    if (this.#found.some((each) => each.fn === fn && each.params === params && each.field === field)) return;
    this.#found.push({ role, fn, ...(params !== undefined && { params }), ...(field !== undefined && { field }) });
  }
}

interface Condition {
  readonly fn: Callable;
  readonly params?: unknown;
}

/** The conditions that a guard is composed of, in document order; `stateIn` is none that an event could meet. */
function conditionsOf(machine: AnyStateMachine, guard: unknown, params?: unknown): readonly Condition[] {
  if (guard === undefined || guard === null) return [];
  if (typeof guard === 'string') return conditionsOf(machine, machine.implementations.guards[guard]);
  if (!callable(guard)) {
    const { type, params: given } = guard as { readonly type: string; readonly params?: unknown };
    return conditionsOf(machine, machine.implementations.guards[type], given);
  }
  if (!('check' in guard)) return [{ fn: guard, ...(params !== undefined && { params }) }];
  const { guards } = guard as { readonly guards?: readonly unknown[] };
  return (guards ?? []).flatMap((each) => conditionsOf(machine, each));
}

/** A function of a machine's, to be asked alone. It throws what the function throws. */
export interface Ask {
  (context: unknown, event: unknown): unknown;
  /** The context field to which the answer is assigned. */
  readonly field?: string;
}

/**
 * Each condition of each guard that an event of `type` meets, or with `assign` each function that is asked for a value then, in document
 * order. Without a type, those of all events.
 */
export function asksOn(machine: AnyStateMachine, type: string | undefined, of: 'guard' | 'assign'): readonly Ask[] {
  const functions = type === undefined ? functionsOf(machine) : functionsOn(machine, type);
  return functions
    .filter(({ role }) => role === of)
    .map(({ fn, params, field }): Ask => {
      const ask = fn as unknown as (args: unknown, params: unknown) => unknown;
      const paramsOf = params as (args: unknown) => unknown;
      const asking = (context: unknown, event: unknown) =>
        ask({ context, event }, callable(params) ? paramsOf({ context, event }) : params);
      return field === undefined ? asking : Object.assign(asking, { field });
    });
}

/** The function that makes a machine's first context from its input; undefined where the context is a plain value. */
export function contextFactoryOf(
  machine: AnyStateMachine,
): ((args: { readonly input: unknown }) => unknown) | undefined {
  const { context } = machine.config as { readonly context?: unknown };
  return callable(context) ? (context as unknown as (args: { readonly input: unknown }) => unknown) : undefined;
}
