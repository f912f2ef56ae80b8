import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import type { SynodError } from '../errors.ts';
import { MAX_MICROSTEPS } from '../step.ts';
import { failureOf, type GuardThrown, loops } from './failures.ts';
import {
  type AskedGuard,
  type OpenActor,
  type OpenRef,
  type OpenStep,
  type OpenWorld,
  pathOfRef,
  type TakenTransition,
} from './open-world.ts';
import type { Outcomes, Takings } from './outcomes.ts';
import type { Place } from './places.ts';

const NONE: readonly never[] = [];

/** Of the macrostep that is being taken: a guard that threw, and what was done last. */
export interface Traces {
  guard: GuardThrown | undefined;
  place: Place | undefined;
}

/** What a machine came to, and what it threw on the way, if it did. */
export interface Attempt {
  readonly snapshot: OpenActor['snapshot'];
  readonly failure?: SynodError;
}

/** What happens in a step, in order. */
export class Recorder {
  #transitions: TakenTransition[] | undefined;
  #guards: AskedGuard[] | undefined;
  #actions: OpenStep['actions'][number][] | undefined;
  #emitted: OpenStep['emitted'][number][] | undefined;
  #told: OpenStep['told'][number][] | undefined;
  #born: OpenRef[] | undefined;
  readonly #traces: Traces;
  /** Whose macrostep is being taken, and how far it is. */
  #path = '';
  #microsteps = 0;

  constructor(traces: Traces) {
    this.#traces = traces;
  }

  /** All of it, once the step has come to its world. */
  step(world: OpenWorld): OpenStep {
    return {
      world,
      transitions: this.transitions,
      guards: this.#guards ?? NONE,
      actions: this.#actions ?? NONE,
      emitted: this.#emitted ?? NONE,
      told: this.#told ?? NONE,
      born: this.#born ?? NONE,
    };
  }

  get transitions(): readonly TakenTransition[] {
    return this.#transitions ?? NONE;
  }

  microstep(ref: OpenRef, definitions: readonly object[], takings: Takings): void {
    if (++this.#microsteps > MAX_MICROSTEPS) throw loops(nameOf(ref), this.transitions);
    for (const definition of definitions) {
      this.#transitions ??= [];
      this.#transitions.push(takings.of(this.#path, definition));
    }
  }

  asked(outcomes: Outcomes, outcome: boolean): void {
    this.#guards ??= [];
    this.#guards.push(outcomes.of(this.#path, outcome));
  }

  action(action: OpenStep['actions'][number]): void {
    this.#actions ??= [];
    this.#actions.push(action);
  }

  emitted(event: OpenStep['emitted'][number]): void {
    this.#emitted ??= [];
    this.#emitted.push(event);
  }

  told(event: OpenStep['told'][number]): void {
    this.#told ??= [];
    this.#told.push(event);
  }

  born(ref: OpenRef): void {
    this.#born ??= [];
    this.#born.push(ref);
  }

  /** A macrostep of a machine; with what it threw, as XState leaves it and as a coded error that names the place. */
  attempt(ref: OpenRef, compute: () => AnyMachineSnapshot, event?: EventObject, before?: AnyMachineSnapshot): Attempt {
    const traces = this.#traces;
    const outer = { path: this.#path, microsteps: this.#microsteps, guard: traces.guard, place: traces.place };
    const path = pathOfRef(ref);
    this.#path = path;
    this.#microsteps = 0;
    traces.guard = undefined;
    traces.place = undefined;
    const fail = (error: unknown) => {
      const machine = (ref.logic as AnyStateMachine).id;
      const { guard, place } = traces;
      return failureOf(error, { machine, path, event, state: before?.value, guard, place });
    };
    try {
      const snapshot = compute();
      return event === undefined && snapshot.status === 'error'
        ? { snapshot, failure: fail(snapshot.error) }
        : { snapshot };
    } catch (error) {
      return {
        snapshot: { ...before, status: 'error', error } as unknown as Attempt['snapshot'],
        failure: fail(error),
      };
    } finally {
      this.#path = outer.path;
      this.#microsteps = outer.microsteps;
      traces.guard = outer.guard;
      traces.place = outer.place;
    }
  }
}

/** A machine by its id, and by its path where it is not the one under test. */
export function nameOf(ref: OpenRef): string {
  const path = pathOfRef(ref);
  return `${(ref.logic as AnyStateMachine).id}${path && ` (actor "${path}")`}`;
}
