import { describe, expect, it } from 'vitest';
import { NodeClock } from '../src/clock.ts';
import { type Schedule, simulate } from '../src/index.ts';
import { only, ticker } from './support.ts';

/** When a timer of 10 ms ended, in simulated milliseconds. */
const ticks = (seconds: number, schedule: Schedule = []): number[] => {
  const specification = only({ ticker }, [{ address: 'ticker@n1', role: 'ticker' }], { progress: nothing });
  const { trace = [] } = simulate(specification, { seconds, schedule, trace: true });
  return trace.filter(({ type, at }) => type === 'timer.fired' && at <= seconds * 1_000).map(({ at }) => at);
};

const nothing = { about: 'nothing more', withinMs: 1, holds: () => true };

describe('virtual time', () => {
  it('lets a heartbeat of 10 ms beat ten times within 100 ms', () => {
    expect(ticks(0.1)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('passes a day in which little happens in no time', () => {
    const { simulatedSeconds, steps } = simulate(only({ ticker }, [], { progress: nothing }), {
      seconds: 86_400,
      faults: [],
    });
    expect({ simulatedSeconds, steps }).toEqual({ simulatedSeconds: 86_400, steps: 0 });
  });

  it('fires timers sooner where a clock runs fast, those already set too', () => {
    const schedule = [{ kind: 'skew', atMs: 5, forMs: 1_000, nodes: ['n1'], drift: 1 }] satisfies Schedule;
    expect(ticks(0.03, schedule)).toEqual([7.5, 12.5, 17.5, 22.5, 27.5]);
  });

  it('fires timers late where a node is paused, and once for each', () => {
    const schedule = [{ kind: 'pause', atMs: 15, forMs: 50, nodes: ['n1'] }] satisfies Schedule;
    expect(ticks(0.09, schedule)).toEqual([10, 65, 75, 85]);
  });
});

describe("a node's clock", () => {
  it('runs at 1 + drift, jumps ahead, and never goes back', () => {
    const clock = new NodeClock();
    clock.adjust(1_000_000, 0.5, 250_000);
    expect(clock.read(1_000_000)).toBe(1_250);
    expect(clock.read(2_000_000)).toBe(2_750);
    clock.adjust(2_000_000, -0.5, -1_000_000);
    expect(clock.read(2_000_000)).toBe(2_750);
    expect(clock.read(3_000_000)).toBe(3_250);
    expect(clock.when(3_250_000, 2_000_000)).toBe(3_000_000);
  });
});
