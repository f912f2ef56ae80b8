import type { TraceEvent, TraceRecord } from '@synod/protocol';
import { encodeTrace } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../src/index.ts';

const record = (seq: number, at: number, event: TraceEvent, clock = {}): TraceRecord => ({
  seq,
  at,
  node: 'n1',
  clock,
  ...event,
});
const fired = (id: string): TraceEvent => ({ type: 'timer.fired', actor: 'raft@n1', id });
const took = (term: number): TraceEvent => ({
  type: 'receive',
  actor: 'raft@n1',
  event: { type: 'Vote', term } as { type: string },
});

const recorded = [record(1, 5, fired('a')), record(2, 6, took(1)), record(3, 7, fired('b'))];

describe('the first difference of two traces', () => {
  it('none between equal ones', () => {
    expect(firstDifference(recorded, structuredClone(recorded))).toBeUndefined();
    expect(firstDifference([], [])).toBeUndefined();
  });

  it.each([
    [
      'another time',
      recorded.with(1, record(2, 6.5, took(1))),
      1,
      'Step 1, "receive" of raft@n1 at 6 ms, differs in "at": recorded 6, replayed 6.5.',
    ],
    [
      'another event, and the type tells more than its fields',
      recorded.with(1, record(2, 9, fired('x'))),
      1,
      'Step 1, "receive" of raft@n1 at 6 ms, differs in "type": recorded receive, replayed timer.fired.',
    ],
    [
      'another content',
      recorded.with(1, record(2, 6, took(2), { n1: 4 })),
      1,
      'Step 1, "receive" of raft@n1 at 6 ms, differs in "event": recorded {term:1,type:Vote}, replayed {term:2,type:Vote}.',
    ],
    [
      'only the clock',
      recorded.with(0, record(1, 5, fired('a'), { n1: 4 })),
      0,
      'Step 0, "timer.fired" of raft@n1 at 5 ms, differs in "clock": recorded {}, replayed {n1:4}.',
    ],
    [
      'an end too soon',
      recorded.slice(0, 2),
      2,
      'The replayed trace ends before step 2, "timer.fired" of raft@n1 at 7 ms.',
    ],
    [
      'more than was recorded',
      [...recorded, record(4, 8, fired('c'))],
      3,
      'Only the replayed trace goes on with step 3, "timer.fired" of raft@n1 at 8 ms.',
    ],
  ])('%s', (_, replayed, index, message) => {
    const [old, fresh] = [recorded[index], replayed[index]];
    expect(firstDifference(recorded, replayed)).toEqual({
      index,
      ...(old && { recorded: encodeTrace(old) }),
      ...(fresh && { replayed: encodeTrace(fresh) }),
      message,
    });
  });

  it('traces are equal to the byte, or they are not', () => {
    const { seq, ...rest } = recorded[0] as TraceRecord;
    const turned = recorded.with(0, { ...rest, seq } as TraceRecord);
    expect(firstDifference(recorded, turned)?.message).toBe(
      'Step 0, "timer.fired" of raft@n1 at 5 ms, has its fields in another order.',
    );
  });
});
