import { describe, expect, it } from 'vitest';
import { createSkewedClock } from '../../src/faults/skewed-clock.ts';
import { createVirtualClock } from '../../src/virtual-clock.ts';
import { counter, ofType, traced } from '../support.ts';

function skewed() {
  const truth = createVirtualClock(1_000);
  const clock = createSkewedClock(truth);
  const fired: string[] = [];
  const set = (name: string, ms: number) => clock.setTimer(() => fired.push(`${name} at ${truth.now()}`), ms);
  return { truth, clock, fired, set };
}

describe('a skewed clock', () => {
  it('is true until it is skewed', async () => {
    const { truth, clock, fired, set } = skewed();
    set('a', 10);
    await truth.advance(10);
    expect([clock.now(), clock.rate, fired]).toEqual([1_010, 1, ['a at 1010']]);
  });

  it.each([
    { rate: 2, shows: 1_200, ends: 1_050 },
    { rate: 0.5, shows: 1_050, ends: 1_200 },
  ])('at rate $rate shows $shows after 100 ms, and a timer of 100 ms ends at $ends', async ({ rate, shows, ends }) => {
    const { truth, clock, fired, set } = skewed();
    clock.skew({ rate });
    set('a', 100);
    await truth.advance(100);
    expect(clock.now()).toBe(shows);
    await truth.advance(100);
    expect(fired).toEqual([`a at ${ends}`]);
  });

  it('has timers that wait end when it shows their time, however often it is skewed', async () => {
    const { truth, clock, fired, set } = skewed();
    set('a', 100);
    await truth.advance(50);
    clock.skew({ rate: 2 });
    await truth.advance(10);
    clock.skew({ rate: 0.5 });
    await truth.advance(1_000);
    // 50, then 20 in 10 ms, then 30 in 60 ms.
    expect(fired).toEqual(['a at 1120']);
  });

  it('that jumps ahead ends at once what is due by then, in order, and is not skewed otherwise', async () => {
    const { truth, clock, fired, set } = skewed();
    set('late', 90);
    set('early', 30);
    set('later', 200);
    const cancelled = set('cancelled', 20);
    cancelled.cancel();
    clock.skew({ rate: 1, jumpMs: 100 });
    await truth.advance(0);
    expect([fired, clock.now()]).toEqual([['early at 1000', 'late at 1000'], 1_100]);
    await truth.advance(100);
    expect(fired).toEqual(['early at 1000', 'late at 1000', 'later at 1100']);
    expect(truth.pending).toBe(0);
  });

  it('makes the timers of a system run fast, while its trace keeps true time', async () => {
    const truth = createVirtualClock();
    const clock = createSkewedClock(truth);
    const { system, trace } = await traced({ clock, traceClock: truth });
    await system.spawn('counter', counter);
    clock.skew({ rate: 4 });
    await truth.advance(100);
    const fired = ofType(trace, 'timer.fired');
    expect(fired).toHaveLength(40);
    expect(fired.at(-1)?.at).toBe(100);
    await system.kill();
  });
});
