import type { Address } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { HEART } from '../cluster.ts';
import { specification } from '../specification.ts';
import { q1, q2, q3, Watch } from './support.ts';

const alive = ['alive', 'alive', 'alive'];
const first = q1 as Address;

describe('figure 10: who is silent is suspected', () => {
  it('a heartbeat in time keeps it alive', () => {
    expect(new Watch().beat().beat().judged).toEqual(alive);
  });

  it('one detector that hears nothing suspects, and no more', () => {
    expect(new Watch().beat().silence(q1).judged).toEqual(['suspected', 'alive', 'alive']);
  });

  it('task 3: when it hears again it trusts, and waits longer from then on', () => {
    const watch = new Watch({ timeoutMs: 2_000, incrementMs: 500 }).beat();
    for (let mistakes = 1; mistakes <= 3; mistakes++) {
      expect(watch.silence(q1).beat().judged).toEqual(alive);
      expect(watch.context(first)).toMatchObject({ mistakes, timeoutMs: 2_000 + 500 * mistakes });
    }
  });

  it('the timeout has a bound', () => {
    const watch = new Watch({ timeoutMs: 100, incrementMs: 80, maxTimeoutMs: 200 }).beat();
    for (let turn = 0; turn < 5; turn++) watch.silence(q1).beat();
    expect(watch.context(first).timeoutMs).toBe(200);
  });
});

describe('failed is what several confirm', () => {
  it('a majority of the detectors, unless another number is asked for', () => {
    expect(new Watch().beat().silence(q1, q2).judged).toEqual(['failed', 'failed', 'alive']);
    expect(new Watch({ quorum: 3 }).beat().silence(q1, q2).judged).toEqual(['suspected', 'suspected', 'alive']);
    expect(new Watch({ quorum: 3 }).beat().silence(q1, q2, q3).judged).toEqual(['failed', 'failed', 'failed']);
  });

  it('who suspects once others do finds it failed at once', () => {
    expect(new Watch().beat().silence(q1, q2).silence(q3).judged).toEqual(['failed', 'failed', 'failed']);
  });

  it('a suspicion that is withdrawn confirms nothing', () => {
    const watch = new Watch().beat().silence(q1);
    watch.receive(HEART, first, { type: 'Heartbeat', life: 1 } as never);
    watch.settle();
    expect(watch.silence(q2).judged).toEqual(['alive', 'suspected', 'alive']);
  });

  it('a suspicion that was lost is said again', () => {
    const watch = new Watch().beat();
    watch.timeout(first, 'timeout');
    watch.flying = [];
    expect(watch.silence(q2).judged).toEqual(['failed', 'suspected', 'alive']);
    watch.timeout(first, 'suspicionInterval');
    watch.settle();
    expect(watch.judged).toEqual(['failed', 'failed', 'alive']);
  });

  it('a detector that has not heard of the later life learns of it, and then confirms it', () => {
    const watch = new Watch();
    watch.settle(({ to }) => to === q1);
    watch.flying = [];
    expect(watch.silence(q2).silence(q1).judged).toEqual(['suspected', 'failed', 'alive']);
    watch.timeout(q2 as Address, 'suspicionInterval');
    watch.settle();
    expect(watch.judged).toEqual(['failed', 'failed', 'alive']);
  });

  it('where a withdrawal was lost, the next suspicion is answered by it, and what it confirmed is only suspected', () => {
    const watch = new Watch().beat().silence(q1, q2);
    watch.receive(HEART, q2 as Address, { type: 'Heartbeat', life: 1 } as never);
    watch.flying = [];
    expect(watch.judged).toEqual(['failed', 'alive', 'alive']);
    watch.timeout(first, 'suspicionInterval');
    watch.settle();
    expect(watch.judged).toEqual(['suspected', 'alive', 'alive']);
    expect(watch.context(first).sources).toEqual([]);
  });

  it('a heartbeat voids what others said before it, so that a lost withdrawal confirms nothing later', () => {
    const watch = new Watch().beat().silence(q2);
    expect(watch.context(first).sources).toEqual([q2]);
    watch.timeout(HEART, 'heartbeatInterval');
    watch.settle(({ message }) => message.type === 'Heartbeat');
    watch.flying = [];
    watch.timeout(first, 'timeout');
    expect(watch.judged).toEqual(['suspected', 'alive', 'alive']);
  });

  it('who still suspects an earlier life is told of the later one', () => {
    const watch = new Watch().beat();
    watch.crash(HEART);
    watch.silence(q1);
    watch.restart(HEART);
    watch.settle(({ to }) => to === q2);
    watch.flying = [];
    watch.timeout(first, 'suspicionInterval');
    watch.settle();
    expect(watch.context(first)).toMatchObject({ life: 2, suspectedLife: 1 });
    expect(watch.beat().context(first)).toMatchObject({ mistakes: 0 });
  });

  it('a source counts once, and strangers do not', () => {
    const watch = new Watch({ quorum: 3 }).beat().silence(q1);
    for (const from of [q2, q2, 'detector@x'] as Address[])
      watch.receive(from, first, { type: 'Suspicion', life: 1 } as never);
    expect(watch.context(first).sources).toEqual([q2]);
    expect(watch.judged[0]).toBe('suspected');
  });

  it('even then a heartbeat is believed: all may have been wrong', () => {
    const watch = new Watch().beat().silence(q1, q2).beat();
    expect(watch.judged).toEqual(alive);
    expect(watch.context(first).mistakes).toBe(1);
  });
});

describe('a process that crashes and starts again', () => {
  it('was rightly suspected: nobody waits longer for it', () => {
    const watch = new Watch().beat();
    watch.crash(HEART);
    expect(watch.silence(q1, q2, q3).judged).toEqual(['failed', 'failed', 'failed']);
    watch.restart(HEART);
    watch.settle();
    expect(watch.judged).toEqual(alive);
    for (const each of [q1, q2, q3])
      expect(watch.context(each as Address)).toMatchObject({ life: 2, mistakes: 0, sources: [] });
  });

  it('what is said of its earlier life means nothing any more', () => {
    const watch = new Watch({ quorum: 2 }).beat();
    watch.crash(HEART);
    watch.restart(HEART);
    watch.settle();
    watch.receive(q2 as Address, first, { type: 'Suspicion', life: 1 } as never);
    watch.receive(HEART, first, { type: 'Heartbeat', life: 1 } as never);
    expect(watch.context(first)).toMatchObject({ life: 2, sources: [] });
  });

  it('a heartbeat from elsewhere means nothing', () => {
    const watch = new Watch().beat().silence(q1);
    watch.receive('heart@x', first, { type: 'Heartbeat', life: 9 } as never);
    expect(watch.judged[0]).toBe('suspected');
  });
});

describe.each([
  ['watch', 'all trust a process that lives'],
  ['gone', 'all hold failed a process that is not there'],
])('under faults: %s', (simulation, outcome) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(`seed %i: no promise is broken, and once they are over ${outcome}`, (seed) => {
    expect(simulate(specification, { simulation, seed, seconds: 60 }).violations).toEqual([]);
  });
});
