import type { Story } from '../../src/story/story.ts';

/** Records whose counts are kept together, in a story that is not shorter than `SHORT`. */
const STRIDE = 64;
const SHORT = 20_000;

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
      const { rare, bad } = this.#one(this.#next);
      last.count++;
      last.rare += rare;
      last.bad += bad;
    }
    const gone = this.#tallies.findIndex(({ start }) => start >= story.first);
    if (gone > 0) this.#tallies.splice(0, gone);
  }

  /** The kept records in `bars` stretches of equal time, from the first to the last of them. */
  bars(bars: number): readonly Bar[] {
    const story = this.#story;
    const found = Array.from({ length: bars }, () => ({ count: 0, rare: 0, bad: 0 }));
    const { from, to } = this.span;
    const scale = to > from ? bars / (to - from) : 0;
    const barAt = (index: number) => found[Math.min(bars - 1, Math.floor((story.at(index) - from) * scale))];
    const add = (index: number, { count, rare, bad }: Bar, share = 1): void => {
      const bar = barAt(index);
      if (!bar) return;
      bar.count += count * share;
      bar.rare += rare * share;
      bar.bad += bad * share;
    };
    if (story.length - story.first < SHORT) {
      for (let index = story.first; index < story.length; index++) add(index, this.#one(index));
      return found;
    }
    for (const tally of this.#tallies) {
      if (tally.start < story.first) continue;
      // A stretch lies where it begins and where it ends, in halves: within, nobody sees the difference.
      add(tally.start, tally, 0.5);
      add(tally.start + tally.count - 1, tally, 0.5);
    }
    return found;
  }

  #one(index: number): Bar {
    const kind = this.#story.kind(index);
    const bad = kind === 'drop' || kind === 'crash';
    return { count: 1, rare: !bad && this.#story.weight(index) === 'rare' ? 1 : 0, bad: bad ? 1 : 0 };
  }

  /** The times of the first and the last record that are kept. */
  get span(): { readonly from: number; readonly to: number } {
    const { first, length } = this.#story;
    return length > first ? { from: this.#story.at(first), to: this.#story.at(length - 1) } : { from: 0, to: 0 };
  }
}
