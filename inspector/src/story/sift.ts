import type { Story } from './story.ts';
import { Sweep } from './sweep.ts';

/** Whether a record is wanted. */
export type Wanted = (story: Story, index: number) => boolean;

/** The indexes of a story's records that are wanted, found little by little as the story grows. */
export class Sift extends Sweep {
  readonly #wanted: Wanted;
  #indexes = new Uint32Array(1_024);
  #count = 0;
  /** How many of the oldest are no longer kept. */
  #gone = 0;

  constructor(story: Story, wanted: Wanted) {
    super(story);
    this.#wanted = wanted;
  }

  get length(): number {
    return this.#count - this.#gone;
  }

  /** The index of the record at a place among those that are wanted. */
  at(place: number): number {
    return this.#indexes[place + this.#gone] as number;
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

  protected look(index: number): void {
    if (this.#wanted(this.story, index)) this.#push(index);
  }

  protected override forget(): void {
    const { first } = this.story;
    while (this.#gone < this.#count && (this.#indexes[this.#gone] as number) < first) this.#gone++;
    if (this.#gone > this.#indexes.length / 2) this.#compact();
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
