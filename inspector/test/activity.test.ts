import { type Chart, chartOf, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { countOf, heatOf, SHADES } from '../src/world/activity.ts';
import { type ActorView, emptyWorld, withNode, withRecord } from '../src/world/world.ts';
import { raftLike } from './support/machines.ts';

const chart = chartOf(raftLike);
const ACTOR = 'm@n1';
let seq = 0;
const base = (at = 0) => ({ seq: ++seq, at, node: 'n1', clock: {} });
const born = (of: Chart = chart): TraceRecord => ({
  ...base(),
  type: 'spawn',
  actor: ACTOR,
  protocol: 'm',
  chart: of,
  state: 'follower',
  context: {},
  recovered: false,
});
const stepped = (
  transitions: readonly string[],
  guards?: Extract<TraceRecord, { type: 'transition' }>['guards'],
): TraceRecord => ({
  ...base(),
  type: 'transition',
  actor: ACTOR,
  event: 'E',
  state: 'follower',
  transitions,
  changed: {},
  ...(guards && { guards }),
});
const set = (id: string, at: number, delayMs: number): TraceRecord => ({
  ...base(at),
  type: 'timer.set',
  actor: ACTOR,
  id,
  delayMs,
});
const over = (type: 'timer.fired' | 'timer.cancelled', id: string): TraceRecord => ({
  ...base(),
  type,
  actor: ACTOR,
  id,
});

const after = (...records: readonly TraceRecord[]): ActorView => {
  const world = records.reduce(withRecord, emptyWorld);
  return world.n1?.actors[ACTOR] as ActorView;
};

describe('an actor in the world', () => {
  it('has the timers that run, with the time they were set and their delay', () => {
    expect(after(born(), set('a', 5, 100), set('b', 7, 50)).timers).toEqual({
      a: { setAt: 5, delayMs: 100 },
      b: { setAt: 7, delayMs: 50 },
    });
    expect(after(born(), set('a', 5, 100), set('a', 9, 10)).timers).toEqual({ a: { setAt: 9, delayMs: 10 } });
    expect(
      after(born(), set('a', 5, 100), set('b', 5, 1), over('timer.fired', 'a'), over('timer.cancelled', 'b')).timers,
    ).toEqual({});
    expect(Object.keys(after(born(), set('__proto__', 5, 100)).timers)).toEqual(['__proto__']);
  });

  it.each<[string, TraceRecord]>([
    ['stops', { ...base(), type: 'stop', actor: ACTOR }],
    ['crashes', { ...base(), type: 'crash', actor: ACTOR, reason: 'x' }],
    ['loses its node', { ...base(), type: 'crash', reason: 'x' }],
    ['begins anew', born()],
  ])('has no timer left when it %s', (_, end) => {
    expect(after(born(), set('a', 5, 100), end).timers).toEqual({});
  });

  it('has no timer left when its process is gone', () => {
    const world = withNode([born(), set('a', 5, 100)].reduce(withRecord, emptyWorld), 'n1', false);
    expect(world.n1?.actors[ACTOR]).toMatchObject({ phase: 'crashed', timers: {} });
  });

  it('is bounded in its timers, whatever a trace says', () => {
    const many = Array.from({ length: 1_500 }, (_, index) => set(`t${index}`, 0, 1));
    expect(Object.keys(after(born(), ...many).timers)).toHaveLength(1_000);
  });

  it('counts how often each transition of its chart was taken, from its birth on', () => {
    const [often, once] = ['roles.candidate#StepDown[0]', 'roles.candidate#always[0]'] as const;
    const actor = after(born(), stepped([often]), stepped([often, once]), stepped([]), stepped(['nowhere']));
    expect([often, once, 'nowhere'].map((ref) => countOf(chart, actor.counts, ref))).toEqual([2, 1, 0]);
    const anew = after(born(), stepped([often]), born());
    expect(countOf(chart, anew.counts, often)).toBe(0);
  });

  it('has how the guards of its last step came out, and of that alone', () => {
    const guards = [{ transition: 'x', condition: 'y', outcome: false }];
    expect(after(born(), stepped([], guards)).lastGuards).toEqual(guards);
    expect(after(born(), stepped([], guards), stepped([])).lastGuards).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['has no lists', { id: 'x', transitions: 5, states: 'none' }],
    ['has nothing in its lists', { id: 'x', transitions: [null, {}, { ref: 7 }], states: [null, 3] }],
    ['is deep', JSON.parse(`${'{"id":"x","states":['.repeat(20_000)}{"id":"x"}${']}'.repeat(20_000)}`)],
  ])('takes a chart that %s', (_, root) => {
    expect(after(born({ id: 'x', root } as Chart), stepped(['a'])).counts).toEqual([]);
  });
});

it('heat grows with the logarithm of how often: the most has the warmest shade, what was never taken none', () => {
  expect([0, 1, 3, 10, 32, 100, 1_000].map((count) => heatOf(count, 1_000))).toEqual([0, 1, 1, 2, 3, 3, SHADES]);
  expect(heatOf(1, 1)).toBe(1);
});
