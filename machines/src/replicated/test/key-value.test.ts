import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyValueCommand, keyValue, keyValueObject } from '../index.ts';

const key = fc.constantFrom('x', 'y');
const value = fc.integer({ min: 0, max: 3 });
const commands: fc.Arbitrary<KeyValueCommand[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('read' as const), key }),
    fc.record({ type: fc.constant('write' as const), key, value }),
    fc.record({ type: fc.constant('swap' as const), key, expected: fc.option(value), value }),
  ),
);

describe('the key-value store', () => {
  it.each<[string, readonly KeyValueCommand[], readonly (number | null)[]]>([
    ['a key that was never written has no value', [{ type: 'read', key: 'x' }], [null]],
    [
      'a read gives what was written last',
      [
        { type: 'write', key: 'x', value: 1 },
        { type: 'write', key: 'x', value: 2 },
        { type: 'read', key: 'x' },
      ],
      [null, 1, 2],
    ],
    [
      'a swap is done where it meets what it expects',
      [
        { type: 'swap', key: 'x', expected: null, value: 1 },
        { type: 'swap', key: 'x', expected: 7, value: 2 },
        { type: 'swap', key: 'x', expected: 1, value: 3 },
        { type: 'read', key: 'x' },
      ],
      [null, 1, 1, 3],
    ],
  ])('%s', (_, given, responses) => {
    let state = keyValue.initial;
    const told = given.map((command, index) => {
      const [next, response] = keyValue.apply(state, command, index + 1);
      state = next;
      return response;
    });
    expect(told).toEqual(responses);
  });

  it('is, key by key, the object by which histories are judged', () => {
    fc.assert(
      fc.property(commands, (given) => {
        let state = keyValue.initial;
        const byKey = new Map<string, number | null>();
        for (const [index, command] of given.entries()) {
          const [next, response] = keyValue.apply(state, command, index + 1);
          const [value, output] = keyValueObject.apply(byKey.get(command.key) ?? null, command);
          expect(response).toBe(output);
          state = next;
          byKey.set(command.key, value);
        }
      }),
    );
  });
});
