import { canonical, Sequence } from '@synod/protocol';
import * as immutable from 'immutable';
import { describe, expect, it } from 'vitest';
import { anything, instance } from '../../src/write/instance.ts';
import { literal } from '../../src/write/literal.ts';

class Card {
  readonly number: string;
  readonly #secret = 1;
  constructor(number: string) {
    this.number = number;
  }
  get secret(): number {
    return this.#secret;
  }
}

/** What source text comes to. */
const evaluated = (text: string): unknown =>
  new Function('instance', 'anything', 'immutable', 'Sequence', `return (${text});`)(
    instance,
    anything,
    immutable,
    Sequence,
  );

const VALUES: readonly (readonly [string, unknown])[] = [
  ['text', 'it\'s "so"\n\u2028'],
  ['numbers', [0, -0, 1.5e-7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ['bigints', [0n, -12345678901234567890n]],
  ['nothing', [null, undefined]],
  ['dates', [new Date('2024-02-29T12:00:00.001Z'), new Date(Number.NaN)]],
  [
    'maps',
    new Map<unknown, unknown>([
      [{ a: 1 }, new Map()],
      ['b', new Set([1n])],
    ]),
  ],
  ['sets', new Set(['a', new Date(0)])],
  ['bytes', new Uint8Array([1, 255])],
  ['errors', [new Error('no'), new TypeError("can't")]],
  ['patterns', /a\/b/giu],
  ['addresses', new URL('https://example.org/?q=1')],
  ['odd keys', { 'a-b': 1, "it's": 2, 3: 4, ünïcode: 5 }],
  ['no prototype', Object.assign(Object.create(null), { a: 1 })],
  ['long lists', Array.from({ length: 60 }, (_, n) => `item ${n}`)],
  ['symbols', { is: Symbol.for('a').description }],
];

describe('a value as source text', () => {
  it.each(VALUES)('comes to an equal value: %s', (_, value) => {
    for (const expected of [true, false]) {
      const { text, unwritable } = literal(value, { expected });
      expect(unwritable).toEqual([]);
      expect(canonical(evaluated(text))).toBe(canonical(value));
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    }
  });

  it('stands for an instance of a class where one is expected, by its class and fields', () => {
    const { text, helpers } = literal({ card: new Card('42') }, { expected: true });
    expect(text).toBe("{ card: instance('Card', { number: '42' }) }");
    expect([...helpers]).toEqual(['instance']);
    expect(canonical(evaluated(text))).toBe(canonical({ card: new Card('42') }));
    expect(canonical(evaluated(text))).not.toBe(canonical({ card: { number: '42' } }));
  });

  it('makes collections of Immutable.js and sequences again, where a machine is handed them', () => {
    const value = {
      map: immutable.Map([['a', immutable.List([1])]]),
      log: Sequence.from(['x']),
      set: immutable.Set([2]),
    };
    const { text, unwritable, helpers } = literal(value);
    expect(unwritable).toEqual([]);
    expect([...helpers].sort()).toEqual(['Sequence', 'immutable']);
    const made = evaluated(text) as typeof value;
    expect(canonical(made)).toBe(canonical(value));
    expect(immutable.Map.isMap(made.map)).toBe(true);
    expect(made.log).toBeInstanceOf(Sequence);
  });

  it.each([
    ['an instance of a class', new Card('1'), 'an instance of Card'],
    ['a function', Math.max, 'the function max'],
    ['a symbol', Symbol('own'), 'the symbol Symbol(own)'],
  ])('names what cannot be made again, and where: %s', (_, value, what) => {
    const { text, unwritable } = literal({ deep: [value] }, { place: 'send' });
    expect([text, unwritable]).toEqual(['{ deep: [undefined] }', [{ place: 'send.deep.0', what }]]);
  });

  it('names what contains itself', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(literal(loop, { expected: true })).toMatchObject({
      text: '{ self: anything }',
      unwritable: [{ place: 'self', what: 'an object that contains itself' }],
    });
  });
});
