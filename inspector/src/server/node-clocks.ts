/**
 * One axis of time for nodes whose clocks began at different moments. A node's records come some time after they were made, never before: the
 * shortest delay that was seen between its clock and ours is how far the two are apart.
 */
export class NodeClocks {
  readonly #now: () => number;
  readonly #lives = new Map<string, { offset: number; last: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A node begins a new life, with a clock of its own. */
  begin(node: string): void {
    this.#lives.set(node, { offset: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY });
  }

  /** The present moment, for something that is told of a node; what the node tells itself from now on is not placed before it. */
  stamp(node: string): number {
    const axisMs = this.#now();
    const life = this.#lives.get(node);
    if (life) life.last = axisMs;
    return axisMs;
  }

  /** Now a record has come that the node made at `at`. */
  heard(node: string, at: number): void {
    const offset = this.#now() - at;
    const life = this.#lives.get(node);
    if (!life) this.#lives.set(node, { offset, last: Number.NEGATIVE_INFINITY });
    else if (offset < life.offset) life.offset = offset;
  }

  /** Where a moment of a node's clock lies on our axis, in milliseconds; never before an earlier one of the node's. */
  axis(node: string, at: number): number {
    const life = this.#lives.get(node);
    if (!life) return this.#now();
    life.last = Math.max(life.last, at + life.offset);
    return life.last;
  }
}
