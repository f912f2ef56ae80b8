import { describe, expect, it } from 'vitest';
import { bestWindow, lanesOf, moved, ticks, within, zoomed } from '../page/views/verdicts/lanes.ts';
import type { ClientOperation } from '../src/world/verdicts.ts';

const operation = (client: string, invokedAt: number, returnedAt?: number, more = {}): ClientOperation => ({
  client,
  input: 'read',
  outcome: returnedAt === undefined ? 'unknown' : 'returned',
  invokedAt,
  ...(returnedAt !== undefined && { returnedAt }),
  records: [invokedAt],
  ...more,
});

describe('operations on rows', () => {
  it('a row for each client, more where it does several things at once', () => {
    const lanes = lanesOf([operation('b', 0, 5), operation('a', 1, 4), operation('b', 3, 8), operation('b', 5, 6)]);
    expect(lanes.clients).toEqual([
      { name: 'a', row: 0, rows: 1 },
      { name: 'b', row: 1, rows: 2 },
    ]);
    expect(lanes.laid.map(({ row, operation: { invokedAt } }) => [invokedAt, row])).toEqual([
      [1, 0],
      [0, 1],
      [3, 2],
      [5, 1],
    ]);
    expect([lanes.rows, lanes.whole]).toEqual([3, { from: 0, to: 8 }]);
  });

  it('one without an answer lasts to the end', () => {
    const { laid } = lanesOf([operation('a', 1), operation('b', 2, 9)]);
    expect(laid[0]).toMatchObject({ end: 9 });
  });

  it('shows those that a window meets', () => {
    const lanes = lanesOf([operation('a', 0, 2), operation('a', 3, 5), operation('a', 8, 9)]);
    expect(within(lanes, { from: 2, to: 4 }).map(({ operation: { invokedAt } }) => invokedAt)).toEqual([0, 3]);
  });

  it('no operations have rows nor a length of 0', () => {
    expect(lanesOf([])).toEqual({ laid: [], clients: [], rows: 0, whole: { from: 0, to: 1 } });
    expect(lanesOf([operation('a', 4, 4)]).whole).toEqual({ from: 4, to: 5 });
  });
});

describe('the window', () => {
  const many = Array.from({ length: 100 }, (_, index) => operation('a', index * 10, index * 10 + 5));

  it('shows what offends, else some operations around the place, else all', () => {
    const bad = many.map((each, index) => (index === 70 ? { ...each, offends: true } : each));
    const { from, to } = bestWindow(lanesOf(bad), undefined);
    expect(from).toBeLessThan(700);
    expect(from).toBeGreaterThan(690);
    expect(to).toBeLessThan(710);
    const around = bestWindow(lanesOf(many), 300);
    expect(around.from).toBeGreaterThan(100);
    expect(around.to).toBeLessThan(500);
    const few = bestWindow(lanesOf(many.slice(0, 5)), undefined);
    expect([few.from < 0, few.to > 45]).toEqual([true, true]);
  });

  it('is zoomed about a place, which stays, and never leaves the history', () => {
    const whole = { from: 0, to: 1_000 };
    expect(zoomed({ from: 400, to: 600 }, 0.5, 0.25, whole)).toEqual({ from: 425, to: 525 });
    const out = zoomed({ from: 400, to: 600 }, 100, 0.5, whole);
    expect(out.to - out.from).toBeCloseTo(1_100);
    expect(moved({ from: 900, to: 1_000 }, 5, whole)).toEqual({ from: 950, to: 1_050 });
    expect(moved({ from: 0, to: 100 }, -5, whole)).toEqual({ from: -50, to: 50 });
  });

  it('has marks at round places', () => {
    expect(ticks({ from: 3, to: 48 }, 5)).toEqual([10, 20, 30, 40]);
    expect(ticks({ from: 0, to: 1 }, 4)).toHaveLength(3);
  });
});
