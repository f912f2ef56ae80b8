import type { SynodError } from '@synod/protocol';
import type { Clock, Timer } from '../clock.ts';

/** Something that happens once, or never: who waits for it may give up. */
export class Milestone {
  readonly #clock: Clock;
  readonly #waiting = new Set<{ done(error?: SynodError): void }>();
  #state: { readonly error: SynodError | undefined } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isReached(): boolean {
    return this.#state !== undefined && this.#state.error === undefined;
  }

  /** It has happened; or, with an error, it never will. Later calls change nothing. */
  settle(error?: SynodError): void {
    if (this.#state) return;
    this.#state = { error };
    for (const waiter of this.#waiting) waiter.done(error);
    this.#waiting.clear();
  }

  /** Resolves when it happens; rejects when it never will, or with `late()` after `timeoutMs`. */
  wait(timeoutMs: number | undefined, late: () => SynodError): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const waiter = {
        done: (error?: SynodError) => {
          timer?.cancel();
          if (error) reject(error);
          else resolve();
        },
      };
      if (this.#state) return waiter.done(this.#state.error);
      this.#waiting.add(waiter);
      if (timeoutMs === undefined) return;
      timer = this.#clock.setTimer(() => {
        this.#waiting.delete(waiter);
        reject(late());
      }, timeoutMs);
    });
  }
}
