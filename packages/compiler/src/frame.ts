import type { Effect } from '@synod/protocol';
import type { AnyActorScope, AnyMachineSnapshot, EventObject } from 'xstate';
import type { Contexts } from './contexts.ts';

/** An event may be sent to an actor that the state which is being entered invokes only later: it is looked for again at the end. */
export interface Entering {
  readonly ids: readonly string[];
  readonly retries: (() => void)[];
}

/** Makes an actor. */
export type Spawn = (src: unknown, options?: unknown) => unknown;

/** What guards and actions see and change of a macrostep under way. */
export interface Frame {
  context: object;
  /** What makes new contexts. */
  readonly contexts: Contexts;
  /** The event of the microstep. */
  readonly event: EventObject;
  status: AnyMachineSnapshot['status'];
  output: unknown;
  /** By id; of a pure step none. */
  children: AnyMachineSnapshot['children'];
  /** The state that is being entered, while it invokes actors. */
  entering: Entering | undefined;
  /** Raised events that have not had their microstep. */
  readonly queue: EventObject[];
  /** What a pure step asks of its host. */
  readonly effects: Effect[];
  /** Counts what makes the snapshot another one; an assign() always does. */
  changes: number;
  readonly self: unknown;
  readonly system: unknown;
  /** Of a live actor, who is handed the actions in place of effects. */
  readonly live: AnyActorScope | undefined;
  /** As of now, for the few guards that want one. */
  snapshot(): AnyMachineSnapshot;
}

/** What XState hands to an action. */
export const argsOf = ({ context, event, self, system }: Frame) => ({ context, event, self, system });

/** What XState hands to a function of parameters, and to a guard. */
export const guardArgsOf = ({ context, event }: Frame): GuardArgs => ({ context, event });

export interface GuardArgs {
  readonly context: object;
  readonly event: EventObject;
}
