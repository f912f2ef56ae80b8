import type { EventObject, StateValue } from 'xstate';

/** An event with whatever it carries: any event object, and in a literal of a test any fields. */
export type AnyEvent = EventObject | { readonly type: string; readonly [field: string]: unknown };

/**
 * Which actor of a run is meant: the empty path is the machine under test, `pay` is the actor that it invoked or spawned under this id, and
 * `pay/retry` is a child of that one.
 */
export type ActorPath = string;

/** What is done to the machine under test. */
export type Stimulus =
  /** An event arrives. */
  | { readonly send: AnyEvent }
  /** So much time passes, in milliseconds; timers that come due on the way fire in their order. */
  | { readonly wait: number }
  /** The actor of this path comes to its end with an output: a promise that resolves, an observable that completes, any other logic that is done. */
  | { readonly done: ActorPath; readonly output?: unknown }
  /** The actor of this path fails. */
  | { readonly fail: ActorPath; readonly error?: unknown }
  /** The actor of this path, a callback or an observable of events, tells its parent something. */
  | { readonly relay: ActorPath; readonly event: AnyEvent }
  /** The actor of this path, an observable, has a next value. */
  | { readonly next: ActorPath; readonly value: unknown };

/**
 * What the machine under test must be seen to have come to. Where a test is silent: of `state`, anything goes; of `actions`, `emitted` and
 * `told`, there are none; `context` and `actors` are as they were. What an implementation leaves out of its observations is not judged.
 */
export interface Expectation {
  readonly state?: StateValue;
  /** A test does not say `active`: it is what silence means. */
  readonly status?: 'active' | 'done' | 'error';
  readonly output?: unknown;
  /** The fields of context that are other than before this step; `undefined` for one that is gone. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** The machine's own actions in the order in which it called for them: by name, or with their params where they have some. */
  readonly actions?: readonly (string | { readonly type: string; readonly params: unknown })[];
  /** What was emitted, in order. */
  readonly emitted?: readonly AnyEvent[];
  /** Events that went to actors for which stand-ins stand, in order. */
  readonly told?: readonly { readonly to: ActorPath; readonly event: AnyEvent }[];
  /** Actors that run after the step beneath the machine, with the input that each was given when it came to life in this step. */
  readonly actors?: readonly { readonly path: ActorPath; readonly input?: unknown }[];
}

/** A step of a test. The machine's own output is its `result`, as `output` is that of an actor which the step brings to its end. */
export type TestStep = Stimulus & Omit<Expectation, 'output'> & { readonly result?: unknown };

/** A test: from the machine's start, step by step. */
export interface TestCase {
  /** One line for people: `follower → candidate on electionTimeout, then leader on a majority`. */
  readonly name: string;
  /** The machine's input; absent where it takes none. */
  readonly input?: unknown;
  /** What holds right after the start. */
  readonly start?: Expectation;
  readonly steps: readonly TestStep[];
}
