/** Indexes of a story's records that only grow, of which the oldest may be forgotten. */
export class Indexes {
  #all = new Uint32Array(64);
  #count = 0;
  #gone = 0;

  get length(): number {
    return this.#count - this.#gone;
  }

  at(place: number): number {
    return this.#all[place + this.#gone] as number;
  }

  push(index: number): void {
    if (this.#count === this.#all.length) {
      const larger = new Uint32Array(this.#count * 2);
      larger.set(this.#all);
      this.#all = larger;
    }
    this.#all[this.#count++] = index;
  }

  /** Forgets what lies before `first`. */
  forget(first: number): void {
    while (this.#gone < this.#count && (this.#all[this.#gone] as number) < first) this.#gone++;
    if (this.#gone <= this.#all.length / 2) return;
    this.#all.copyWithin(0, this.#gone, this.#count);
    this.#count -= this.#gone;
    this.#gone = 0;
  }

  /** The first place whose index is `index` or later; as many as there are when there is none. */
  placeOf(index: number): number {
    return this.split((each) => each < index);
  }

  /**
   * The first place, from `from` on, at which `isBefore` no longer holds. Places near `from` are looked at first, in steps that double, so that
   * what is near costs little however many there are.
   */
  split(isBefore: (index: number) => boolean, from = 0, to = this.length): number {
    let [low, step] = [from, 1];
    while (low + step <= to && isBefore(this.at(low + step - 1))) {
      low += step;
      step *= 2;
    }
    let high = Math.min(to, low + step - 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.at(middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
