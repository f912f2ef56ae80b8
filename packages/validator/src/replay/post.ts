import type { Address, Message, VectorTimestamp } from '@synod/protocol';
import { Mismatch } from '../misfit.ts';
import { brief } from '../same.ts';

/** What the network of a run promises. */
export interface TransportPromises {
  /** Messages of a pair of actors arrive in the order in which they were sent. Default true. */
  readonly fifo?: boolean;
  /** No message arrives twice. Default true. */
  readonly once?: boolean;
  /** What a step sends leaves as soon as what it waits for is durable. Default true; a simulated pause holds it back. */
  readonly prompt?: boolean;
  /** A message between nodes is handed over as the very object that was sent, as within a simulator. Default false: it is read from a wire. */
  readonly byReference?: boolean;
}

/** A message on its way. */
export interface Flying {
  readonly id: string;
  readonly from: Address;
  readonly to: Address;
  readonly message: Message;
  readonly clock: VectorTimestamp;
  /** Whether the receiver gets the very object, so that what it keeps of it is what the sender kept. */
  readonly isShared: boolean;
}

interface Pair {
  /** The number of the last message that arrived. */
  last: number;
  /** Those on their way, in order of sending. */
  ids: string[];
}

/** Pairs remembered; of one that is forgotten, order is no longer judged. */
const MAX_PAIRS = 50_000;

/** The number in a message's id: its sender's own count. */
export const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf(':') + 1));

/** The node in a message's id. */
export const nodeOfId = (id: string): string => id.slice(0, id.lastIndexOf(':'));

/** All messages on their way, in bounded memory. */
export class Post {
  readonly #flying = new Map<string, Flying>();
  readonly #pairs = new Map<string, Pair>();
  readonly #promises: Required<TransportPromises>;
  readonly #most: number;
  /** By node, the number of the last message that was forgotten for want of room. */
  readonly #forgotten = new Map<string, number>();

  constructor(promises: Required<TransportPromises>, most: number) {
    this.#promises = promises;
    this.#most = most;
  }

  get size(): number {
    return this.#flying.size;
  }

  find(id: string): Flying | undefined {
    return this.#flying.get(id);
  }

  /** Whether a message may have been sent and is not remembered. */
  isForgotten(id: string): boolean {
    return numberOf(id) <= (this.#forgotten.get(nodeOfId(id)) ?? -1);
  }

  send(message: Flying): void {
    this.#flying.set(message.id, message);
    if (this.#promises.fifo) this.#pair(message.from, message.to).ids.push(message.id);
    if (this.#flying.size > this.#most) this.#forgetOldest();
  }

  /** A message arrives. Returns it; undefined where nobody knows of it. */
  arrive(id: string, from: Address, to: Address, type: string): Flying | undefined {
    const { fifo, once } = this.#promises;
    if (fifo) this.#inOrder(id, from, to);
    const message = this.#flying.get(id);
    if (message) this.match(message, from, to, type);
    if (once || fifo) this.#flying.delete(id);
    return message;
  }

  /** A message is lost for good. */
  lose(id: string): void {
    if (this.#promises.once) this.#flying.delete(id);
  }

  /** Whether what a record says of a message is so. */
  match(message: Flying, from: string | undefined, to: string | undefined, type: string | undefined): void {
    const told = { from: from ?? message.from, to: to ?? message.to, type: type ?? message.message.type };
    const is = { from: message.from, to: message.to, type: message.message.type };
    if (told.from === is.from && told.to === is.to && told.type === is.type) return;
    throw new Mismatch(
      'MESSAGE_DIFFERS',
      `Message ${message.id} was sent as ${is.type} from ${is.from} to ${is.to}, and here it is ${told.type} from ${told.from} to ${told.to}.`,
      { told: brief(told), machine: brief(is) },
    );
  }

  #inOrder(id: string, from: Address, to: Address): void {
    const pair = this.#pair(from, to);
    const number = numberOf(id);
    if (number === pair.last) throw new Mismatch('MESSAGE_TWICE', `Message ${id} arrives at ${to} a second time.`);
    if (number < pair.last)
      throw new Mismatch(
        'MESSAGE_ORDER',
        `Message ${id} from ${from} arrives at ${to} after ${nodeOfId(id)}:${pair.last}, which was sent later, or for a second time.`,
      );
    pair.last = number;
    // What was sent before it can no longer arrive.
    let passed = 0;
    while (passed < pair.ids.length && numberOf(pair.ids[passed] as string) < number) {
      this.#flying.delete(pair.ids[passed++] as string);
    }
    if (pair.ids[passed] === id) passed++;
    pair.ids.splice(0, passed);
  }

  #pair(from: Address, to: Address): Pair {
    const key = `${from} ${to}`;
    const known = this.#pairs.get(key);
    if (known) return known;
    const fresh: Pair = { last: -1, ids: [] };
    this.#pairs.set(key, fresh);
    if (this.#pairs.size > MAX_PAIRS) {
      const [oldest] = this.#pairs.keys();
      if (oldest !== undefined) this.#pairs.delete(oldest);
    }
    return fresh;
  }

  #forgetOldest(): void {
    const [oldest] = this.#flying.keys();
    if (oldest === undefined) return;
    this.#flying.delete(oldest);
    const node = nodeOfId(oldest);
    this.#forgotten.set(node, Math.max(numberOf(oldest), this.#forgotten.get(node) ?? -1));
  }
}
