import type { Address, TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../src/index.ts';

const [a, b]: readonly [Address, Address] = ['x@a', 'x@b'];

describe('the recorder', () => {
  it("keeps each node's vector clock, and counts its records", () => {
    const records: TraceRecord[] = [];
    const recorder = new Recorder((record) => records.push(record));
    const envelope = recorder.send(1, a, b, { type: 'Ping' });
    recorder.deliver(2, envelope);
    const seen = { value: 'idle', context: { count: 1, same: a } };
    recorder.step(
      3,
      b,
      { event: { type: 'Ping' }, envelope },
      { ...seen, context: { ...seen.context, count: 0 } },
      seen,
      [],
    );
    recorder.drop(4, recorder.send(4, b, a, { type: 'Pong' }), 'fault');
    expect(records.map(({ type, node, seq, clock }) => [type, node, seq, clock])).toEqual([
      ['send', 'a', 1, { a: 1 }],
      ['deliver', 'b', 1, {}],
      ['receive', 'b', 2, { a: 1, b: 1 }],
      ['transition', 'b', 3, { a: 1, b: 1 }],
      ['send', 'b', 4, { a: 1, b: 2 }],
      ['drop', 'a', 2, { a: 1 }],
    ]);
    expect(records[3]).toMatchObject({ changed: { count: 1 } });
  });
});
