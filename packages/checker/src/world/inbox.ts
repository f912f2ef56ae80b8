import type { NetworkOrder } from '@synod/protocol';
import { Interner } from './interner.ts';

/** Messages on their way to one actor, as numbers of its events. */
export interface Inbox {
  readonly id: number;
  /** What may be delivered next, each once. */
  readonly next: readonly number[];
  /** All of it, for drawing, for renaming and for assumptions about the network. */
  readonly all: readonly number[];
}

/**
 * All inboxes that ever occurred at one actor, each once. Putting and taking give the number of another, and remember it: a world
 * holds one number for all that is on its way to an actor.
 */
export class Inboxes {
  readonly #order: NetworkOrder;
  readonly #capacity: number;
  /** The sender of an event, for the order of a pair. */
  readonly #senderOf: (event: number) => string;
  readonly #inboxes = new Interner<Inbox>();
  readonly #puts: Map<number, number>[] = [];
  readonly #takes: Map<number, number>[] = [];
  /** Of the inbox that is empty. */
  readonly empty: number;

  constructor(order: NetworkOrder, capacity: number, senderOf: (event: number) => string) {
    this.#capacity = capacity;
    this.#order = order;
    this.#senderOf = senderOf;
    this.empty = this.of([]);
  }

  [Symbol.iterator](): Iterator<Inbox> {
    return this.#inboxes[Symbol.iterator]();
  }

  at(id: number): Inbox {
    return this.#inboxes.at(id);
  }

  /** The inbox with these events; for `fifo` in the order in which they were sent. */
  of(events: readonly number[]): number {
    const all = this.#normal(events);
    return this.#inboxes.id(all.join(), (id) => ({ id, all, next: this.#next(all) }));
  }

  put(id: number, event: number): number {
    return this.#remembered(this.#puts, id, event, (all) =>
      all.length >= this.#capacity || (this.#capacity < Number.POSITIVE_INFINITY && all.includes(event))
        ? all
        : [...all, event],
    );
  }

  /** Without one `event`; it must be among those that may come next. */
  take(id: number, event: number): number {
    if (this.#order === 'duplicating') return id;
    return this.remove(id, event);
  }

  /** Without one `event`, also where the network keeps what it delivers. */
  remove(id: number, event: number): number {
    return this.#remembered(this.#takes, id, event, (all) => {
      const at = all.indexOf(event);
      return all.filter((_, index) => index !== at);
    });
  }

  #remembered(
    memo: Map<number, number>[],
    id: number,
    event: number,
    change: (all: readonly number[]) => readonly number[],
  ): number {
    const known = memo[id] ?? new Map<number, number>();
    memo[id] = known;
    let result = known.get(event);
    if (result === undefined) {
      result = this.of(change(this.at(id).all));
      known.set(event, result);
    }
    return result;
  }

  #normal(events: readonly number[]): readonly number[] {
    if (this.#order === 'fifo') {
      // Only the order within a pair is real: senders in order of name, each one's messages as they were sent.
      const senders = [...new Set(events.map(this.#senderOf))].sort();
      return senders.flatMap((sender) => events.filter((event) => this.#senderOf(event) === sender));
    }
    const sorted = [...events].sort((a, b) => a - b);
    return this.#order === 'duplicating' ? [...new Set(sorted)] : sorted;
  }

  #next(all: readonly number[]): number[] {
    if (this.#order !== 'fifo') return [...new Set(all)];
    const seen = new Set<string>();
    return all.filter((event) => {
      const sender = this.#senderOf(event);
      return !seen.has(sender) && seen.add(sender);
    });
  }
}
