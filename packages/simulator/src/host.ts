import type { Address, DurableChange, Message, TakenTransitions } from '@synod/protocol';
import type { Recorder } from '@synod/trace';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import type { NodeClock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { EventQueue } from './queue.ts';
import type { Micros } from './time.ts';

/** What actors and nodes need of the world around them. Actors and nodes are named by their index. */
export interface Host {
  readonly seed: number;
  readonly now: Micros;
  readonly queue: EventQueue;
  /** Only while a trace is kept. */
  readonly recorder: Recorder | undefined;
  /** Whether the trace tells how guards came out. */
  readonly guards: boolean;
  /** A step was taken, or a life began or ended: properties may judge it anew. `before` is what it was, for one that stayed up. */
  changed(actor: number, before: AnyMachineSnapshot | undefined): void;
  send(actor: number, to: Address, message: Message): void;
  emitted(actor: number, event: EventObject): void;
  /** The machine threw. */
  failed(actor: number, error: unknown): void;
}

/** What an actor has of its node. */
export interface Premises {
  readonly index: number;
  readonly clock: NodeClock;
  readonly disk: Disk;
  /** Whether what its actors say to other nodes waits until a fault is over. */
  readonly blocked: boolean;
  /** Writes to the disk. Returns the record's number; 0 when there is no room, and the node has halted over it. */
  write(actor: number, changes: readonly DurableChange[]): number;
}

/** Who is told of the transitions that a role's actors take; undefined when nobody counts them. */
export type Covered = TakenTransitions | undefined;
