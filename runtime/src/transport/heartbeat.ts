import type { Clock, Timer } from '../clock.ts';

/** Intervals in a row without a sign of life after which a peer is taken for dead. */
const MISSED = 2;

interface HeartbeatParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Bytes received so far: any new one is a sign of life, so that a large frame on a slow line is one too. */
  readonly received: () => number;
  /** Makes the peer answer. */
  readonly beat: () => void;
  /** Called at most once. */
  readonly dead: () => void;
}

/** Notices that the other side of a connection is gone, after two to three intervals of silence. */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #timer: Timer | undefined;
  #missed = 0;
  #received = -1;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Begins, unless it has begun. */
  start(): void {
    if (this.#timer) return;
    this.#missed = 0;
    this.#received = -1;
    this.#set();
  }

  /** There is reason to believe that the peer is gone: silence up to the next beat is now enough. */
  probe(): void {
    this.start();
    this.#missed = MISSED - 1;
    this.#received = this.#parts.received();
    this.#parts.beat();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #set(): void {
    this.#timer = this.#parts.clock.setTimer(() => this.#tick(), this.#parts.intervalMs);
  }

  #tick(): void {
    const received = this.#parts.received();
    this.#missed = received === this.#received ? this.#missed + 1 : 0;
    this.#received = received;
    if (this.#missed >= MISSED) return this.#parts.dead();
    // Set anew each time: a process that was suspended for long misses one beat, not many.
    this.#set();
    this.#parts.beat();
  }
}
