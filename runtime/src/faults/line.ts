import type { Clock, Timer } from '../clock.ts';

/** What waits on one link; as a socket's buffer, it takes no more when it is full. */
const MAX_HELD = 10_000;

/** Holds what a delay lies on, and gives it on in order, at its time: one timer for the first that is due. */
export class Line<T> {
  readonly #clock: Clock;
  readonly #pass: (item: T) => void;
  #held: { readonly dueAt: number; readonly item: T }[] = [];
  #timer: Timer | undefined;
  /** When the last one is due that kept its turn. */
  #last = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, pass: (item: T) => void) {
    this.#clock = clock;
    this.#pass = pass;
  }

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  /**
   * Takes an item that is due in `delayMs`, behind all that came before it; one that may overtake goes where its time puts it.
   * False when the line is full.
   */
  add(item: T, delayMs: number, overtakes: boolean): boolean {
    if (this.#held.length >= MAX_HELD) return false;
    const due = this.#clock.now() + delayMs;
    const dueAt = overtakes ? due : Math.max(due, this.#last);
    if (!overtakes) this.#last = dueAt;
    let at = this.#held.length;
    while (at > 0 && (this.#held[at - 1]?.dueAt ?? 0) > dueAt) at--;
    this.#held.splice(at, 0, { dueAt, item });
    if (at === 0) this.#arm();
    return true;
  }

  /** Takes all that is held. */
  clear(): T[] {
    this.#timer?.cancel();
    return this.#held.splice(0).map(({ item }) => item);
  }

  #arm(): void {
    this.#timer?.cancel();
    const [first] = this.#held;
    if (!first) return;
    this.#timer = this.#clock.setTimer(() => this.#due(), Math.max(0, first.dueAt - this.#clock.now()));
  }

  #due(): void {
    const now = this.#clock.now();
    // None may be due yet: a timer of the system may come a fraction of a millisecond early.
    const later = this.#held.findIndex(({ dueAt }) => dueAt > now);
    for (const { item } of this.#held.splice(0, later < 0 ? this.#held.length : later)) this.#pass(item);
    this.#arm();
  }
}
