import type { Address, OperationEvent } from '@synod/protocol';
import type { EventObject } from 'xstate';
import { type Micros, millis } from './time.ts';

/** Something a client told of one of its operations, and when. */
export interface HistoryEvent {
  readonly client: Address;
  readonly atMs: number;
  readonly event: OperationEvent;
}

/** What the clients saw, in the order in which they saw it. */
export class History {
  readonly events: HistoryEvent[] = [];
  invoked = 0;
  returned = 0;
  failed = 0;

  /** Takes down what a member emitted, if it is about an operation. Returns whether one returned. */
  add(client: Address, event: EventObject, now: Micros): boolean {
    if (!event.type.startsWith('operation.')) return false;
    const about = event as OperationEvent;
    if (about.type === 'operation.invoked') this.invoked++;
    else if (about.type === 'operation.returned') this.returned++;
    else this.failed++;
    this.events.push({ client, atMs: millis(now), event: about });
    return about.type === 'operation.returned';
  }
}
