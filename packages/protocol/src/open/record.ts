import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import type { TransitionRef } from '../chart.ts';
import type { SynodError } from '../errors.ts';
import { MAX_MICROSTEPS } from '../step.ts';
import { failureOf, type GuardThrown, loops } from './failures.ts';
import { type OpenActor, type OpenRef, type OpenStep, pathOfRef } from './open-world.ts';
import type { Place } from './places.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

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
  readonly steps: Mutable<Omit<OpenStep, 'world'>> = {
    transitions: [],
    guards: [],
    actions: [],
    emitted: [],
    told: [],
    born: [],
  };
  readonly #traces: Traces;
  /** Whose macrostep is being taken, and how far it is. */
  #path = '';
  #microsteps = 0;

  constructor(traces: Traces) {
    this.#traces = traces;
  }

  microstep(ref: OpenRef, transitions: readonly TransitionRef[]): void {
    if (++this.#microsteps > MAX_MICROSTEPS) throw loops(nameOf(ref), this.steps.transitions);
    for (const transition of transitions) this.steps.transitions.push({ path: this.#path, transition });
  }

  asked(transition: TransitionRef, condition: string, outcome: boolean): void {
    this.steps.guards.push({ path: this.#path, transition, condition, outcome });
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
