import type { StateValue } from 'xstate';
import type { ActorView } from '../subject.ts';
import type { Stimulus } from '../test-case.ts';

/** A machine at one moment of a run, as a property sees it. */
export interface MachineState<TContext = unknown> {
  readonly value: StateValue;
  readonly context: TContext;
  readonly status: 'active' | 'done' | 'error';
  readonly output: unknown;
  /** The machine first, then its children. */
  readonly actors: readonly ActorView[];
  /** Virtual milliseconds since the start. */
  readonly atMs: number;
}

interface Promised {
  /** Unique within a list. */
  readonly name: string;
}

/** Holds in every state. One state refutes it. */
export interface AlwaysProperty<TContext = unknown> extends Promised {
  readonly kind: 'always';
  holds(state: MachineState<TContext>): boolean;
}

/** Holds of every step: what was, what came to be, and what was done. One step refutes it. */
export interface MachineStepProperty<TContext = unknown> extends Promised {
  readonly kind: 'step';
  holds(before: MachineState<TContext>, after: MachineState<TContext>, stimulus: Stimulus): boolean;
}

/** Holds in some state of some run. No number of runs refutes it: where none shows it, it is told as not seen. */
export interface SometimesProperty<TContext = unknown> extends Promised {
  readonly kind: 'sometimes';
  holds(state: MachineState<TContext>): boolean;
}

/**
 * Holds at some time in every run. Only a run that is over refutes it: the machine has come to its end, or nothing can happen any more. A run
 * that was merely cut off decides nothing.
 */
export interface EventuallyProperty<TContext = unknown> extends Promised {
  readonly kind: 'eventually';
  holds(state: MachineState<TContext>): boolean;
}

/**
 * Whenever `when` holds, `holds` does in that state or a later one: within so many steps, so much virtual time, or at some time. A bound that
 * passes refutes it, and so does a run that is over; a run that was cut off before the bound decides nothing.
 */
export interface LeadsToProperty<TContext = unknown> extends Promised {
  readonly kind: 'leadsTo';
  when(state: MachineState<TContext>): boolean;
  holds(state: MachineState<TContext>): boolean;
  readonly withinSteps?: number;
  readonly withinMs?: number;
}

/** What a machine promises. */
export type MachineProperty<TContext = unknown> =
  | AlwaysProperty<TContext>
  | MachineStepProperty<TContext>
  | SometimesProperty<TContext>
  | EventuallyProperty<TContext>
  | LeadsToProperty<TContext>;

/** A promise that a run broke. */
export interface Broken {
  /** The property's name, or what every machine promises. */
  readonly property: string;
  readonly kind: MachineProperty['kind'] | 'error' | 'loop' | 'real' | 'roundTrip';
  /** One sentence: what is wrong, and where. */
  readonly message: string;
}
