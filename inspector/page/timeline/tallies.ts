import type { Story } from '../story/story.ts';

/** Records whose counts are kept together. */
const STRIDE = 64;

/** What a stretch of records holds. */
interface Tally {
  readonly start: number;
  count: number;
  /** Changes of state, and whatever else is out of the ordinary. */
  rare: number;
  /** Messages lost, and crashes. */
  bad: number;
}

/** How many records lie where on the axis of time. */
export interface Bar {
  readonly count: number;
  readonly rare: number;
  readonly bad: number;
}

/** Counts of a story in small stretches, so that a picture of a million records is drawn from some thousand numbers. Grows with the story. */
export class Tallies {
  readonly #story: Story;
  #tallies: Tally[] = [];
  #next: number;

  constructor(story: Story) {
    this.#story = story;
    this.#next = story.first;
  }

  /** Counts what has come since. */
  update(): void {
    const story = this.#story;
    for (; this.#next < story.length; this.#next++) {
      let last = this.#tallies.at(-1);
      if (!last || this.#next % STRIDE === 0) {
        last = { start: this.#next, count: 0, rare: 0, bad: 0 };
        this.#tallies.push(last);
      }
      last.count++;
      const kind = story.kind(this.#next);
      if (kind === 'drop' || kind === 'crash') last.bad++;
      else if (story.weight(this.#next) === 'rare') last.rare++;
    }
    const gone = this.#tallies.findIndex(({ start }) => start >= story.first);
    if (gone > 0) this.#tallies.splice(0, gone);
  }

  /** The kept records in `bars` stretches of equal time, from the first to the last of them. */
  bars(bars: number): readonly Bar[] {
    const found = Array.from({ length: bars }, () => ({ count: 0, rare: 0, bad: 0 }));
    const { from, to } = this.span;
    const scale = to > from ? bars / (to - from) : 0;
    const barAt = (index: number) => found[Math.min(bars - 1, Math.floor((this.#story.at(index) - from) * scale))];
    for (const { start, count, rare, bad } of this.#tallies) {
      if (start < this.#story.first) continue;
      // A stretch lies where it begins and where it ends, in halves: within, nobody sees the difference.
      for (const [index, share] of [
        [start, 0.5],
        [start + count - 1, 0.5],
      ] as const) {
        const bar = barAt(index);
        if (!bar) continue;
        bar.count += count * share;
        bar.rare += rare * share;
        bar.bad += bad * share;
      }
    }
    return found;
  }

  /** The times of the first and the last record that are kept. */
  get span(): { readonly from: number; readonly to: number } {
    const { first, length } = this.#story;
    return length > first ? { from: this.#story.at(first), to: this.#story.at(length - 1) } : { from: 0, to: 0 };
  }
}
