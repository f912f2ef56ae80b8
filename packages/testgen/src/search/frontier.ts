/** What waits to be explored, the cheapest first and of equal ones the oldest. Costs are small whole numbers. */
export class Frontier<T> {
  readonly #buckets: T[][] = [];
  readonly #heads: number[] = [];
  #lowest = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(cost: number, item: T): void {
    while (this.#buckets.length <= cost) {
      this.#buckets.push([]);
      this.#heads.push(0);
    }
    this.#buckets[cost]?.push(item);
    if (cost < this.#lowest) this.#lowest = cost;
    this.#size++;
  }

  pop(): T | undefined {
    for (; this.#lowest < this.#buckets.length; this.#lowest++) {
      const bucket = this.#buckets[this.#lowest] ?? [];
      const head = this.#heads[this.#lowest] ?? 0;
      if (head < bucket.length) {
        this.#heads[this.#lowest] = head + 1;
        this.#size--;
        return bucket[head];
      }
      // What was taken need not be kept.
      this.#buckets[this.#lowest] = [];
      this.#heads[this.#lowest] = 0;
    }
    return undefined;
  }
}
