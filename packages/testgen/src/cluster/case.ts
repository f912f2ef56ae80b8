import type { Address, Message } from '@synod/protocol';
import type { StateValue } from 'xstate';
import type { AnyEvent } from '../test-case.ts';
import type { ClusterTarget } from './targets.ts';

/** What the script does to a cluster in one step. */
export type ClusterAction =
  /** The message of this number reaches its receiver; a second time, its copy does. */
  | { readonly deliver: number }
  /** The message of this number is lost. */
  | { readonly drop: number }
  /** The timer of this name ends: the name of the delay, or XState's id where that is not enough. */
  | { readonly fire: string; readonly at: Address }
  /** The outside asks something of an actor: its embedder, or with `from` a client on another node. */
  | { readonly request: AnyEvent; readonly at: Address; readonly from?: Address }
  /** The node goes down at once; what it has made durable is left. */
  | { readonly crash: string }
  /** The node starts again. */
  | { readonly restart: string };

/** A message that must come out. Those to members have a number, by which the script goes on to speak of them. */
export interface Sent {
  readonly id?: number;
  readonly to: Address;
  readonly message: Message | { readonly type: string; readonly [field: string]: unknown };
}

/** What an actor must be seen to have come to. */
export interface ClusterExpectation {
  /** Its state; where the script is silent, it is as it was. */
  readonly state?: StateValue;
  /** Fields of context that are other than before; `undefined` for one that is gone. After a restart: other than at its first start. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** All messages that it sends, in order. */
  readonly sends?: readonly Sent[];
  /** All that it tells its embedder, in order. */
  readonly emits?: readonly AnyEvent[];
  /** Properties of kind `sometimes` that hold now. */
  readonly holds?: readonly string[];
}

export type ClusterStep = ClusterAction & ClusterExpectation;

/** How a member begins. */
export interface ClusterStart extends Omit<ClusterExpectation, 'context'> {
  readonly at: Address;
  readonly state: StateValue;
}

/** A test of several machines together: who begins how, then step by step. Nothing else happens: what is not delivered waits. */
export interface ClusterCase {
  /** One line for people. */
  readonly name: string;
  readonly start: readonly ClusterStart[];
  readonly steps: readonly ClusterStep[];
}

/** A test that was generated, and what it is for. */
export interface GeneratedClusterTest extends ClusterCase {
  readonly model: string;
  readonly nodes: number;
  /** Targets that no earlier test covers, in order of their names. */
  readonly covers: readonly ClusterTarget[];
}
