import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { isTarget, nextTarget } from '../page/timeline/jump.ts';
import { Tallies } from '../page/timeline/tallies.ts';
import { timeWords } from '../page/timeline/words.ts';
import { BLOCK } from '../src/story/block.ts';
import { Story } from '../src/story/story.ts';
import { note, spawn, turn } from './support.ts';

const lines = (records: readonly object[]): string[] => records.map((record) => JSON.stringify(record));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('the picture of the time', () => {
  const crash = { ...note('n1', ''), type: 'crash', reason: 'fault' };

  it('has each record in one bar, as the story grows and forgets', () => {
    const story = new Story({ maxBytes: 4 * BLOCK * 200 });
    const tallies = new Tallies(story);
    for (let part = 0; part < 8; part++) {
      const records: object[] = [];
      for (let at = 0; at < 1_000; at++)
        records.push({ ...turn('n1', at % 2 ? 'green' : 'red', at), at: part * 1_000 + at });
      records.push({ ...crash, at: part * 1_000 + 999 });
      story.append(lines(records));
      tallies.update();
      const bars = tallies.bars(50);
      expect(bars).toHaveLength(50);
      expect(sum(bars.map(({ count }) => count))).toBeCloseTo(story.length - story.first, 6);
      expect(sum(bars.map(({ bad }) => bad))).toBeGreaterThan(0);
      expect(tallies.span).toEqual({ from: story.at(story.first), to: part * 1_000 + 999 });
    }
    expect(story.first).toBeGreaterThan(0);
  });

  it('shows where it was quiet', () => {
    const story = new Story();
    story.append(lines([...Array(300)].map((_, at) => ({ ...note('n1', 'x'), at: at < 150 ? at : 10_000 + at }))));
    const tallies = new Tallies(story);
    tallies.update();
    const counts = tallies.bars(10).map(({ count }) => count);
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts.slice(1, 8)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(counts[9]).toBeGreaterThan(0);
  });

  it('is empty where nothing has happened', () => {
    const tallies = new Tallies(new Story());
    tallies.update();
    expect(tallies.bars(3)).toEqual(Array(3).fill({ count: 0, rare: 0, bad: 0 }));
  });
});

describe('a jump', () => {
  const story = new Story();
  const send = { ...note('n1', ''), type: 'send', id: '1', from: 'a@n1', to: 'a@n2', message: { type: 'Ping' } };
  const drop = { ...note('n2', ''), type: 'drop', reason: 'fault', id: '1' };
  const fired = { ...note('n1', ''), type: 'timer.fired', actor: 'light@n1', id: 'soon' };
  const records: TraceRecord[] = [spawn('n1'), turn('n1', 'red', 1), turn('n1', 'green', 2), note('n1', 'x')];
  story.append(lines([...records, send, drop, fired, { ...send, id: '2' }]));

  it.each([
    ['change', 2],
    ['message', 4],
    ['lost', 5],
    ['failure', 0],
    ['timer', 6],
    ['note', 3],
  ] as const)('to a %s', (jump, index) => {
    const isWanted = isTarget(jump, undefined);
    expect(nextTarget(story, 0, 1, isWanted)).toBe(index);
    expect(nextTarget(story, index + 1, -1, isWanted)).toBe(index);
    expect(nextTarget(story, index, -1, isWanted)).toBeUndefined();
  });

  it('to what is like the selected event', () => {
    expect(nextTarget(story, 5, 1, isTarget('alike', 4))).toBe(7);
    expect(nextTarget(story, 0, 1, isTarget('alike', undefined))).toBeUndefined();
  });
});

it.each([
  [0, 'ms', '0 ms'],
  [0.25, 'ms', '0.250 ms'],
  [1_360.4, 'ms', '1,360 ms'],
  [61_500, 'ms', '1 min 1.5 s'],
  [7_260_000, 'ms', '2 h 1 min'],
  [12, 'step', 'step 12'],
] as const)('the time %d %s is %s', (time, unit, words) => {
  expect(timeWords(time, unit)).toBe(words);
});
