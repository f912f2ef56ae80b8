import type { Story } from './story.ts';

/** Work that goes on whenever there is time for it. */
export interface Work {
  /** Whether there is nothing more to do at present. */
  readonly isDone: boolean;
  /** Works on, until `isLate` says that it is time for something else. */
  go(isLate?: () => boolean): void;
}

/** Records that are looked at between two glances at the clock. */
const STRIDE = 256;

/** Looks at a story's records one after another, little by little as it grows. */
export abstract class Sweep implements Work {
  readonly story: Story;
  #next: number;

  constructor(story: Story) {
    this.story = story;
    this.#next = story.first;
  }

  /** Where it will have come to in the end. */
  protected get goal(): number {
    return this.story.length;
  }

  protected abstract look(index: number): void;

  /** The oldest records are no longer kept. */
  protected forget(): void {}

  get isDone(): boolean {
    return this.#next >= this.goal;
  }

  /** The share of the records that were looked at, from 0 to 1. */
  get share(): number {
    const { first } = this.story;
    return this.isDone ? 1 : Math.max(0, this.#next - first) / (this.goal - first);
  }

  go(isLate: () => boolean = () => false): void {
    const { first } = this.story;
    if (this.#next < first) this.#next = first;
    this.forget();
    for (let seen = 1; this.#next < this.goal; seen++) {
      this.look(this.#next++);
      if (seen % STRIDE === 0 && isLate()) return;
    }
  }
}
