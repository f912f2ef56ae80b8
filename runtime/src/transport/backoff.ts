import { assert } from '@synod/protocol';

/** How long to wait between attempts to reach a peer. */
export interface BackoffOptions {
  /** Before the second attempt, in milliseconds, above 0. Default 100. */
  readonly minMs: number;
  /** At most, in milliseconds. Default 10,000. */
  readonly maxMs: number;
  /** Each wait is this many times the one before, from 1. Default 2. */
  readonly factor: number;
  /** Which part of a wait is left to chance, 0 to 1, so that nodes do not all come back at once. Default 0.5. */
  readonly jitter: number;
  /** After a refusal that will not go away by itself, such as another cluster, in milliseconds. Default 60,000. */
  readonly refusedMs: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = { minMs: 100, maxMs: 10_000, factor: 2, jitter: 0.5, refusedMs: 60_000 };

/** The n-th wait, from 0, is `min(maxMs, minMs · factorⁿ) · (1 − jitter · random())` milliseconds. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #nextMs: number;

  constructor(options: BackoffOptions, random: () => number) {
    const { minMs, maxMs, factor, jitter, refusedMs } = options;
    assert(minMs > 0 && maxMs >= minMs && factor >= 1, 'backoff: 0 < minMs ≤ maxMs and 1 ≤ factor');
    assert(jitter >= 0 && jitter <= 1 && refusedMs > 0, 'backoff: 0 ≤ jitter ≤ 1 and 0 < refusedMs');
    this.#options = options;
    this.#random = random;
    this.#nextMs = minMs;
  }

  /** The next wait, in milliseconds. */
  next(): number {
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(this.#options.maxMs, waitMs * this.#options.factor);
    return this.#spread(waitMs);
  }

  /** The wait after a refusal that will not go away by itself, in milliseconds. */
  refused(): number {
    return this.#spread(this.#options.refusedMs);
  }

  /** The peer was reached: begin anew. */
  reset(): void {
    this.#nextMs = this.#options.minMs;
  }

  #spread(waitMs: number): number {
    return waitMs * (1 - this.#options.jitter * this.#random());
  }
}
