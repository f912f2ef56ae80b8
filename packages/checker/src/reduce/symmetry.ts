import { SynodError } from '@synod/protocol';
import type { Row, World } from '../world/world.ts';
import { hash, pair } from './hash.ts';
import { Mapped } from './mapped.ts';

/** Orders of nodes that look alike which are tried at most; beyond, worlds that are the same may count twice, which is safe. */
const MOST_ORDERS = 720;

/**
 * Brings worlds that differ only in which of the interchangeable nodes is which into one form: nodes sorted by what can be said of
 * each without naming them, and among those of which the same can be said the order that gives the smallest row.
 */
export class Symmetry {
  readonly #world: World;
  readonly #nodes: readonly string[];
  readonly #sets: ReadonlySet<string>;
  readonly #mapped = new Map<string, Mapped>();
  /** By actor and then state or inbox: a number for each of the nodes. */
  readonly #ofStates: (Int32Array | undefined)[][];
  readonly #ofInboxes: (Int32Array | undefined)[][];
  readonly #best: Row;
  readonly #other: Row;

  constructor(world: World, nodes: readonly string[], sets: ReadonlySet<string>) {
    const unknown = nodes.find((node) => !world.nodes.includes(node));
    if (unknown !== undefined)
      throw new SynodError(
        'MODEL_INVALID',
        `"symmetry" names ${unknown}, which is no node; name some of ${world.nodes.join(', ')}.`,
      );
    this.#world = world;
    this.#nodes = nodes;
    this.#sets = sets;
    this.#ofStates = world.actors.map(() => []);
    this.#ofInboxes = world.actors.map(() => []);
    this.#best = new Int32Array(world.width);
    this.#other = new Int32Array(world.width);
  }

  normalise(row: Row): void {
    const marks = this.#marks(row);
    const order = [...this.#nodes.keys()].sort((a, b) => (marks[a] as number) - (marks[b] as number) || a - b);
    this.#at(order).apply(row, this.#best);
    for (const other of this.#orders(order, marks, row)) {
      this.#at(other).apply(row, this.#other);
      if (isLess(this.#other, this.#best)) this.#best.set(this.#other);
    }
    row.set(this.#best);
  }

  /** The other orders of nodes of which the same can be said, unless to exchange them changes nothing. */
  *#orders(order: readonly number[], marks: Int32Array, row: Row): Generator<readonly number[]> {
    const groups: number[][] = [];
    for (const node of order) {
      const last = groups.at(-1);
      if (last && marks[last[0] as number] === marks[node]) last.push(node);
      else groups.push([node]);
    }
    const ties = groups.map((group) =>
      group.length > 1 && !this.#areSame(group, row) ? { [Symbol.iterator]: () => permutations(group) } : [group],
    );
    let count = 0;
    for (const choice of product(ties)) {
      if (count++ > 0) yield choice;
      if (count >= MOST_ORDERS) return;
    }
  }

  /** Whether any order of these nodes gives the same row. */
  #areSame(group: readonly number[], row: Row): boolean {
    for (let at = 1; at < group.length; at++) {
      const order = [...this.#nodes.keys()];
      const [a, b] = [group[at - 1] as number, group[at] as number];
      [order[a], order[b]] = [b, a];
      this.#at(order).apply(row, this.#other);
      if (this.#other.some((value, slot) => value !== row[slot])) return false;
    }
    return true;
  }

  /** The renaming by which the node that is named at a place of `order` takes that place. */
  #at(order: readonly number[]): Mapped {
    const key = order.join();
    let mapped = this.#mapped.get(key);
    if (!mapped) {
      const node = new Map(order.map((from, to) => [this.#nodes[from] as string, this.#nodes[to] as string]));
      const addresses = this.#world.actors.flatMap(({ address, node: home }) => {
        const name = node.get(home);
        return name === undefined ? [] : [[address, `${address.slice(0, address.indexOf('@'))}@${name}`] as const];
      });
      const names = new Map([...node, ...addresses]);
      mapped = new Mapped(this.#world, { names, shift: 0, ordered: new Set(), sets: this.#sets });
      this.#mapped.set(key, mapped);
    }
    return mapped;
  }

  /** For each node what can be said of it: its own parts, and how others see it. */
  #marks(row: Row): Int32Array {
    const { actors, firstInbox } = this.#world;
    const marks = new Int32Array(this.#nodes.length);
    for (let index = 0; index < actors.length; index++) {
      const [state, inbox] = [row[index] as number, row[firstInbox + index] as number];
      const ofState = (this.#ofStates[index] as Int32Array[])[state] ?? this.#markState(index, state);
      const ofInbox = (this.#ofInboxes[index] as Int32Array[])[inbox] ?? this.#markInbox(index, inbox);
      for (let node = 0; node < marks.length; node++)
        marks[node] = ((marks[node] as number) + (ofState[node] as number) + (ofInbox[node] as number)) | 0;
    }
    return marks;
  }

  #markState(index: number, id: number): Int32Array {
    const actor = this.#world.actors[index] as World['actors'][number];
    const marks = this.#mark(index, 1, [actor.content(id)]);
    (this.#ofStates[index] as Int32Array[])[id] = marks;
    return marks;
  }

  #markInbox(index: number, id: number): Int32Array {
    const actor = this.#world.actors[index] as World['actors'][number];
    const all = (this.#world.inboxes[index] as World['inboxes'][number]).at(id).all;
    const marks = this.#mark(
      index,
      2,
      all.map((event) => [actor.event(event).from, actor.event(event).message]),
    );
    (this.#ofInboxes[index] as Int32Array[])[id] = marks;
    return marks;
  }

  #mark(index: number, kind: number, things: readonly unknown[]): Int32Array {
    const { actors } = this.#world;
    const { node: home, address } = actors[index] as World['actors'][number];
    const place = address.slice(0, address.indexOf('@'));
    const isAlike = this.#nodes.includes(home);
    const nameOf = (text: string, self: string): string => {
      const at = text.indexOf('@');
      const node = text.slice(at + 1);
      if (!this.#nodes.includes(node)) return text;
      return `${text.slice(0, at + 1)}${node === self ? '*self' : node === home ? '*home' : '*other'}`;
    };
    return Int32Array.from(this.#nodes, (self) => {
      const where = isAlike ? `${place}${home === self ? '*self' : '*other'}` : address;
      const head = pair(
        kind,
        hash(where, (text) => text, this.#sets),
      );
      return things.reduce<number>(
        (sum, thing) =>
          (sum +
            pair(
              head,
              hash(thing, (text) => nameOf(text, self), this.#sets),
            )) |
          0,
        0,
      );
    });
  }
}

function isLess(a: Row, b: Row): boolean {
  for (let slot = 0; slot < a.length; slot++) if (a[slot] !== b[slot]) return (a[slot] as number) < (b[slot] as number);
  return false;
}

function* permutations(items: readonly number[]): Generator<readonly number[], void> {
  if (items.length <= 1) return yield items;
  for (const [index, first] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest];
}

function* product(lists: readonly Iterable<readonly number[]>[]): Generator<readonly number[]> {
  const [first, ...others] = lists;
  if (!first) return yield [];
  for (const head of first) for (const tail of product(others)) yield [...head, ...tail];
}
