import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { guardName, type TransitionRef, transitionRefs } from '../chart.ts';
import { Missing } from './missing.ts';
import { Outcomes } from './outcomes.ts';

/** Hears of each guard, and each condition of a composed one, that was asked. */
export interface GuardListener {
  asked(outcomes: Outcomes, outcome: boolean): void;
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

/** A guard, or a part of one, that can be asked. */
type Evaluate = (snapshot: AnyMachineSnapshot, args: Arguments) => boolean;

interface Definition {
  guard?: unknown;
}

interface Node {
  readonly states: Readonly<Record<string, Node>>;
  readonly transitions: ReadonlyMap<string, readonly Definition[]>;
  readonly always?: readonly Definition[];
}

/** A transition's guard, and what stands for it where it is to be told how it came out. */
interface Told {
  readonly definition: Definition;
  readonly transition: TransitionRef;
  readonly own: unknown;
  readonly told: unknown;
}

function toldGuards(machine: AnyStateMachine, listener: GuardListener): Told[] {
  const refOf = transitionRefs(machine);
  const all: Told[] = [];
  const visit = (node: Node): void => {
    for (const definition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
      const { guard: own } = definition;
      if (own === undefined || own === null) continue;
      const transition = refOf(definition);
      all.push({ definition, transition, own, told: recorded(own, transition, listener) });
    }
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(machine.root as unknown as Node);
  return all;
}

/** Makes a machine tell of each guard of a transition how it came out. It behaves as before; it must be a copy of one's own. */
export function recordGuards(copy: AnyStateMachine, listener: GuardListener): void {
  for (const { definition, told } of toldGuards(copy, listener)) definition.guard = told;
}

/** How a guard came out when it was asked, or one condition of a guard that is composed of several. */
export interface GuardOutcome {
  readonly transition: TransitionRef;
  /** The guard as the chart names it, or the name of the condition: the conditions come first, then the guard as a whole. */
  readonly condition: string;
  readonly outcome: boolean;
}

/** Hears how guards came out, in the order in which they were asked. */
export type AskedGuards = (outcome: GuardOutcome) => void;

/** Outcomes that are told of one step; a chart in which more are asked is told of as far. */
const MOST_OUTCOMES = 200;

/**
 * Listens to the guards of a machine during single steps, and leaves no trace in it between them: snapshots belong to their machine, so that
 * a copy with other guards could not take them on.
 */
export class GuardTap {
  readonly #guards: readonly Told[];
  #asked: AskedGuards = () => {};
  #left = 0;

  constructor(machine: AnyStateMachine) {
    const wholes = new Map<TransitionRef, string>();
    this.#guards = toldGuards(machine, {
      asked: ({ transition, condition }, outcome) => {
        if (this.#left-- > 0)
          this.#asked({ transition, condition: condition || (wholes.get(transition) ?? ''), outcome });
      },
      threw: () => {},
    });
    for (const { transition, own } of this.#guards) wholes.set(transition, guardName(own));
  }

  /** What `step` comes to, while `asked` hears of each guard. */
  during<T>(asked: AskedGuards, step: () => T): T {
    this.#asked = asked;
    this.#left = MOST_OUTCOMES;
    for (const { definition, told } of this.#guards) definition.guard = told;
    try {
      return step();
    } finally {
      for (const { definition, own } of this.#guards) definition.guard = own;
    }
  }
}

/** A guard of XState's built-in shape: those are handed the snapshot, which `stateIn` needs. */
function recorded(guard: unknown, transition: TransitionRef, listener: GuardListener): BuiltIn {
  const outcomes = new Outcomes(transition, '');
  let evaluate: Evaluate | undefined;
  const built = (() => false) as unknown as { check: BuiltIn['check'] };
  built.check = (snapshot, args) => {
    try {
      evaluate ??= new Parts(snapshot.machine, transition, listener).of(guard, undefined, '', '');
      const outcome = Boolean(evaluate(snapshot, args));
      listener.asked(outcomes, outcome);
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

/** Makes a guard's conditions ready to be asked as XState does, one by one. */
class Parts {
  readonly #machine: AnyStateMachine;
  readonly #transition: TransitionRef;
  readonly #listener: GuardListener;

  constructor(machine: AnyStateMachine, transition: TransitionRef, listener: GuardListener) {
    this.#machine = machine;
    this.#transition = transition;
    this.#listener = listener;
  }

  /** `params` are those that stand beside the guard's name. */
  of(guard: unknown, params: unknown, place: string, name: string): Evaluate {
    if (typeof guard !== 'function') {
      const own = nameOf(guard);
      const implementation: unknown = this.#machine.implementations.guards[own];
      if (implementation === undefined || implementation === null)
        return () => {
          throw new Missing('guard', own);
        };
      const given = typeof guard === 'object' && guard !== null ? (guard as { params?: unknown }).params : undefined;
      return this.of(implementation, given, place, name || own);
    }
    const { check, guards } = guard as BuiltIn;
    if (typeof check !== 'function') return this.#condition(guard as Condition, params, place, name || guard.name);
    if (!guards)
      return this.#told((snapshot, args) => check(snapshot, args, guard as BuiltIn), place, name || guard.name);
    const parts = guards.map((part, at) => this.of(part, undefined, place === '' ? `${at}` : `${place}.${at}`, ''));
    switch (guard.name) {
      case 'not':
        return (snapshot, args) => !parts[0]?.(snapshot, args);
      case 'or':
        return (snapshot, args) => parts.some((part) => part(snapshot, args));
      default:
        return (snapshot, args) => parts.every((part) => part(snapshot, args));
    }
  }

  #condition(condition: Condition, params: unknown, place: string, name: string): Evaluate {
    const evaluate: Evaluate = (_, args) => {
      const given = typeof params === 'function' ? params(args) : params;
      try {
        return condition(args, given);
      } catch (error) {
        this.#listener.threw(this.#transition, name || place, error);
        throw error;
      }
    };
    return this.#told(evaluate, place, name);
  }

  /** Conditions of a composed guard are told by place and name; a guard that stands alone is told as a whole. */
  #told(evaluate: Evaluate, place: string, name: string): Evaluate {
    if (place === '') return evaluate;
    const outcomes = new Outcomes(this.#transition, name || place);
    return (snapshot, args) => {
      const outcome = evaluate(snapshot, args);
      this.#listener.asked(outcomes, Boolean(outcome));
      return outcome;
    };
  }
}
