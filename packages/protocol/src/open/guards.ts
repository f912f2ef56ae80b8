import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { type TransitionRef, transitionRefs } from '../chart.ts';
import { Missing } from './missing.ts';

/** Hears of each guard, and each condition of a composed one, that was asked. */
export interface GuardListener {
  asked(transition: TransitionRef, condition: string, outcome: boolean): void;
  /** What a condition threw, before XState says it in other words; the innermost condition says so first. */
  threw(transition: TransitionRef, condition: string, error: unknown): void;
}

interface Arguments {
  readonly context: unknown;
  readonly event: EventObject;
}

type Condition = (args: Arguments, params: unknown) => boolean;
type BuiltIn = Condition & {
  readonly guards?: readonly unknown[];
  check(snapshot: AnyMachineSnapshot, args: Arguments, guard: BuiltIn): boolean;
};

interface Definition {
  guard?: unknown;
}

interface Node {
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Definition[]>;
  readonly always?: readonly Definition[];
}

/** Makes a machine tell of each guard of a transition how it came out. It behaves as before; it must be a copy of one's own. */
export function recordGuards(copy: AnyStateMachine, listener: GuardListener): void {
  const refOf = transitionRefs(copy);
  const visit = (node: Node): void => {
    for (const definition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
      if (definition.guard !== undefined && definition.guard !== null)
        definition.guard = recorded(definition.guard, refOf(definition), listener);
    }
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(copy.root as unknown as Node);
}

/** A guard of XState's built-in shape: those are handed the snapshot, which `stateIn` needs. */
function recorded(guard: unknown, transition: TransitionRef, listener: GuardListener): BuiltIn {
  const asked = new Asked(transition, listener);
  const built = (() => false) as unknown as { check: BuiltIn['check'] };
  built.check = (snapshot, args) => {
    try {
      const outcome = Boolean(asked.evaluate(guard, undefined, '', snapshot, args));
      listener.asked(transition, '', outcome);
      return outcome;
    } catch (error) {
      listener.threw(transition, nameOf(guard), error);
      throw error;
    }
  };
  return built as BuiltIn;
}

const nameOf = (guard: unknown): string =>
  typeof guard === 'string' ? guard : ((guard as { type?: string }).type ?? (guard as { name?: string }).name) || '';

/** Evaluates a guard as XState does, condition by condition. */
class Asked {
  readonly #transition: TransitionRef;
  readonly #listener: GuardListener;

  constructor(transition: TransitionRef, listener: GuardListener) {
    this.#transition = transition;
    this.#listener = listener;
  }

  evaluate(
    guard: unknown,
    params: unknown,
    place: string,
    snapshot: AnyMachineSnapshot,
    args: Arguments,
    name = '',
  ): boolean {
    if (typeof guard !== 'function') {
      const given = typeof guard === 'object' && guard !== null ? (guard as { params?: unknown }).params : undefined;
      const implementation: unknown = snapshot.machine.implementations.guards[nameOf(guard)];
      if (implementation === undefined || implementation === null) throw new Missing('guard', nameOf(guard));
      const resolved = typeof given === 'function' ? (given as (args: Arguments) => unknown)(args) : given;
      return this.evaluate(implementation, resolved, place, snapshot, args, name || nameOf(guard));
    }
    const { check, guards } = guard as BuiltIn;
    if (typeof check !== 'function') {
      const outcome = this.#ask(() => (guard as Condition)(args, params), name || guard.name, place);
      return this.#tell(outcome, name || guard.name, place);
    }
    if (!guards) return this.#tell(check(snapshot, args, guard as BuiltIn), name || guard.name, place);
    const parts = guards.map(
      (part, at) => () => this.evaluate(part, undefined, place === '' ? `${at}` : `${place}.${at}`, snapshot, args),
    );
    const operator = guard.name;
    if (operator === 'not') return !parts[0]?.();
    return operator === 'or' ? parts.some((part) => part()) : parts.every((part) => part());
  }

  /** Conditions of a composed guard are told by place and name; a guard that stands alone is told as a whole. */
  #tell(outcome: boolean, name: string, place: string): boolean {
    if (place !== '') this.#listener.asked(this.#transition, name || place, Boolean(outcome));
    return outcome;
  }

  #ask(condition: () => boolean, name: string, place: string): boolean {
    try {
      return condition();
    } catch (error) {
      this.#listener.threw(this.#transition, name || place, error);
      throw error;
    }
  }
}
