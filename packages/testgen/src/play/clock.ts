/** XState's clock in virtual time: timers fire in the order in which they come due, each at its own moment. */
export class VirtualClock {
  now = 0;
  readonly #timers = new Map<number, { readonly due: number; readonly fire: () => void }>();
  #last = 0;

  readonly setTimeout = (fire: () => void, ms: number): number => {
    this.#last += 1;
    this.#timers.set(this.#last, { due: this.now + Math.max(0, ms), fire });
    return this.#last;
  };

  readonly clearTimeout = (id: number): void => {
    this.#timers.delete(id);
  };

  /** Lets time pass, in milliseconds. What a timer sets fires on the way where it comes due on the way. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.#next();
      if (!next || next.due > end) break;
      this.now = next.due;
      this.#timers.delete(next.id);
      next.fire();
    }
    this.now = end;
  }

  /** Of those that come due first the one that was set first. */
  #next() {
    let first: { readonly id: number; readonly due: number; readonly fire: () => void } | undefined;
    for (const [id, timer] of this.#timers) if (!first || timer.due < first.due) first = { id, ...timer };
    return first;
  }
}
