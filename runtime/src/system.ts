import type { Address, Message, Protocol, TraceRecord } from '@synod/protocol';
import type { Observable } from 'rxjs';
import type { AnyStateMachine } from 'xstate';
import type { Actor } from './actor.ts';
import type { CellOptions } from './cell.ts';
import type { Clock } from './clock.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { ClusterOptions } from './cluster/options.ts';
import type { Storage } from './storage/storage.ts';
import type { Transport } from './transport/transport.ts';
import type { Terminated } from './watches.ts';

export interface SystemOptions {
  /** This node's name, unique in its cluster. */
  readonly node: string;
  /** Reaches other nodes. Without one the system is alone. */
  readonly transport?: Transport;
  /** Keeps durable fields. Default: memory, which forgets with the process. */
  readonly storage?: Storage;
  /** Default: the process's monotonic clock. */
  readonly clock?: Clock;
  /** What the trace's records are stamped with, where `clock` is skewed on purpose. Default: `clock`. */
  readonly traceClock?: Clock;
  /** Seeds the actors' generators and the jitter of back-off. Default: drawn anew for each system. */
  readonly seed?: number;
}

/** A system whose node is a member of a cluster. */
export interface ClusterSystemOptions extends SystemOptions, ClusterOptions {}

/** `input` for the machine, bounds of the mailbox, supervision. */
export type SpawnOptions = CellOptions;

export interface AskOptions {
  /** Milliseconds until the request fails with `ASK_TIMEOUT`. Default 5,000. */
  readonly timeoutMs?: number;
}

export interface WatchOptions {
  /** An actor of this node that gets `Terminated` as a message too. */
  readonly notify?: Address;
}

/** Actors of one node, and their way to those of others. */
export interface System {
  readonly node: string;
  /** What happens, from now on; a new subscriber first gets a `spawn` for each living actor as it is, and how each member of the cluster stands. */
  readonly trace$: Observable<TraceRecord>;
  /** Resolves when the system has stopped: with the error when an actor's failure was escalated, or the node is on the losing side of a split. */
  readonly closed: Promise<unknown>;
  /** Undefined for a system without membership. */
  readonly cluster: Cluster | undefined;
  /**
   * Starts an actor, recovering its durable fields. The machine's `input` is what is given and, of the host, `HostInput`.
   * @throws SynodError `NAME_INVALID`, `NAME_TAKEN`, `SYSTEM_STOPPED`, or what storage or machine throw.
   */
  spawn<TMachine extends AnyStateMachine>(
    name: string,
    logic: TMachine | Protocol<TMachine>,
    options?: SpawnOptions,
  ): Promise<Actor<TMachine>>;
  /** Sends a message from the embedder. At most once; what cannot be delivered is a `drop` in the trace. */
  send(to: Address, message: Message): void;
  /**
   * Sends a message and waits for the first answer.
   * @throws SynodError `ASK_TIMEOUT` (not definite), `ACTOR_UNKNOWN`, `MAILBOX_FULL`, `MESSAGE_UNDELIVERED`, `SYSTEM_STOPPED`.
   */
  ask<TReply extends Message = Message>(to: Address, message: Message, options?: AskOptions): Promise<TReply>;
  /** Emits once when `actor`, here or on another node, has ended for good, or is found not to exist; with membership, also when its node is dead, has left or has begun anew. */
  watch(actor: Address, options?: WatchOptions): Observable<Terminated>;
  /** Ends an actor in good order. Resolves at once when there is none of that name. */
  stop(name: string): Promise<void>;
  /** Adds a remark to the trace. */
  note(text: string, code?: string): void;
  /** Leaves the cluster, ends all actors in good order, then transport and storage. Idempotent. */
  shutdown(): Promise<void>;
  /** Ends everything at once and loses what was not yet durable, as a crash of the node does. Leaves the storage open. */
  kill(): Promise<void>;
}

/** A system whose node is a member of a cluster. */
export interface ClusterSystem extends System {
  readonly cluster: Cluster;
}
