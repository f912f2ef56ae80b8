import type { Envelope } from '@synod/protocol';

/** An envelope and its bytes on the wire. */
export interface Outgoing {
  readonly envelope: Envelope;
  readonly bytes: Uint8Array;
}

/** What may wait for one peer. */
export interface QueueLimits {
  /** Envelopes, from 1. Default 10,000. */
  readonly maxMessages: number;
  /** Bytes on the wire. Default 16 MiB. */
  readonly maxBytes: number;
}

export const DEFAULT_QUEUE: QueueLimits = { maxMessages: 10_000, maxBytes: 16 * 1024 * 1024 };

/** First in, first out, bounded by number and bytes: the oldest make room for the newest. */
export class SendQueue {
  readonly #limits: QueueLimits;
  #items: Outgoing[] = [];
  /** Items before it are gone; the array is cut now and then. */
  #head = 0;
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds `item` at the end; returns what had to make room, `item` itself when it alone is above the limit. */
  push(item: Outgoing): readonly Outgoing[] {
    this.#items.push(item);
    this.#bytes += item.bytes.length;
    if (this.length <= this.#limits.maxMessages && this.#bytes <= this.#limits.maxBytes) return [];
    const evicted: Outgoing[] = [];
    while (this.length > this.#limits.maxMessages || this.#bytes > this.#limits.maxBytes) {
      const oldest = this.#shift();
      if (!oldest) break;
      evicted.push(oldest);
    }
    return evicted;
  }

  /** Takes the oldest items of together at most `maxBytes`; at least one if there is any. */
  take(maxBytes: number): Outgoing[] {
    const taken: Outgoing[] = [];
    let bytes = 0;
    for (let next = this.#items[this.#head]; next; next = this.#items[this.#head]) {
      bytes += next.bytes.length;
      if (taken.length > 0 && bytes > maxBytes) break;
      this.#shift();
      taken.push(next);
    }
    return taken;
  }

  /** Takes all. */
  clear(): Outgoing[] {
    return this.take(Number.POSITIVE_INFINITY);
  }

  #shift(): Outgoing | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head++;
    this.#bytes -= item.bytes.length;
    // Cutting when half is gone costs each item a constant share.
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
