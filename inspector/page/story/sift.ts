import type { Story } from './story.ts';

/** Whether a record is wanted. */
export type Wanted = (story: Story, index: number) => boolean;

/** Records that are looked at between two glances at the clock. */
const STRIDE = 256;

/** The indexes of a story's records that are wanted, found little by little as the story grows. */
export class Sift {
  readonly #story: Story;
  readonly #wanted: Wanted;
  #indexes = new Uint32Array(1_024);
  #count = 0;
  /** How many of the oldest are no longer kept. */
  #gone = 0;
  #next: number;

  constructor(story: Story, wanted: Wanted) {
    this.#story = story;
    this.#wanted = wanted;
    this.#next = story.first;
  }

  get length(): number {
    return this.#count - this.#gone;
  }

  /** Whether all that has come was looked at. */
  get isDone(): boolean {
    return this.#next >= this.#story.length;
  }

  /** The index of the record at a place among those that are wanted. */
  at(place: number): number {
    return this.#indexes[place + this.#gone] as number;
  }

  /** Looks on, until `isLate` says that it is time for something else. */
  go(isLate: () => boolean = () => false): void {
    const story = this.#story;
    if (this.#next < story.first) this.#next = story.first;
    while (this.#gone < this.#count && (this.#indexes[this.#gone] as number) < story.first) this.#gone++;
    if (this.#gone > this.#indexes.length / 2) this.#compact();
    for (let seen = 1; this.#next < story.length; this.#next++, seen++) {
      if (this.#wanted(story, this.#next)) this.#push(this.#next);
      if (seen % STRIDE === 0 && isLate()) return void this.#next++;
    }
  }

  /** The first place whose record is at `index` or later; as many as there are when there is none. */
  placeOf(index: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #push(index: number): void {
    if (this.#count === this.#indexes.length) {
      const larger = new Uint32Array(this.#count * 2);
      larger.set(this.#indexes);
      this.#indexes = larger;
    }
    this.#indexes[this.#count++] = index;
  }

  #compact(): void {
    this.#indexes.copyWithin(0, this.#gone, this.#count);
    this.#count -= this.#gone;
    this.#gone = 0;
  }
}
