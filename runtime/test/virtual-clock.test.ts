import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../src/index.ts';
import { counter, traced } from './support.ts';

describe('the virtual clock', () => {
  it('fires a 10 ms timer that sets itself again ten times within 100 ms', async () => {
    const clock = createVirtualClock();
    const fired: number[] = [];
    const again = () => {
      fired.push(clock.now());
      clock.setTimer(again, 10);
    };
    clock.setTimer(again, 10);
    await clock.advance(100);
    expect(fired).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it("does so for a machine's timer", async () => {
    const clock = createVirtualClock();
    const { system } = await traced({ clock });
    const actor = await system.spawn('c', counter);
    await clock.advance(100);
    expect(actor.getSnapshot().context.seen).toBe(10);
    await system.shutdown();
  });

  it('runs timers by time, then in the order of setting, and none that was cancelled', async () => {
    const clock = createVirtualClock(1_000);
    const fired: string[] = [];
    clock.setTimer(() => fired.push('b'), 20);
    clock.setTimer(() => fired.push('a'), 10);
    clock.setTimer(() => fired.push('c'), 20);
    clock.setTimer(() => fired.push('never'), 15).cancel();
    clock.defer(() => fired.push('first'));
    await clock.advance(30);
    expect(fired).toEqual(['first', 'a', 'b', 'c']);
    expect(clock.now()).toBe(1_030);
  });
});
