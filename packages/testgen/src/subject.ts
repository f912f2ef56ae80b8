import type { Chart, TransitionRef } from '@synod/protocol';
import type { AnyStateMachine, EventObject, StateValue } from 'xstate';
import type { ActorPath, Expectation, Stimulus } from './test-case.ts';

/** What kind of logic an actor runs; `machine` is composed, for all others a stand-in takes their place. */
export type ActorKind = 'machine' | 'promise' | 'callback' | 'observable' | 'events' | 'transition' | 'other';

/** One actor of a world. */
export interface ActorView {
  readonly path: ActorPath;
  readonly kind: ActorKind;
  /** The name of its logic where it has one, else XState's name of the place where it is invoked. */
  readonly src: string;
  readonly input: unknown;
  /** Of machines. */
  readonly value?: StateValue;
  readonly context?: unknown;
}

/** A timer that is armed. */
export interface ArmedTimer {
  readonly actor: ActorPath;
  readonly id: string;
  /** From now, in milliseconds. */
  readonly dueMs: number;
}

/** A machine, its children and its timers at one moment: an immutable value. To fork it is to keep the reference. */
export interface World {
  /** Equal exactly for worlds that no stimulus can tell apart: values and contexts of all actors, and what is left of each timer. */
  readonly key: string;
  readonly status: 'active' | 'done' | 'error';
  readonly output: unknown;
  readonly error: unknown;
  readonly value: StateValue;
  readonly context: unknown;
  /** The machine first, then its children in order of path. */
  readonly actors: readonly ActorView[];
  /** The next one first. */
  readonly timers: readonly ArmedTimer[];
}

/** A guard, or one condition of a guard composed by `and`, `or` or `not`, was asked. */
export interface GuardOutcome {
  readonly actor: ActorPath;
  readonly transition: TransitionRef;
  /** The guard as a whole is the empty text; else the condition: its name, or its place in document order such as `0.1`. */
  readonly condition: string;
  readonly outcome: boolean;
}

/** One step of a world. */
export interface Taken {
  readonly world: World;
  /** In order, over all microsteps, of all machines of the world. */
  readonly transitions: readonly { readonly actor: ActorPath; readonly transition: TransitionRef }[];
  readonly guards: readonly GuardOutcome[];
  /** All that a test may expect of this step. */
  readonly seen: Expectation;
}

/** An XState v5 machine as a pure transition system. */
export interface Subject {
  readonly machine: AnyStateMachine;
  /** Whether it is a protocol's machine, whose hosts say of each event, the end of a delay too, when they took it up. Here time stands at 0. */
  readonly hosted: boolean;
  /** The chart of the machine, and of each child machine that it can invoke, by path. */
  readonly charts: ReadonlyMap<ActorPath, Chart>;
  /**
   * @throws SynodError, each with the place in the chart: `GUARD_THREW`, `ACTION_THREW`, `CONTEXT_THREW`, `MACHINE_LOOPS`,
   * `IMPLEMENTATION_MISSING` (a guard or a delay), `ACTOR_MISSING` (an event is sent to nobody), `SYSTEM_ID_TAKEN`, `DELAY_INVALID`,
   * `NOT_DETERMINISTIC` and `CONTEXT_MUTATED` (found by taking each transition's first step twice), `STATE_CYCLIC`.
   */
  start(input: unknown): Taken;
  /** Pure: equal arguments give equal results. @throws SynodError as `start`, `ACTOR_NOT_RUNNING` and `EVENT_INVALID`. */
  step(world: World, stimulus: Stimulus): Taken;
  /** What can happen besides events from outside: the wait until the next timer, and each actor that runs and may end, fail or speak. */
  pending(world: World): readonly Pending[];
  /**
   * Types of events to which some active state has a transition, whatever its guard, in document order. Wildcards come as they are written
   * (`*`, `key.*`): who sends chooses a type that they stand for. Forbidden events (`HELLO: undefined`) are among them, for they are
   * transitions too. Delays and whatever else XState sends itself (`xstate.*`) are not: those are `pending`.
   */
  accepts(world: World): readonly string[];
}

/** Something that may happen next, for which a value is still to be chosen where it carries one. */
export type Pending =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'done' | 'fail' | 'relay' | 'next'; readonly actor: ActorView };

/** Where the values come from that events and actors carry. Deterministic: the same seed gives the same values in the same order. */
export interface Payloads {
  /** Inputs to start the machine with; `[undefined]` where it takes none. */
  readonly inputs: readonly unknown[];
  /** Events of one type to try, the plainest first. `world` lets it draw on what the context holds. */
  events(type: string, world: World, limit: number): readonly EventObject[];
  /** Outputs, errors, events or values of an actor to try. */
  values(kind: 'done' | 'fail' | 'relay' | 'next', actor: ActorView, world: World, limit: number): readonly unknown[];
}
