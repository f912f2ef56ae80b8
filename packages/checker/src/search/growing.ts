/** Whole numbers, 32 bits each, as many as come. */
export class Growing {
  #items: Int32Array;
  length = 0;

  constructor(capacity = 1024) {
    this.#items = new Int32Array(capacity);
  }

  get bytes(): number {
    return this.#items.byteLength;
  }

  push(value: number): void {
    if (this.length === this.#items.length) this.#grow(this.length + 1);
    this.#items[this.length++] = value;
  }

  pushAll(values: Int32Array): void {
    if (this.length + values.length > this.#items.length) this.#grow(this.length + values.length);
    this.#items.set(values, this.length);
    this.length += values.length;
  }

  at(index: number): number {
    return this.#items[index] as number;
  }

  /** Copies `target.length` numbers from `start` into `target`. */
  copyTo(target: Int32Array, start: number): void {
    const items = this.#items;
    for (let at = 0; at < target.length; at++) target[at] = items[start + at] as number;
  }

  /** Lets go of the first `count` numbers. */
  dropFirst(count: number): void {
    this.#items.copyWithin(0, count, this.length);
    this.length -= count;
  }

  #grow(least: number): void {
    const larger = new Int32Array(Math.max(least, this.#items.length * 2));
    larger.set(this.#items);
    this.#items = larger;
  }
}
