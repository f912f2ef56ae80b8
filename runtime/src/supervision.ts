/** What to do with an actor whose machine threw, or whose storage failed. */
export type Directive =
  /** Start it anew from its durable fields, after a delay. */
  | 'restart'
  /** End it; who watches it is told. */
  | 'stop'
  /** End the whole system: `system.closed` resolves with the error. */
  | 'escalate';

/** How an actor is supervised. */
export interface Supervision {
  /** What to do, or a function that decides by the error. Default `restart`. */
  readonly onFailure?: Directive | ((error: unknown) => Directive);
  /** The first delay before a restart, in milliseconds. Default 100. */
  readonly minDelayMs?: number;
  /** The longest delay, in milliseconds. Default 10,000. */
  readonly maxDelayMs?: number;
  /** Restarts within `withinMs` after which the failure is escalated. Default 10. */
  readonly maxRestarts?: number;
  /** The window for `maxRestarts`, in milliseconds. Default 60,000. */
  readonly withinMs?: number;
}

/** What the supervisor decided for one failure. */
export type Verdict =
  | { readonly directive: 'stop' | 'escalate' }
  | { readonly directive: 'restart'; readonly delayMs: number; readonly attempt: number };

/**
 * Decides on the failures of one actor: exponential backoff over the restarts within the window, jittered by
 * up to a half so that actors that failed together do not return together.
 */
export class Supervisor {
  readonly #options: Required<Supervision>;
  readonly #random: () => number;
  #restarts: number[] = [];

  constructor(options: Supervision, random: () => number) {
    this.#random = random;
    this.#options = {
      onFailure: 'restart',
      minDelayMs: 100,
      maxDelayMs: 10_000,
      maxRestarts: 10,
      withinMs: 60_000,
      ...options,
    };
  }

  /** `now` in milliseconds of the system's clock. */
  decide(error: unknown, now: number): Verdict {
    const { onFailure, minDelayMs, maxDelayMs, maxRestarts, withinMs } = this.#options;
    const directive = typeof onFailure === 'function' ? onFailure(error) : onFailure;
    if (directive !== 'restart') return { directive };
    this.#restarts = this.#restarts.filter((at) => at > now - withinMs);
    if (this.#restarts.length >= maxRestarts) return { directive: 'escalate' };
    this.#restarts.push(now);
    const attempt = this.#restarts.length;
    const delay = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
    return { directive: 'restart', attempt, delayMs: delay * (1 - this.#random() / 2) };
  }
}
