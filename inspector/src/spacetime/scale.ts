import type { Story } from '../story/story.ts';
import type { Indexes } from './indexes.ts';
import type { Marks } from './marks.ts';

// How far down a record stands. Places are counted in units: milliseconds (or steps) of the axis of all nodes, with or without idle time, or records.

/** A stretch of idle time of which only a part is shown. */
export interface Break {
  /** Where it stands, and how long it is there, in units. */
  readonly place: number;
  readonly length: number;
  /** How long it is in fact, in milliseconds. */
  readonly ms: number;
}

export interface Scale {
  /** From where to where there is anything. */
  readonly start: number;
  readonly end: number;
  /** Where a record stands; `at` is its time, for those that are no longer kept. */
  place(index: number, at?: number): number;
  /** Records are before a place when their keys are less than the place's: cheaper than to ask where each stands. */
  key(index: number): number;
  keyOf(place: number): number;
  /** Indexes between which all records stand that stand between two places, and maybe others. */
  range(from: number, to: number): readonly [from: number, to: number];
  /** What time it is at a place, in milliseconds. */
  moment(place: number): number;
  breaks(from: number, to: number): readonly Break[];
}

/** What is idle for longer than so many times what most records are apart is shortened to it. */
const IDLE = 10;
/** Most, and how many of them are looked at for it. */
const MOST = { share: 0.9, looked: 1_000 } as const;

/** Idle stretches, and how much was taken away from them. */
export class Idle {
  readonly #limit: number;
  readonly #starts: number[] = [];
  /** What was taken away up to the end of each. */
  readonly #taken: number[] = [];
  #last = Number.NaN;
  #next = 0;
  #gone = 0;

  constructor(marks: Marks) {
    this.#limit = limitOf(marks);
  }

  /** Takes account of records that have come. */
  grow({ all, story }: Marks): void {
    if (all.length === 0) return;
    let place = this.#next === 0 ? 0 : all.placeOf(this.#next);
    for (; place < all.length; place++) {
      const index = all.at(place);
      const at = story.at(index);
      if (at - this.#last > this.#limit && this.#limit > 0) {
        this.#gone += at - this.#last - this.#limit;
        this.#starts.push(this.#last);
        this.#taken.push(this.#gone);
      }
      this.#last = Number.isNaN(this.#last) ? at : Math.max(this.#last, at);
      this.#next = index + 1;
    }
  }

  shorten(ms: number): number {
    const at = before(this.#starts, ms);
    if (at < 0) return ms;
    const own = (this.#taken[at] as number) - (this.#taken[at - 1] ?? 0);
    const length = this.#limit + own;
    const into = Math.min(length, ms - (this.#starts[at] as number));
    return ms - (this.#taken[at - 1] ?? 0) - (own * into) / length;
  }

  lengthen(place: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) - (this.#taken[middle - 1] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    const at = low - 1;
    if (at < 0) return place;
    const start = this.#starts[at] as number;
    const own = (this.#taken[at] as number) - (this.#taken[at - 1] ?? 0);
    const into = place - (start - (this.#taken[at - 1] ?? 0));
    if (into >= this.#limit) return place + (this.#taken[at] as number);
    return start + (into * (this.#limit + own)) / this.#limit;
  }

  between(from: number, to: number): Break[] {
    const found: Break[] = [];
    for (let at = Math.max(0, before(this.#starts, this.lengthen(from))); at < this.#starts.length; at++) {
      const place = (this.#starts[at] as number) - (this.#taken[at - 1] ?? 0);
      if (place > to) break;
      const own = (this.#taken[at] as number) - (this.#taken[at - 1] ?? 0);
      found.push({ place, length: this.#limit, ms: this.#limit + own });
    }
    return found;
  }
}

function limitOf({ all, story }: Marks): number {
  if (all.length < 2) return Number.POSITIVE_INFINITY;
  const step = Math.max(1, Math.floor(all.length / MOST.looked));
  const apart: number[] = [];
  for (let place = 0; place + 1 < all.length; place += step)
    apart.push(story.at(all.at(place + 1)) - story.at(all.at(place)));
  apart.sort((a, b) => a - b);
  const mean = Math.max(0, story.at(all.at(all.length - 1)) - story.at(all.at(0))) / all.length;
  return Math.max(mean, IDLE * (apart[Math.floor(apart.length * MOST.share)] as number));
}

/** The last of growing numbers that is not greater; -1 when there is none. */
function before(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Time as it is, or without what is idle. */
export function timeScale({ story, all, disorderMs, latest }: Marks, idle?: Idle): Scale {
  const shorten = (ms: number) => (idle ? idle.shorten(ms) : ms);
  const lengthen = (place: number) => (idle ? idle.lengthen(place) : place);
  const indexAt = (ms: number) => indexOf(all, story, ms);
  return {
    start: all.length === 0 ? 0 : shorten(story.at(all.at(0))),
    end: all.length === 0 ? 0 : shorten(latest),
    place: (index, at = story.at(index)) => shorten(at),
    key: story.at,
    keyOf: lengthen,
    // Where times go back a little, those that stand too early or too late lie no further away than that.
    range: (from, to) => [indexAt(lengthen(from) - disorderMs), indexAt(lengthen(to) + disorderMs + 1e-6)],
    moment: lengthen,
    breaks: (from, to) => idle?.between(from, to) ?? [],
  };
}

/** One record after the other, all equally far apart. */
export function orderScale({ story, all }: Marks): Scale {
  const indexOfPlace = (place: number): number => {
    const at = Math.ceil(place);
    return at < 0 ? 0 : at < all.length ? all.at(at) : story.length;
  };
  return {
    start: 0,
    end: Math.max(0, all.length - 1),
    place: (index) => all.placeOf(index),
    key: (index) => index,
    keyOf: indexOfPlace,
    range: (from, to) => [indexOfPlace(from), indexOfPlace(Math.floor(to) + 1)],
    moment(place) {
      if (all.length === 0) return 0;
      return story.at(all.at(Math.max(0, Math.min(all.length - 1, Math.round(place)))));
    },
    breaks: () => [],
  };
}

/** The index of the first record that is shown at a time or later. */
function indexOf(all: Indexes, story: Story, ms: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (story.at(all.at(middle)) < ms) low = middle + 1;
    else high = middle;
  }
  return low < all.length ? all.at(low) : story.length;
}
