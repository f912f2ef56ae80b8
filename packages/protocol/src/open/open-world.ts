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
  /** As the chart names it; else made up, of its event's type. */
  readonly id: string;
  readonly isNamed: boolean;
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
  /** In the order in which they come due; of those that come due together, in the order of their setting. */
  readonly timers: readonly OpenTimer[];
  readonly systemIds: ReadonlyMap<string, OpenRef>;
  /** Numbers what the chart gives no id, by what it is. Names alone follow from it, so that worlds may differ in it and be equal. */
  readonly unnamed: Unnamed;
}

/** How many there were so far. */
export type Unnamed = ReadonlyMap<string, number>;

/**
 * Whether an actor beneath the machine runs and its parent, which runs, still knows it: two that were spawned under one id are only one to
 * their parent.
 */
export function isRunning(actors: OpenWorld['actors'], { ref, started, snapshot }: OpenActor): boolean {
  if (!ref._parent || !started || snapshot.status !== 'active') return false;
  const parent = actors.get(ref._parent);
  if (!parent || (parent.ref._parent && !isRunning(actors, parent))) return false;
  const { children = {} } = parent.snapshot;
  // XState keeps an actor that its chart spawned without an id under "undefined".
  return children[ref.id] === ref || children.undefined === ref;
}

/** The path of an actor: ids from the machine's children down. */
export function pathOfRef(ref: OpenRef): string {
  if (!ref._parent) return '';
  let path = ref.id;
  for (let each = ref._parent; each._parent; each = each._parent) path = `${each.id}/${path}`;
  return path;
}

/** The id of an actor that was spawned without one: its logic's name, and the how manieth of those it is. XState would draw from a counter of the whole process. */
export const unnamedId = (parentPath: string, src: unknown, count: (kind: string) => number): string => {
  const name = typeof src === 'string' ? src : 'actor';
  return `${name}#${count(`${parentPath}/${name}`)}`;
};

/** A custom action that a machine called for, and which was not run. */
export interface OpenAction {
  readonly path: string;
  readonly type: string;
  readonly params: unknown;
}

/** A transition that an actor took; the same object each time. */
export interface TakenTransition {
  readonly actor: string;
  readonly transition: TransitionRef;
}

/** A guard as a whole, of the empty name, or one of its conditions, and how it came out; the same object each time. */
export interface AskedGuard {
  readonly actor: string;
  readonly transition: TransitionRef;
  readonly condition: string;
  readonly outcome: boolean;
}

/** What happened in one step, in order. */
export interface OpenStep {
  readonly world: OpenWorld;
  readonly transitions: readonly TakenTransition[];
  readonly guards: readonly AskedGuard[];
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
