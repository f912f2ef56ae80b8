import { canonical } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, cancel, createMachine, fromPromise, raise, spawnChild, stopChild } from 'xstate';
import type { World } from '../../src/subject.ts';
import type { Stimulus } from '../../src/test-case.ts';
import { Keys } from '../../src/world/key.ts';
import { createSubject } from '../../src/world/subject.ts';

class Money {
  readonly amount: bigint;
  constructor(amount: bigint) {
    this.amount = amount;
  }
}

const job = fromPromise(async () => 1);
const other = fromPromise(async () => 2);
const set = (type: string, delay: number, id?: string) => raise({ type }, { delay, ...(id && { id }) });

/** Whatever an event says. */
const subject = createSubject(
  createMachine({
    id: 'm',
    context: {},
    initial: 'p',
    states: {
      p: {
        initial: 'a',
        states: { a: { on: { N: 'b' } }, b: { on: { N: 'a' } }, h: { type: 'history' } },
        on: { OUT: 'q' },
      },
      q: { on: { BACK: 'p.h' } },
    },
    on: {
      PUT: { actions: assign(({ event }) => ({ v: event.v })) },
      T10: { actions: set('X', 10) },
      T20: { actions: set('Y', 20) },
      NAMED: { actions: set('X', 10, 't') },
      CANCEL: { actions: cancel('t') },
      JOB: { actions: spawnChild(job, { id: 'j', input: 1 }) },
      JOB2: { actions: spawnChild(job, { id: 'j', input: 2 }) },
      WATCHED: { actions: spawnChild(other, { id: 'j', input: 1, syncSnapshot: true }) },
      STOP: { actions: stopChild('j') },
      UNNAMED: { actions: assign(({ spawn }) => ({ ref: spawn(job) })) },
      DROP: { actions: [stopChild(({ context }) => context.ref), assign({ ref: undefined })] },
    },
  } as never),
);

const after = (...steps: readonly (string | Stimulus)[]): World =>
  steps.reduce<World>(
    (world, each) => subject.step(world, typeof each === 'string' ? { send: { type: each } } : each).world,
    subject.start(undefined).world,
  );
const put = (v: unknown): Stimulus => ({ send: { type: 'PUT', v } });
const wait = (ms: number): Stimulus => ({ wait: ms });

const same: readonly [string, World, World][] = [
  ['no step and a loop', after(), after('N', 'N')],
  ['equal dates', after(put(new Date(5))), after(put(new Date(5)))],
  [
    'maps filled in other order',
    after(
      put(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ),
    ),
    after(
      put(
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    ),
  ],
  ['sets filled in other order', after(put(new Set([1, 2]))), after(put(new Set([2, 1])))],
  ['equal instances', after(put(new Money(5n))), after(put(new Money(5n)))],
  ['a field that is undefined and none', after(put(undefined)), after()],
  ['timers that were set in other order', after('T10', 'T20'), after('T20', 'T10')],
  ['an actor that came and went', after(), after('JOB', 'STOP')],
  ['unnamed actors that came and went', after(), after('UNNAMED', 'DROP', 'UNNAMED', 'DROP')],
];

const different: readonly [string, World, World][] = [
  ['states', after(), after('N')],
  ['histories', after('OUT'), after('N', 'OUT')],
  ['dates', after(put(new Date(5))), after(put(new Date(6)))],
  ['maps', after(put(new Map([['a', 1]]))), after(put(new Map([['a', 2]])))],
  ['sets', after(put(new Set([1]))), after(put(new Set()))],
  ['bigints and numbers', after(put(1n)), after(put(1))],
  ['instances', after(put(new Money(5n))), after(put(new Money(6n)))],
  ['an instance and its fields', after(put(new Money(5n))), after(put({ amount: 5n }))],
  ['−0 and 0', after(put(-0)), after(put(0))],
  ['deep values', after(put({ a: [{ b: 1 }] })), after(put({ a: [{ b: 2 }] }))],
  ['what is left of a timer', after('T10'), after('T10', wait(1))],
  ['a timer and none', after('T10'), after()],
  ['the order of timers that come due together', after('T20', wait(10), 'T10'), after('T10', wait(0), 'T20', wait(0))],
  ['a timer that can be cancelled and one that cannot', after('NAMED'), after('NAMED', 'NAMED', 'CANCEL')],
  ['an actor and none', after('JOB'), after()],
  ['inputs of actors', after('JOB'), after('JOB2')],
  ['actors of one id', after('JOB'), after('WATCHED')],
  ['values that an observed actor has shown', after('WATCHED'), after('WATCHED', { next: 'j', value: 1 })],
];

describe('the key of a world', () => {
  it.each(same)('is one for %s', (_, a, b) => expect(a.key).toBe(b.key));
  it.each(different)('is another for %s', (_, a, b) => expect(a.key).not.toBe(b.key));

  it('is one for whichever subject of the machine', () => {
    const again = createSubject(subject.machine);
    expect(again.start(undefined).world.key).toBe(createSubject(subject.machine).start(undefined).world.key);
  });

  it('tells values apart as `canonical` does', () => {
    const { values } = new Keys();
    const texts = new Map<number, string>();
    const numbers = new Map<string, number>();
    const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
    fc.assert(
      fc.property(value, (each) => {
        const [text, number] = [canonical(each), values.of(each)];
        expect(texts.get(number) ?? text).toBe(text);
        expect(numbers.get(text) ?? number).toBe(number);
        expect(values.isKept(each)).toBe(true);
        texts.set(number, text);
        numbers.set(text, number);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('finds out a value that contains itself', () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    expect(() => after(put(cyclic)).key).toThrow(expect.objectContaining({ code: 'STATE_CYCLIC' }));
  });
});
