import { assert } from '@synod/protocol';
import type { Clock } from './clock.ts';

/** A clock that stands still until it is told to advance: for tests, and for runs that must come out the same twice. */
export interface VirtualClock extends Clock {
  /**
   * Runs all that is due within the next `ms` milliseconds, in order of time and then of setting; before each timer
   * it lets promises settle. A timer of 10 ms that sets itself again fires ten times within `advance(100)`.
   */
  advance(ms: number): Promise<void>;
  /** Timers waiting. */
  readonly pending: number;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Microtask turns granted to promise chains (a storage's commit, a step's release) before time moves on. */
const SETTLE_TURNS = 16;

export function createVirtualClock(start = 0): VirtualClock {
  let now = start;
  let order = 0;
  const entries: Entry[] = [];

  // Entries stay sorted; a run has few timers at a time, and insertion near the end is cheap.
  const add = (callback: () => void, delayMs: number): Entry => {
    const entry = { at: now + Math.max(0, delayMs), order: order++, callback };
    let index = entries.length;
    while (index > 0 && (entries[index - 1] as Entry).at > entry.at) index--;
    entries.splice(index, 0, entry);
    return entry;
  };

  const settle = async () => {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await undefined;
  };

  return {
    now: () => now,
    setTimer(callback, delayMs) {
      const entry = add(callback, delayMs);
      return {
        cancel() {
          const index = entries.indexOf(entry);
          if (index >= 0) entries.splice(index, 1);
        },
      };
    },
    defer: (callback) => void add(callback, 0),
    async advance(ms) {
      assert(ms >= 0, 'time does not run backwards');
      const end = now + ms;
      await settle();
      for (let next = entries[0]; next && next.at <= end; next = entries[0]) {
        entries.shift();
        now = next.at;
        next.callback();
        await settle();
      }
      now = end;
    },
    get pending() {
      return entries.length;
    },
  };
}
