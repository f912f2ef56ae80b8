import { assert } from '@synod/protocol';
import { type Clock, systemClock, type Timer } from '../clock.ts';

/** How a clock differs from a true one. */
export interface Skew {
  /** Seconds that pass on it in a true second: 1 is true, 1.5 fast, 0.5 slow. 0.1 to 10. */
  readonly rate: number;
  /** How far it jumps ahead at once, in milliseconds; it never goes back. Default 0. */
  readonly jumpMs?: number;
}

/** A clock that can be made to run fast, slow or ahead. */
export interface SkewedClock extends Clock {
  readonly rate: number;
  /** Skews it from now on; timers that wait end when it shows their time. */
  skew(skew: Skew): void;
}

interface Waiting {
  /** On this clock. */
  readonly dueAt: number;
  readonly callback: () => void;
  timer: Timer;
}

/** A clock beside `inner`, true until it is skewed. */
export function createSkewedClock(inner: Clock = systemClock): SkewedClock {
  const waiting = new Set<Waiting>();
  let rate = 1;
  let since = 0;
  let base = 0;
  const now = (): number => base + (inner.now() - since) * rate;

  const arm = (each: Waiting): Timer =>
    inner.setTimer(
      () => {
        waiting.delete(each);
        each.callback();
      },
      Math.max(0, each.dueAt - now()) / rate,
    );

  return {
    now,
    defer: (callback) => inner.defer(callback),
    setTimer(callback, delayMs) {
      const each: Waiting = { dueAt: now() + delayMs, callback, timer: { cancel: () => {} } };
      waiting.add(each);
      each.timer = arm(each);
      return {
        cancel() {
          waiting.delete(each);
          each.timer.cancel();
        },
      };
    },
    get rate() {
      return rate;
    },
    skew({ rate: next, jumpMs = 0 }) {
      assert(next >= 0.1 && next <= 10, 'a clock runs at 0.1 to 10 times the true speed');
      assert(jumpMs >= 0, 'a clock never goes back');
      base = now() + jumpMs;
      since = inner.now();
      rate = next;
      // In the order in which they end: of two that are due at once, the earlier one comes first.
      for (const each of [...waiting].sort((a, b) => a.dueAt - b.dueAt)) {
        each.timer.cancel();
        each.timer = arm(each);
      }
    },
  };
}
