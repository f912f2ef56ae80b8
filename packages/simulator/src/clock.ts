import { type Micros, millis } from './time.ts';

/** A node's own monotonic clock: it runs at `1 + drift` of simulated time, and may be ahead or behind of others. */
export class NodeClock {
  #since: Micros = 0;
  #base = 0;
  #rate = 1;

  /** Local microseconds at the simulated moment `now`; not always whole. */
  local(now: Micros): number {
    return this.#base + (now - this.#since) * this.#rate;
  }

  /** Local milliseconds at `now`, as a machine is told them. */
  read(now: Micros): number {
    return millis(Math.round(this.local(now)));
  }

  /** The simulated moment at which the clock shows `local`, not before `now`. */
  when(local: number, now: Micros): Micros {
    return Math.max(now, Math.ceil(now + (local - this.local(now)) / this.#rate - 1e-6));
  }

  /** From `now` on the clock gains `drift` of each second (0.1 is a tenth), and at once `jump` microseconds; it never goes back. */
  adjust(now: Micros, drift: number, jump = 0): void {
    this.#base = this.local(now) + Math.max(0, jump);
    this.#since = now;
    this.#rate = 1 + drift;
  }
}
