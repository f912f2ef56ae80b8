import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import {
  AssertionError,
  actorOf,
  address,
  defineProtocol,
  describeError,
  isAddress,
  nextRandom,
  nodeOf,
  parseAddress,
  received,
  SynodError,
  seedFrom,
  validateMessage,
} from '../src/index.ts';

describe('an address', () => {
  it.each(['a@n', 'raft@n1', 'a.b-c_d@host.example'])('%s is one', (text) => {
    expect(isAddress(text)).toBe(true);
    const { actor, node } = parseAddress(text);
    expect(address(actor, node)).toBe(text);
    expect([actorOf(text as never), nodeOf(text as never)]).toEqual([actor, node]);
  });

  it.each(['', '@', 'a@', '@n', 'a', 'a b@n', 'a@n@m', '-a@n', 'a@n\n', `a@${'n'.repeat(129)}`, '<i>@n', null, 7])(
    '%j is none',
    (text) => {
      expect(isAddress(text)).toBe(false);
      if (typeof text === 'string')
        expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
    },
  );
});

describe('a coded error', () => {
  it('has a code, is definite unless it says otherwise, and keeps its cause', () => {
    const cause = new Error('underneath');
    expect(new SynodError('X', 'text')).toMatchObject({ code: 'X', message: 'text', definite: true, details: {} });
    expect(new SynodError('X', 'text', { definite: false, cause, details: { limit: 1 } })).toMatchObject({
      definite: false,
      cause,
      details: { limit: 1 },
    });
  });

  it.each([
    [new SynodError('X', 'text'), 'X: text'],
    [new Error('plain'), 'plain'],
    ['thrown text', 'thrown text'],
    [undefined, 'undefined'],
  ])('%s reads well', (error, text) => {
    expect(describeError(error)).toBe(text);
  });
});

describe('a message', () => {
  const machine = createMachine({ initial: 'on', states: { on: { on: { Ping: 'on', Pong: 'on' } } } });
  const protocol = defineProtocol({
    name: 'ping',
    machine,
    messages: { Ping: v.strictObject({ type: v.literal('Ping'), n: v.pipe(v.number(), v.integer()) }) },
  });

  it.each([
    { message: { type: 'Ping', n: 1 }, code: undefined },
    { message: { type: 'Ping', n: 1.5 }, code: 'MESSAGE_INVALID' },
    { message: { type: 'Ping' }, code: 'MESSAGE_INVALID' },
    { message: { type: 'Ping', n: 1, from: 'forged@n9' }, code: 'MESSAGE_INVALID' },
    { message: { type: 'Pong' }, code: 'MESSAGE_UNKNOWN' },
    { message: { type: 'constructor' }, code: 'MESSAGE_UNKNOWN' },
    { message: { type: '__proto__' }, code: 'MESSAGE_UNKNOWN' },
  ])('is checked by the schema of its type: $message', ({ message, code }) => {
    expect(validateMessage(protocol, message).error?.code).toBe(code);
  });

  it("cannot say whom it is from: the host's word wins", () => {
    expect(received({ type: 'X', from: 'forged@n9', at: -1 } as never, 'a@n1', 5)).toEqual({
      type: 'X',
      from: 'a@n1',
      at: 5,
    });
  });

  it.each([
    { what: 'a name that is none', definition: { name: 'Ping Pong', machine, messages: {} } },
    {
      what: 'a schema for a message that no state receives',
      definition: { name: 'p', machine, messages: { Pang: v.object({}) } },
    },
    { what: 'a durable field twice', definition: { name: 'p', machine, messages: {}, durable: ['a', 'a'] as never } },
  ])('a declaration with $what is a programmer error', ({ definition }) => {
    expect(() => defineProtocol(definition)).toThrow(AssertionError);
  });
});

describe('the generator', () => {
  it('gives the same numbers for the same seed, in [0, 1), evenly', () => {
    const draw = (seed: number, count: number) => {
      const values: number[] = [];
      for (let state = seed; values.length < count; ) {
        const [value, next] = nextRandom(state);
        values.push(value);
        state = next;
      }
      return values;
    };
    expect(draw(1, 100)).toEqual(draw(1, 100));
    expect(draw(1, 5)).not.toEqual(draw(2, 5));
    const values = draw(7, 100_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => values.filter((value) => Math.floor(value * 10) === tenth).length,
    );
    // Six standard deviations of a binomial with n = 100,000 and p = 0.1.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(570);
  });

  it('is seeded apart by text', () => {
    expect(new Set(['1/a@n1', '1/a@n2', '2/a@n1', ''].map(seedFrom)).size).toBe(4);
  });
});
