import type { Clock, Timer } from './clock.ts';

/** An actor's timers. Setting one again replaces it, also when it has run out but its event still waits in the mailbox. */
export class Timers {
  readonly #clock: Clock;
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets timer `id`; when it runs out, `fire` gets its event and a test of whether it still counts then. */
  set(id: string, delayMs: number, fire: (isCurrent: () => boolean) => void): void {
    this.cancel(id);
    const timer = this.#clock.setTimer(() => fire(() => this.#timers.get(id) === timer), delayMs);
    this.#timers.set(id, timer);
  }

  /** Takes a fired timer off the list. */
  done(id: string): void {
    this.#timers.delete(id);
  }

  /** Returns whether there was such a timer. */
  cancel(id: string): boolean {
    this.#timers.get(id)?.cancel();
    return this.#timers.delete(id);
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
