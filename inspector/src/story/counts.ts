/** How often each of some small numbers came. */
export class Counts {
  #counts = new Uint32Array(64);

  add(number: number): void {
    if (number >= this.#counts.length) {
      const larger = new Uint32Array(Math.max(number + 1, this.#counts.length * 2));
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[number] = (this.#counts[number] as number) + 1;
  }

  of(number: number): number {
    return this.#counts[number] ?? 0;
  }

  /** Numbers that came, and how often; 0, which stands for no name, is none of them. */
  *entries(): Generator<readonly [number: number, count: number]> {
    for (let number = 1; number < this.#counts.length; number++) {
      const count = this.#counts[number] as number;
      if (count > 0) yield [number, count];
    }
  }

  /** The numbers that came, the most frequent first. */
  sorted(): (readonly [number: number, count: number])[] {
    return [...this.entries()].sort(([, a], [, b]) => b - a);
  }
}
