import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import type { Takings } from './outcomes.ts';

/** A machine of which guards are recorded, how its transitions are told, and how it takes them. */
export interface Instrumented {
  readonly machine: AnyStateMachine;
  readonly takings: Takings;
  readonly transition: Transition;
}

/** A machine's transition function, as of XState's actor logic. */
export type Transition = (before: AnyMachineSnapshot, event: EventObject, scope: AnyActorScope) => AnyMachineSnapshot;

/** Makes a machine a transition function that does as its own, only faster. @throws SynodError `COMPILE_UNSUPPORTED` where it cannot. */
export type Compile = (machine: AnyStateMachine) => Transition;
