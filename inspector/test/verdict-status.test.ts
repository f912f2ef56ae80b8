import { describe, expect, it } from 'vitest';
import { statusAt, stepAt, stepFrom, stretchesOf } from '../page/views/verdicts/status.ts';
import type { JudgedProperty, ToldStep } from '../src/world/verdicts.ts';

const property = (more: Partial<JudgedProperty>): JudgedProperty => ({
  name: 'Agreement',
  kind: 'always',
  verdict: 'violated',
  ...more,
});

describe('the status of a property at a place', () => {
  const along = property({
    changes: [
      [2, true],
      [9, false],
    ],
  });

  it.each([
    [1, 'unknown'],
    [2, 'holds'],
    [8, 'holds'],
    [9, 'broken'],
  ] as const)('where it is known throughout: after %i records %s', (cursor, status) => {
    expect(statusAt(along, cursor)).toBe(status);
  });

  it('of one that need not hold always is no breach while it does not', () => {
    expect(statusAt({ ...along, kind: 'eventually' }, 9)).toBe('notYet');
    expect(statusAt({ ...along, kind: 'sometimes' }, 9)).toBe('notYet');
  });

  it('where only its step is known: from the end of that step on', () => {
    const broken = property({ kind: 'assertion', at: [4, 6] });
    expect([5, 6].map((cursor) => statusAt(broken, cursor))).toEqual(['unknown', 'broken']);
    const came = property({ kind: 'sometimes', verdict: 'holds', at: [4, 6] });
    expect([5, 6].map((cursor) => statusAt(came, cursor))).toEqual(['notYet', 'cameAbout']);
    expect(statusAt(property({ verdict: 'open' }), 5)).toBe('unknown');
  });

  it('as stretches of the whole run, the last one to be seen even where it is only the end', () => {
    expect(stretchesOf(along, 10)).toEqual([
      { from: 0.2, to: 0.9, holds: true },
      { from: 0.9, to: 1, holds: false },
    ]);
    expect(stretchesOf(along, 9).at(-1)).toEqual({ from: 8 / 9, to: 1, holds: false });
    expect(stretchesOf(along, 0)).toEqual([]);
    expect(stretchesOf(property({}), 10)).toEqual([]);
  });
});

describe('a walk by steps', () => {
  const step = (from: number, to: number): ToldStep => ({
    records: [from, to],
    action: 'deliver',
    node: 'n1',
    text: '',
  });
  const steps = [step(2, 5), step(5, 6), step(6, 9)];

  it('knows which step is shown, also within one', () => {
    expect([0, 2, 3, 5, 6, 9].map((cursor) => stepAt(steps, cursor))).toEqual([-1, -1, 0, 0, 1, 2]);
  });

  it('goes from the end of one to the end of another, and back to the start', () => {
    expect([0, 2, 3, 5, 6, 9].map((cursor) => stepFrom(steps, cursor, 1))).toEqual([5, 5, 5, 6, 9, undefined]);
    expect([9, 8, 6, 5, 2, 0].map((cursor) => stepFrom(steps, cursor, -1))).toEqual([6, 6, 5, 2, undefined, undefined]);
    expect(stepFrom([], 3, 1)).toBeUndefined();
  });
});
