import type { AnyActorLogic, AnyActorRef, AnyMachineSnapshot, EventObject, Snapshot } from 'xstate';
import type { TransitionRef } from '../chart.ts';
import type { LogicKind } from './logic.ts';

/** An actor beneath an open machine, or that machine: XState's own reference, which is never started. */
export type OpenRef = AnyActorRef & {
  readonly logic: AnyActorLogic;
  readonly _parent?: OpenRef;
  readonly options: { readonly input?: unknown; readonly systemId?: string; readonly syncSnapshot?: boolean };
};

/** What an actor is at one moment. */
export interface OpenActor {
  readonly ref: OpenRef;
  /** The empty path is the machine; `pay/retry` is the child `retry` of its child `pay`. */
  readonly path: string;
  readonly kind: LogicKind;
  readonly src: string;
  readonly input: unknown;
  /** An actor that was made and is not yet started hears nothing. */
  readonly started: boolean;
  readonly snapshot: Snapshot<unknown> & Partial<AnyMachineSnapshot>;
}

export interface OpenTimer {
  readonly source: OpenRef;
  readonly target: OpenRef;
  readonly id: string;
  readonly event: EventObject;
  /** From now, in milliseconds. */
  readonly dueMs: number;
  /** Whether it can still be cancelled: XState forgets a timer once another was set or has fired under its id. */
  readonly current: boolean;
}

/** An open machine, its children and timers at one moment: an immutable value. */
export interface OpenWorld {
  /** By reference, in the order of their making. */
  readonly actors: ReadonlyMap<OpenRef, OpenActor>;
  /** In the order of their setting. */
  readonly timers: readonly OpenTimer[];
  readonly systemIds: ReadonlyMap<string, OpenRef>;
  /** Numbers the actors that were spawned without an id, and the timers. */
  readonly counter: number;
}

/** Whether an actor beneath the machine runs and its parent still knows it: two that were spawned under one id are only one to their parent. */
export function isRunning(actors: OpenWorld['actors'], { ref, started, snapshot }: OpenActor): boolean {
  if (!ref._parent || !started || snapshot.status !== 'active') return false;
  return actors.get(ref._parent)?.snapshot.children?.[ref.id] === ref;
}

/** A custom action that a machine called for, and which was not run. */
export interface OpenAction {
  readonly path: string;
  readonly type: string;
  readonly params: unknown;
}

/** What happened in one step, in order. */
export interface OpenStep {
  readonly world: OpenWorld;
  readonly transitions: readonly { readonly path: string; readonly transition: TransitionRef }[];
  readonly guards: readonly {
    readonly path: string;
    readonly transition: TransitionRef;
    readonly condition: string;
    readonly outcome: boolean;
  }[];
  readonly actions: readonly OpenAction[];
  readonly emitted: readonly { readonly path: string; readonly event: EventObject }[];
  /** What went to actors that are not machines. */
  readonly told: readonly { readonly path: string; readonly event: EventObject }[];
  /** Actors that came to life. */
  readonly born: readonly OpenRef[];
}

/** What is done to an open machine. Actors are named by path. */
export type OpenStimulus =
  | { readonly kind: 'send'; readonly event: EventObject }
  /** In milliseconds. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'done'; readonly path: string; readonly output: unknown }
  | { readonly kind: 'fail'; readonly path: string; readonly error: unknown }
  | { readonly kind: 'relay'; readonly path: string; readonly event: EventObject }
  | { readonly kind: 'next'; readonly path: string; readonly value: unknown };
