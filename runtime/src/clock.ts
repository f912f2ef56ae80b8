/** Time as a host has it. Injected, so that a test can run a day in a second. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary start. */
  now(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Calls `callback` soon, after input and output that is ready now had its turn. */
  defer(callback: () => void): void;
}

export interface Timer {
  cancel(): void;
}

/** A timer that ends so many milliseconds late tells that the process stood still meanwhile. */
const LATE_MS = 20;

/** Timers that ran out late and have not ended yet. Those after them wait too: timers end in their order. */
const held = new Set<NodeJS.Immediate>();

/**
 * The process's own monotonic clock. After a while in which the process stood still, Node would end all timers before it reads
 * what came meanwhile, and an answer that lies ready would count as missing: what is ready goes before a timer that is late.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(callback, delayMs) {
    const due = performance.now() + delayMs;
    let late: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      if (held.size === 0 && performance.now() < due + LATE_MS) return callback();
      const turn = setImmediate(() => {
        held.delete(turn);
        callback();
      });
      late = turn;
      held.add(turn);
    }, delayMs);
    return {
      cancel() {
        clearTimeout(timer);
        if (late === undefined) return;
        clearImmediate(late);
        held.delete(late);
      },
    };
  },
  defer: (callback) => void setImmediate(callback),
};
