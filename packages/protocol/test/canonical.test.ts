import fc from 'fast-check';
import { Map as ImmutableMap, Set as ImmutableSet, List, OrderedMap } from 'immutable';
import { describe, expect, it } from 'vitest';
import { canonical, Sequence } from '../src/index.ts';

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

class Place {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const bytes = (...values: number[]) => new Uint8Array(values);

/** Pairs of values that are equal by value, made in different ways. */
const EQUAL: readonly (readonly [what: string, a: unknown, b: unknown])[] = [
  ['records, whatever the order of their fields', { a: 1, b: [2] }, { b: [2], a: 1 }],
  ['a field that is undefined and none', { a: 1, b: undefined }, { a: 1 }],
  [
    'maps, whatever the order in which they were filled',
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ],
  ['sets', new Set([1, 2]), new Set([2, 1])],
  ['dates of one moment', new Date(7), new Date(7)],
  ['instances of one class', new Point(1), new Point(1)],
  ['bytes', bytes(1, 2), bytes(1, 2)],
  ['maps of Immutable.js', ImmutableMap({ a: 1, b: 2 }), ImmutableMap({ b: 2, a: 1 })],
  ['sets of Immutable.js', ImmutableSet(['x', 'y']), ImmutableSet(['y', 'x'])],
  ['lists of Immutable.js', List([1, 2]), List([1]).push(2)],
  ['sequences', Sequence.from([1, 2]), Sequence.from([1]).append([2])],
  ['NaN and itself', Number.NaN, Number.NaN],
];

/** Pairs that are told apart. */
const DIFFERENT: readonly (readonly [what: string, a: unknown, b: unknown])[] = [
  ['lists in another order', [1, 2], [2, 1]],
  ['0 and −0', 0, -0],
  ['a number and its text', 1, '1'],
  ['a number and a bigint', 1, 1n],
  ['null and undefined', null, undefined],
  ['a map and a record', new Map([['a', 1]]), { a: 1 }],
  ['a set and a list', new Set([1]), [1]],
  ['maps with other values', new Map([['a', 1]]), new Map([['a', 2]])],
  ['sets that XState writes as {}', new Set([1]), new Set([2])],
  ['classes with equal fields', new Point(1), new Place(1)],
  ['an instance and a record', new Point(1), { x: 1 }],
  [
    'ordered maps in another order',
    OrderedMap([
      ['a', 1],
      ['b', 2],
    ]),
    OrderedMap([
      ['b', 2],
      ['a', 1],
    ]),
  ],
  ['two functions', () => 1, () => 1],
  ['symbols of one name', Symbol('a'), Symbol('a')],
  ['bytes and a list', bytes(1), [1]],
  ['texts that hold what separates', ['a,b'], ['a', 'b']],
  ['keys that hold what separates', { 'a":1,"b': 2 }, { a: 1, b: 2 }],
];

describe('canonical', () => {
  it.each(EQUAL)('is one for %s', (_, a, b) => expect(canonical(a)).toBe(canonical(b)));

  it.each(DIFFERENT)('tells apart %s', (_, a, b) => expect(canonical(a)).not.toBe(canonical(b)));

  it('is equal exactly where JSON data are equal', () => {
    const data = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(data, data, (a, b) => {
        expect(canonical(a)).toBe(canonical(structuredClone(a)));
        let isEqual = true;
        try {
          expect(a).toStrictEqual(b);
        } catch {
          isEqual = false;
        }
        expect(canonical(a) === canonical(b)).toBe(isEqual);
      }),
    );
  });

  it('refuses a value that contains itself', () => {
    const round: { self?: unknown } = {};
    round.self = [round];
    expect(() => canonical(round)).toThrow(expect.objectContaining({ code: 'STATE_CYCLIC' }));
  });

  it('takes a part that stands in two places', () => {
    const part = { a: 1 };
    expect(canonical([part, part])).toBe('[{"a":1},{"a":1}]');
  });
});
