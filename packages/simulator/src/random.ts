import { nextRandom, type RandomState, seedFrom } from '@synod/protocol';

/** A stream of random numbers for one purpose. Streams of different purposes do not disturb each other. */
export class Stream {
  #state: RandomState;

  constructor(seed: RandomState) {
    this.#state = seed;
  }

  /** In [0, 1). */
  next(): number {
    const [value, next] = nextRandom(this.#state);
    this.#state = next;
    return value;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** In [min, max). */
  between(min: number, max: number): number {
    return min + (max - min) * this.next();
  }

  /** A whole number in [min, max]. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }

  /** The items in a random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = Math.floor(this.next() * (last + 1));
      [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
    }
    return shuffled;
  }
}

/** The seed of a stream for a purpose. */
export const seedOf = (seed: number, ...purpose: readonly string[]): RandomState =>
  seedFrom([String(seed), ...purpose].join('/'));

/** The stream of `seed` for a purpose, for example `streamOf(42, 'link', 'n1', 'n2')`. */
export const streamOf = (seed: number, ...purpose: readonly string[]): Stream => new Stream(seedOf(seed, ...purpose));
