import { assert } from './assert.ts';

const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

type Node = readonly unknown[];

/**
 * An immutable list for durable state such as a log: appending, cutting off the end and reading an item cost O(log₃₂ n),
 * and two versions share all that they have in common. `Sequence.shared` finds where two versions part without
 * looking at what they share, which is how a host writes only the suffix that a step changed.
 *
 * The structure is Bagwell's bit-partitioned trie, as in Clojure's vectors. Indices count from 0.
 */
export class Sequence<T> implements Iterable<T> {
  static readonly #empty = new Sequence<never>([], 0, 0);
  readonly length: number;
  readonly #root: Node;
  /** Levels below the root, in bits: 0 means the root is a leaf. */
  readonly #shift: number;

  private constructor(root: Node, shift: number, length: number) {
    this.#root = root;
    this.#shift = shift;
    this.length = length;
  }

  static empty<T>(): Sequence<T> {
    return Sequence.#empty;
  }

  static from<T>(items: Iterable<T>): Sequence<T> {
    return Sequence.empty<T>().append(items);
  }

  /** The item at `index`, or undefined when there is none. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    let node = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= BITS) node = node[(index >>> shift) & MASK] as Node;
    return node[index & MASK] as T;
  }

  /** This sequence with `items` at its end. */
  append(items: Iterable<T>): Sequence<T> {
    const owned = new Set<Node>();
    let root = this.#root;
    let shift = this.#shift;
    let length = this.length;
    for (const item of items) {
      if (length === WIDTH << shift) {
        root = [root];
        owned.add(root);
        shift += BITS;
      }
      root = put(root, shift, length++, item, owned);
    }
    return length === this.length ? this : new Sequence<T>(root, shift, length);
  }

  /** The first `length` items. */
  take(length: number): Sequence<T> {
    assert(Number.isInteger(length) && length >= 0, `take(${length}) wants a whole number from 0`);
    if (length >= this.length) return this;
    if (length === 0) return Sequence.empty();
    let root = cut(this.#root, this.#shift, length - 1);
    let shift = this.#shift;
    while (shift > 0 && root.length === 1) {
      root = root[0] as Node;
      shift -= BITS;
    }
    return new Sequence<T>(root, shift, length);
  }

  /** The items from `start` up to, not including, `end`, as an array. */
  slice(start: number, end = this.length): T[] {
    const items: T[] = [];
    for (let index = Math.max(0, start); index < Math.min(end, this.length); ) {
      let node = this.#root;
      for (let shift = this.#shift; shift > 0; shift -= BITS) node = node[(index >>> shift) & MASK] as Node;
      const stop = Math.min(end, this.length, (index | MASK) + 1);
      for (; index < stop; index++) items.push(node[index & MASK] as T);
    }
    return items;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let start = 0; start < this.length; start += WIDTH) yield* this.slice(start, start + WIDTH);
  }

  toJSON(): T[] {
    return this.slice(0);
  }

  /**
   * How many leading items `a` and `b` have in common, comparing items by identity.
   * Costs O(log n + what differs) where one was made from the other.
   */
  static shared<T>(a: Sequence<T>, b: Sequence<T>): number {
    if (a === b) return a.length;
    let [left, right]: [Node, Node] = [a.#root, b.#root];
    let shift = Math.min(a.#shift, b.#shift);
    for (let s = a.#shift; s > shift; s -= BITS) left = left[0] as Node;
    for (let s = b.#shift; s > shift; s -= BITS) right = right[0] as Node;
    let index = 0;
    for (;;) {
      let slot = 0;
      while (slot < left.length && slot < right.length && left[slot] === right[slot]) slot++;
      index += slot << shift;
      const end = slot === left.length || slot === right.length;
      if (end || shift === 0) return Math.min(index, a.length, b.length);
      left = left[slot] as Node;
      right = right[slot] as Node;
      shift -= BITS;
    }
  }
}

/** `node` with `item` at `index`, which is at most one past its end; nodes in `owned` are new in this append and may be changed. */
function put(node: Node, shift: number, index: number, item: unknown, owned: Set<Node>): Node {
  const own = owned.has(node) ? (node as unknown[]) : [...node];
  owned.add(own);
  const slot = (index >>> shift) & MASK;
  own[slot] = shift === 0 ? item : put((own[slot] as Node | undefined) ?? [], shift - BITS, index, item, owned);
  return own;
}

/** `node` up to and including the item at `last`. */
function cut(node: Node, shift: number, last: number): Node {
  const slot = (last >>> shift) & MASK;
  const kept = node.slice(0, slot + 1);
  if (shift > 0) kept[slot] = cut(kept[slot] as Node, shift - BITS, last);
  return kept;
}
