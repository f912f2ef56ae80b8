/** Steps of a factor of two: each is 2.2 % wide, so that what is told of it is wrong by 1.1 % at most. */
const STEPS = 32;
/** Values below are told as 0: a nanosecond, for times in milliseconds. */
const SMALLEST = 1e-6;

/** How values are spread: counts in steps that grow with the value, so that any number of values takes little room. */
export class Histogram {
  readonly #steps = new Map<number, number>();
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    const step = value < SMALLEST ? Number.NEGATIVE_INFINITY : Math.floor(Math.log2(value) * STEPS);
    this.#steps.set(step, (this.#steps.get(step) ?? 0) + 1);
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get count(): number {
    return this.#count;
  }

  /** The least value; undefined where there are none. */
  get min(): number | undefined {
    return this.#count > 0 ? this.#min : undefined;
  }

  get max(): number | undefined {
    return this.#count > 0 ? this.#max : undefined;
  }

  /** The value that a share of all, from 0 to 1, does not exceed; within 1.1 %. Undefined where there are none. */
  quantile(share: number): number | undefined {
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (const [step, count] of [...this.#steps].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left > 0) continue;
      const middle = Number.isFinite(step) ? 2 ** ((step + 0.5) / STEPS) : 0;
      return Math.max(this.#min, Math.min(this.#max, middle));
    }
    return undefined;
  }
}
