import { describe, expect, it } from 'vitest';
import type { LinkFault } from '../src/faults.ts';
import { estimateBytes, Link, LinkKind, type LinkOptions } from '../src/link.ts';
import { seedOf } from '../src/random.ts';

const link = (options: LinkOptions = {}, faults: readonly LinkFault[] = []) => ({
  over: new Link(new LinkKind(options), seedOf(1, 'latency'), seedOf(1, 'trouble')),
  faults,
});

/** Sends a message each millisecond. Gives when each arrived, -1 for those lost, and the copies. */
function traffic({ over, faults }: ReturnType<typeof link>, count = 2_000, message: object = { type: 'M' }) {
  const arrivals: number[] = [];
  const copies: number[] = [];
  for (let at = 0; at < count; at++) {
    const arrived = over.send(at * 1_000, message, faults);
    arrivals.push(arrived ? over.arrival : -1);
    if (arrived && over.copy >= 0) copies.push(over.copy);
  }
  return { arrivals, copies, lost: arrivals.filter((at) => at < 0).length };
}

const inOrder = (times: readonly number[]): boolean => times.every((at, index) => at >= (times[index - 1] ?? 0));
const span = { atMs: 0, forMs: 1_000 };

describe('a link without faults', () => {
  it('loses nothing, repeats nothing, and keeps the order', () => {
    const { arrivals, copies, lost } = traffic(link());
    expect({ lost, copies: copies.length, inOrder: inOrder(arrivals) }).toEqual({ lost: 0, copies: 0, inOrder: true });
  });

  it('draws latencies within its bounds, the more of them early the longer the tail', () => {
    const over = (tail: number) => {
      const { arrivals } = traffic(link({ latency: { minMs: 2, maxMs: 12, tail }, reorders: true }));
      return arrivals.map((at, sent) => at / 1_000 - sent).sort((a, b) => a - b);
    };
    const [uniform, tailed] = [over(1), over(4)];
    for (const latencies of [uniform, tailed]) {
      expect(latencies[0]).toBeGreaterThanOrEqual(2);
      expect(latencies.at(-1)).toBeLessThanOrEqual(12);
    }
    expect(uniform[1_000]).toBeCloseTo(7, 0);
    expect(tailed[1_000]).toBeCloseTo(2 + 10 / 16, 0);
    expect(tailed.at(-1)).toBeGreaterThan(11);
  });

  it('has its own loss, duplication and order', () => {
    const { arrivals, copies, lost } = traffic(link({ loss: 0.1, duplicates: 0.2, reorders: true }));
    expect(lost / 2_000).toBeCloseTo(0.1, 1);
    expect(copies.length / 2_000).toBeCloseTo(0.18, 1);
    expect(inOrder(arrivals.filter((at) => at >= 0))).toBe(false);
  });

  it('makes messages queue for the line where its bandwidth is limited', () => {
    const message = { type: 'M', body: 'x'.repeat(976) };
    const bytes = estimateBytes(message);
    const slow = link({ latency: { minMs: 1, maxMs: 1 }, bytesPerSecond: bytes * 100 });
    expect(traffic(slow, 4, message).arrivals).toEqual([11_000, 21_000, 31_000, 41_000]);
  });
});

describe('estimateBytes', () => {
  it.each([
    ['a flat message', { type: 'Vote', term: 3, granted: true }],
    [
      'a list',
      {
        type: 'Append',
        entries: [
          { term: 1, command: 'set x' },
          { term: 1, command: 'set y' },
        ],
      },
    ],
    ['a long list', { entries: Array.from({ length: 1_000 }, (_, index) => `entry ${index}`) }],
  ])('is near the length as JSON: %s', (_, value) => {
    const length = JSON.stringify(value).length;
    expect(estimateBytes(value)).toBeGreaterThan(length * 0.6);
    expect(estimateBytes(value)).toBeLessThan(length * 1.6);
  });
});

describe('a fault on a link', () => {
  it('drop loses the share it says', () => {
    expect(traffic(link({}, [{ kind: 'drop', ...span, chance: 0.25 }])).lost / 2_000).toBeCloseTo(0.25, 1);
  });

  it('duplicate repeats the share it says, and each copy comes later', () => {
    const { copies } = traffic(link({}, [{ kind: 'duplicate', ...span, chance: 0.5 }]));
    expect(copies.length / 2_000).toBeCloseTo(0.5, 1);
  });

  it('reorder lets later messages pass, within its bound', () => {
    const { arrivals } = traffic(link({}, [{ kind: 'reorder', ...span, chance: 0.3, withinMs: 20 }]));
    expect(inOrder(arrivals)).toBe(false);
    for (const [sent, at] of arrivals.entries()) expect(at / 1_000 - sent).toBeLessThan(26);
  });

  it('delay adds what it says, and keeps the order', () => {
    const { arrivals } = traffic(link({}, [{ kind: 'delay', ...span, addMs: [100, 200] }]));
    expect(inOrder(arrivals)).toBe(true);
    for (const [sent, at] of arrivals.entries()) expect(at / 1_000 - sent).toBeGreaterThan(100);
  });

  it('changes the latency of no message that it does not touch', () => {
    const plain = traffic(link({ reorders: true })).arrivals;
    const dropping = traffic(link({ reorders: true }, [{ kind: 'drop', ...span, chance: 0.5 }])).arrivals;
    for (const [sent, at] of dropping.entries()) if (at >= 0) expect(at).toBe(plain[sent]);
  });
});
