import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareLamport,
  compareVectors,
  happensBefore,
  type LamportTimestamp,
  lamportReceive,
  lamportTick,
  type VectorClock,
  vectorMerge,
  vectorReceive,
  vectorTick,
} from '../src/index.ts';

interface Event {
  readonly process: string;
  readonly lamport: LamportTimestamp;
  readonly vector: VectorClock;
  /** Indices of the events that are directly before this one: the last of its process, and the send of a receipt. */
  readonly after: readonly number[];
}

/** A step of an execution: a local event, a send, or the receipt of an earlier send. */
const stepOf = fc.record({
  process: fc.nat({ max: 3 }),
  kind: fc.constantFrom('local', 'send', 'receive'),
  which: fc.nat(),
});
const execution = fc.array(stepOf, { maxLength: 40 }).map((steps) => {
  const events: Event[] = [];
  const sends: number[] = [];
  const last = new Map<string, number>();
  for (const { process: number, kind, which } of steps) {
    const process = `p${number}`;
    const previous = last.get(process);
    const known = previous === undefined ? { lamport: 0, vector: {} } : (events[previous] as Event);
    const from = kind === 'receive' && sends.length > 0 ? sends[which % sends.length] : undefined;
    const sent = from === undefined ? undefined : (events[from] as Event);
    last.set(process, events.length);
    if (kind === 'send') sends.push(events.length);
    events.push({
      process,
      lamport: sent ? lamportReceive(known.lamport, sent.lamport) : lamportTick(known.lamport),
      vector: sent ? vectorReceive(known.vector, sent.vector, process) : vectorTick(known.vector, process),
      after: [previous, from].filter((index) => index !== undefined),
    });
  }
  return events;
});

/** Happens-before by its definition: the transitive closure of "directly before". */
function reachable(events: readonly Event[]): boolean[][] {
  const before = events.map(() => events.map(() => false));
  for (const [at, { after }] of events.entries()) {
    for (const index of after) {
      (before[index] as boolean[])[at] = true;
      for (const row of before) if (row[index]) row[at] = true;
    }
  }
  return before;
}

describe('Lamport clocks', () => {
  it('the Clock Condition: if a → b then C(a) < C(b)', () => {
    fc.assert(
      fc.property(execution, (events) => {
        const before = reachable(events);
        for (const [a, row] of before.entries()) {
          for (const [b, related] of row.entries())
            if (related) expect(events[a]?.lamport).toBeLessThan(events[b]?.lamport as number);
        }
      }),
    );
  });

  it('⇒ is a total order that extends →', () => {
    fc.assert(
      fc.property(execution, (events) => {
        const stamped = events.map(({ lamport: timestamp, process }) => ({ timestamp, process }));
        for (const a of stamped)
          for (const b of stamped) expect(Math.sign(compareLamport(a, b))).toBe(-Math.sign(compareLamport(b, a)) || 0);
        const sorted = [...stamped].sort(compareLamport);
        expect(sorted.every((each, at) => at === 0 || compareLamport(sorted[at - 1] as typeof each, each) <= 0)).toBe(
          true,
        );
      }),
    );
  });
});

describe('vector clocks', () => {
  it('a → b exactly if V(a) < V(b); neither: concurrent', () => {
    fc.assert(
      fc.property(execution, (events) => {
        const before = reachable(events);
        for (const [a, left] of events.entries()) {
          for (const [b, right] of events.entries()) {
            if (a === b) continue;
            const expected = before[a]?.[b] ? 'before' : before[b]?.[a] ? 'after' : 'concurrent';
            expect(compareVectors(left.vector, right.vector)).toBe(expected);
            expect(happensBefore(left.vector, right.vector)).toBe(expected === 'before');
          }
        }
      }),
    );
  });

  const clock = fc.dictionary(fc.constantFrom('p', 'q', 'r'), fc.nat({ max: 5 }), { noNullPrototype: true });

  it('merge is the least upper bound', () => {
    fc.assert(
      fc.property(clock, clock, clock, (a, b, other) => {
        const merged = vectorMerge(a, b);
        const atMost = (x: VectorClock, y: VectorClock) => ['before', 'equal'].includes(compareVectors(x, y));
        expect(atMost(a, merged) && atMost(b, merged)).toBe(true);
        if (atMost(a, other) && atMost(b, other)) expect(atMost(merged, other)).toBe(true);
      }),
    );
  });

  it('a process that is absent counts as 0, and no clock is changed', () => {
    const a = Object.freeze({ p: 1 });
    expect(compareVectors(a, { p: 1, q: 0 })).toBe('equal');
    expect(vectorMerge(a, { p: 0, q: 0 })).toBe(a);
    expect(vectorTick(a, 'p')).toEqual({ p: 2 });
    expect(a).toEqual({ p: 1 });
  });
});
