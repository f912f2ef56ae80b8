import {
  canonical,
  decodeTrace,
  encodeRecording,
  encodeTrace,
  type RecordedLine,
  Sequence,
  type TraceRecord,
} from '@synod/protocol';
import { Map as ImmutableMap, Set as ImmutableSet, List, OrderedMap, OrderedSet } from 'immutable';
import { describe, expect, it } from 'vitest';
import { restore } from '../src/index.ts';

const received = (value: unknown): TraceRecord => ({
  seq: 1,
  at: 0,
  node: 'n1',
  clock: { n1: 1 },
  type: 'receive',
  actor: 'a@n1',
  event: { type: 'E', value } as never,
});

const reread = (value: unknown) => {
  const { record, opaque } = restore(decodeTrace(encodeRecording(received(value))) as RecordedLine);
  return { value: (record as unknown as { event: { value: unknown } }).event.value, opaque };
};

class Grid {
  readonly rows = 2;
}

it('holds the input of a machine, which a trace for people leaves out', () => {
  const chart = { id: 'm', root: { id: 'm' } } as never;
  const spawn = { ...received(0), type: 'spawn', protocol: 'p', chart, state: 'a', context: {}, recovered: false };
  const record = { ...spawn, input: { seed: 1 } } as unknown as TraceRecord;
  expect(JSON.parse(encodeRecording(record))).toMatchObject({ input: { seed: 1 } });
  expect(JSON.parse(encodeTrace(record))).not.toHaveProperty('input');
});

describe('a value in a recording', () => {
  it.each([
    ['plain data', { a: [1, 'x', null, true, { b: [] }] }],
    ['a sequence of objects', Sequence.from([{ term: 1 }, { term: 2 }])],
    [
      'a map with numbers as keys, in their order',
      new Map<unknown, unknown>([
        [10, 'a'],
        [2, { b: new Set([1]) }],
      ]),
    ],
    ['a set', new Set(['b', 'a'])],
    [
      'an Immutable map',
      ImmutableMap<unknown, unknown>([
        [3, 'x'],
        [1, List([1, 2])],
      ]),
    ],
    [
      'an ordered map and set',
      [
        OrderedMap([
          ['b', 1],
          ['a', 2],
        ]),
        OrderedSet([2, 1]),
      ],
    ],
    ['an Immutable set and list', [ImmutableSet([1, 2]), List(['a'])]],
    ['numbers that JSON does not know', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]],
    ['a bigint, a date, bytes', { big: 12n, date: new Date(5), bytes: new Uint8Array([0, 255]) }],
    ['undefined in a list', [1, undefined]],
    ['sequences within maps within sequences', Sequence.from([new Map([['k', Sequence.from([new Map([[1, 2]])])]])])],
  ])('keeps its type: %s', (_, value) => {
    const again = reread(value);
    expect(again.opaque).toEqual([]);
    expect(canonical(again.value)).toBe(canonical(value));
    const entries = (each: unknown): unknown =>
      ImmutableMap.isMap(each) || each instanceof Map ? [...each.keys()] : undefined;
    expect(entries(again.value)).toEqual(entries(value));
  });

  it.each([
    ['an instance of a class', { grid: new Grid() }, 'event.value.grid (an instance of Grid)'],
    ['a function', { f: () => 1 }, 'event.value.f (a function)'],
    ['a secret', { token: 'x' }, 'event.value.token (a secret)'],
    ['a map with objects as keys', new Map([[{}, 1]]), 'event.value (a map with keys other than texts)'],
  ])('is named where it cannot be kept: %s', (_, value, named) => {
    expect(reread(value).opaque).toEqual([named]);
  });

  it.each([
    [[[['event', 'nowhere', 'x'], 'Sequence']]],
    [[[['event', 'type'], 'Sequence']]],
    [[[['event', '__proto__'], 'Set']]],
    [[[['event', 'value'], 'Nonsense']]],
    [[[[], 'Set']]],
  ])('is refused where the notes on types do not fit: %j', (types) => {
    const line = { ...JSON.parse(encodeRecording(received({ a: 1 }))), types };
    expect(() => restore(line)).toThrow(expect.objectContaining({ code: 'TRACE_INVALID' }));
  });
});
