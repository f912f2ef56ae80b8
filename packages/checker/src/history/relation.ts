/** A relation on the numbers below `size`, as a matrix of bits, with its transitive closure. */
export class Relation {
  readonly size: number;
  readonly #words: number;
  readonly #rows: Uint32Array;
  readonly #edges: number[][];

  constructor(size: number) {
    this.size = size;
    this.#words = Math.ceil(size / 32);
    this.#rows = new Uint32Array(size * this.#words);
    this.#edges = Array.from({ length: size }, () => []);
  }

  /** A copy of the edges; its closure has yet to be computed. */
  copy(keeps: (number: number) => boolean): Relation {
    const copy = new Relation(this.size);
    for (const [from, targets] of this.#edges.entries())
      if (keeps(from)) for (const to of targets) if (keeps(to)) copy.add(from, to);
    return copy;
  }

  add(from: number, to: number): void {
    this.#edges[from]?.push(to);
  }

  /** Computes what leads to what. Returns false where something leads to itself: then there is no closure. */
  close(): boolean {
    const incoming = new Uint32Array(this.size);
    for (const targets of this.#edges) for (const to of targets) incoming[to] = (incoming[to] as number) + 1;
    const order: number[] = [];
    for (let number = 0; number < this.size; number++) if (incoming[number] === 0) order.push(number);
    for (let index = 0; index < order.length; index++) {
      for (const to of this.#edges[order[index] as number] as number[]) {
        incoming[to] = (incoming[to] as number) - 1;
        if (incoming[to] === 0) order.push(to);
      }
    }
    if (order.length < this.size) return false;
    this.#rows.fill(0);
    for (const from of order.reverse()) for (const to of this.#edges[from] as number[]) this.#join(from, to);
    return true;
  }

  /** Whether `from` leads to `to`, by the closure last computed. */
  has(from: number, to: number): boolean {
    return (((this.#rows[from * this.#words + (to >>> 5)] as number) >>> (to & 31)) & 1) === 1;
  }

  /** Adds to `set`, a row of bits, all that `from` leads to, and `from` itself. */
  collect(set: Uint32Array, from: number): void {
    const source = from * this.#words;
    for (let word = 0; word < this.#words; word++)
      set[word] = (set[word] as number) | (this.#rows[source + word] as number);
    set[from >>> 5] = (set[from >>> 5] as number) | (1 << (from & 31));
  }

  #join(from: number, to: number): void {
    const [target, source] = [from * this.#words, to * this.#words];
    const rows = this.#rows;
    for (let word = 0; word < this.#words; word++)
      rows[target + word] = (rows[target + word] as number) | (rows[source + word] as number);
    rows[target + (to >>> 5)] = (rows[target + (to >>> 5)] as number) | (1 << (to & 31));
  }
}
