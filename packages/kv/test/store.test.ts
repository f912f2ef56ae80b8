import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../src/limits.ts';
import { type KvCommand, type KvResponse, type KvState, kvCommand, kvResponses, kvStore } from '../src/store.ts';

const run = (commands: readonly KvCommand[]): readonly [KvState, KvResponse[]] => {
  let state = kvStore.initial;
  const responses = commands.map((command, at) => {
    const [next, response] = kvStore.apply(state, command, at + 1);
    state = next;
    return response;
  });
  return [state, responses];
};

const put = (key: string, value: string, expected?: number): KvCommand =>
  expected === undefined ? { type: 'put', key, value } : { type: 'put', key, value, expected };
const remove = (key: string, expected?: number): KvCommand =>
  expected === undefined ? { type: 'delete', key } : { type: 'delete', key, expected };
const get = (key: string): KvCommand => ({ type: 'get', key });

describe('the store', () => {
  it.each<[string, KvCommand[], KvResponse]>([
    ['get of no key', [get('a')], { type: 'absent' }],
    ['put of a new key', [put('a', '1')], { type: 'written', revision: 1, created: true }],
    ['put of a key', [put('a', '1'), put('a', '2')], { type: 'written', revision: 2, created: false }],
    ['get', [put('a', '1'), put('b', '2'), get('a')], { type: 'value', value: '1', revision: 1 }],
    ['the empty value', [put('a', ''), get('a')], { type: 'value', value: '', revision: 1 }],
    ['delete', [put('a', '1'), remove('a')], { type: 'deleted', revision: 2 }],
    ['delete of no key', [remove('a')], { type: 'absent' }],
    ['get after delete', [put('a', '1'), remove('a'), get('a')], { type: 'absent' }],
    ['put after delete', [put('a', '1'), remove('a'), put('a', '2')], { type: 'written', revision: 3, created: true }],
    ['put if revision', [put('a', '1'), put('a', '2', 1)], { type: 'written', revision: 2, created: false }],
    ['put if another revision', [put('a', '1'), put('a', '2', 7)], { type: 'mismatch', revision: 1 }],
    ['put if absent', [put('a', '1', 0)], { type: 'written', revision: 1, created: true }],
    ['put if absent, and it is there', [put('a', '1'), put('a', '2', 0)], { type: 'mismatch', revision: 1 }],
    ['put if revision of no key', [put('a', '1', 3)], { type: 'mismatch', revision: 0 }],
    ['delete if revision', [put('a', '1'), remove('a', 1)], { type: 'deleted', revision: 2 }],
    ['delete if another revision', [put('a', '1'), remove('a', 2)], { type: 'mismatch', revision: 1 }],
    ['delete if revision of no key', [remove('a', 2)], { type: 'mismatch', revision: 0 }],
    ['delete if absent', [remove('a', 0)], { type: 'absent' }],
    ['keys of Object.prototype', [get('__proto__')], { type: 'absent' }],
  ])('%s', (_, commands, response) => {
    expect(run(commands)[1].at(-1)).toEqual(response);
  });

  it('leaves the state as it is where nothing is written', () => {
    const [state] = run([put('a', '1')]);
    for (const command of [get('a'), put('a', '2', 9), remove('a', 9), remove('b')]) {
      expect(kvStore.apply(state, command, 2)[0]).toBe(state);
    }
  });

  const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'ä/ö');
  const expected = fc.option(fc.nat({ max: 12 }), { nil: undefined });
  const command = fc.oneof(
    key.map(get),
    fc.tuple(key, fc.string(), expected).map((args) => put(...args)),
    fc.tuple(key, expected).map((args) => remove(...args)),
  );

  it('does what a Map does', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const model = new Map<string, { value: string; revision: number }>();
        const [, responses] = run(commands);
        for (const [at, { key, ...rest }] of commands.entries()) {
          const [index, present] = [at + 1, model.get(key)];
          const refused = 'expected' in rest && rest.expected !== (present?.revision ?? 0);
          if (rest.type === 'get')
            expect(responses[at]).toEqual(present ? { type: 'value', ...present } : { type: 'absent' });
          else if (refused) expect(responses[at]).toEqual({ type: 'mismatch', revision: present?.revision ?? 0 });
          else if (rest.type === 'put') {
            expect(responses[at]).toEqual({ type: 'written', revision: index, created: !present });
            model.set(key, { value: rest.value, revision: index });
          } else {
            expect(responses[at]).toEqual(present ? { type: 'deleted', revision: index } : { type: 'absent' });
            model.delete(key);
          }
        }
        expect(new Map(run(commands)[0])).toEqual(model);
      }),
    );
  });

  it('answers as its schemas say, and takes its own commands', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        for (const [at, response] of run(commands)[1].entries()) {
          const { type } = commands[at] as KvCommand;
          expect(v.parse(kvResponses[type], response)).toEqual(response);
          expect(v.is(kvCommand, commands[at])).toBe(true);
        }
      }),
    );
  });
});

describe('a command', () => {
  it.each<[string, unknown]>([
    ['no object', null],
    ['another type', { type: 'clear', key: 'a' }],
    ['an empty key', get('')],
    ['a key of 1,025 bytes', get('a'.repeat(MAX_KEY_BYTES + 1))],
    ['a key of 1,026 bytes in 342 characters', get('€'.repeat(342))],
    ['a key with half a surrogate pair', get('\ud800')],
    ['.', get('.')],
    ['..', get('..')],
    ['a value of more than 1 MiB', put('a', 'x'.repeat(MAX_VALUE_BYTES + 1))],
    ['a value with half a surrogate pair', put('a', '\udc00')],
    ['a value that is no text', { type: 'put', key: 'a', value: 1 }],
    ['a negative revision', put('a', '1', -1)],
    ['a broken revision', put('a', '1', 0.5)],
    ['an unknown field', { ...get('a'), more: true }],
  ])('is refused: %s', (_, command) => {
    expect(v.is(kvCommand, command)).toBe(false);
  });

  it.each([
    get('a'.repeat(MAX_KEY_BYTES)),
    get('€'.repeat(341)),
    get('a\nb\u0000'),
    put('a', 'x'.repeat(MAX_VALUE_BYTES)),
  ])('is taken at the limits', (command) => {
    expect(v.is(kvCommand, command)).toBe(true);
  });

  it('knows its size in bytes', () => {
    const command = put('ä', '€');
    expect([kvStore.bytes(command), kvStore.bytes(command), kvStore.bytes(get('ab'))]).toEqual([5, 5, 2]);
  });
});
