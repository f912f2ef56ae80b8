import type { Address, Message } from '@synod/protocol';
import type { Clock } from './clock.ts';
import type { Storage } from './storage/storage.ts';
import type { Tracer } from './tracer.ts';

/** What a cell needs of the system it lives in. */
export interface Host {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly tracer: Tracer;
  /** Uniform in [0, 1): for the jitter of back-off, never for a machine. */
  readonly random: () => number;
  /** The seed of one life of an actor. */
  seed(actor: string, life: number): number;
  /** Sends from an actor on this node. */
  send(from: Address, to: Address, message: Message): void;
  /** The actor has ended for good. */
  terminated(actor: string, reason: string): void;
  /** The actor's failure is the system's. */
  escalate(error: unknown): void;
}
