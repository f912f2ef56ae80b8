import { isSynodError } from '@synod/protocol';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  type AnyEventObject,
  type AnyStateMachine,
  assign,
  createMachine,
  fromCallback,
  fromPromise,
  setup,
} from 'xstate';
import * as z from 'zod';
import { createPayloads } from '../../src/payloads/create.ts';
import type { PayloadOptions } from '../../src/payloads/options.ts';
import { actorOf, worldOf } from './support.ts';

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}

const machine = createMachine({
  context: { total: 0 },
  on: { PAY: { guard: ({ event }) => event.amount > 900, actions: assign({ total: ({ event }) => event.amount }) } },
});
const world = worldOf({ total: 0 });

const events = (options: PayloadOptions, of: AnyStateMachine = machine, limit = 30) =>
  createPayloads(of, options).events('PAY', world, limit) as readonly AnyEventObject[];

describe('given cases', () => {
  it('are what is proposed, in their order and by value, and nothing else is', () => {
    const [date, money] = [new Date(5), new Money(3)];
    const cases = [{ at: date }, { type: 'PAY', money }, { map: new Map([[1, 2n]]) }, { at: new Date(5) }];
    const proposed = events({ events: { PAY: cases } });
    expect(proposed).toEqual([
      { type: 'PAY', at: date },
      { type: 'PAY', money },
      { type: 'PAY', map: new Map([[1, 2n]]) },
    ]);
    expect(proposed[1]?.money).toBe(money);
  });

  it('are all proposed, however many', () => {
    expect(events({ events: { PAY: [{ amount: 1 }, { amount: 2 }] } }, machine, 1)).toEqual([
      { type: 'PAY', amount: 1 },
      { type: 'PAY', amount: 2 },
    ]);
  });

  it('may be inputs, and what actors come to', () => {
    const error = new Error('declined');
    const payloads = createPayloads(checkout, {
      inputs: [{ cart: ['a'] }],
      actors: { pay: { done: [{ receipt: 7 }], fail: [error] } },
    });
    expect(payloads.inputs).toEqual([{ cart: ['a'] }]);
    expect(payloads.values('done', actorOf('pay'), world, 9)).toEqual([{ receipt: 7 }]);
    expect(payloads.values('fail', actorOf('pay'), world, 9)).toEqual([error]);
  });
});

const SCHEMAS = {
  zod: z.object({ type: z.literal('PAY'), amount: z.number().int().min(1).max(5_000), email: z.email(), at: z.date() }),
  valibot: v.strictObject({
    type: v.literal('PAY'),
    amount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5_000)),
    email: v.pipe(v.string(), v.email()),
    at: v.date(),
  }),
  'payload without its type': z.strictObject({ amount: z.int().min(1).max(5_000), email: z.email(), at: z.date() }),
};

describe.each(Object.entries(SCHEMAS))('a schema: %s', (_, schema) => {
  it('gives events that it accepts, and of these some that meet the guard and some that do not', () => {
    const proposed = events({ events: { PAY: schema } });
    expect(proposed.length).toBeGreaterThan(5);
    for (const { type, ...payload } of proposed) {
      expect(type).toBe('PAY');
      expect(payload).toEqual({
        amount: expect.any(Number),
        email: expect.stringContaining('@'),
        at: expect.any(Date),
      });
    }
    expect(new Set(proposed.slice(0, 2).map(({ amount }) => amount > 900))).toEqual(new Set([true, false]));
  });

  it('is that of the machine itself, if it carries one', () => {
    const own = setup({ schemas: { events: { PAY: schema } } }).createMachine({
      context: {},
      on: { PAY: { guard: ({ event }) => event.amount > 900, actions: () => {} } },
    });
    expect(events({}, own)).toEqual(events({ events: { PAY: schema } }, own));
    expect(createPayloads(own).notes).toEqual([]);
  });
});

describe('JSON Schema', () => {
  interface Tree {
    readonly value: number;
    readonly left?: Tree | undefined;
  }
  const tree: z.ZodType<Tree> = z.object({ value: z.number(), left: z.lazy(() => tree).optional() });
  it.each([
    ['enum', z.enum(['a', 'b'])],
    ['literals', z.union([z.literal(1), z.literal('x'), z.null()])],
    ['ranges', z.number().gt(3).lt(4)],
    ['integers in a range', z.int().min(7).max(9)],
    ['multiples', z.number().multipleOf(5).min(12)],
    ['lengths', z.string().min(3).max(5)],
    ['patterns', z.string().regex(/^[A-Z]{2}\d{3}$/)],
    ['uuids', z.uuid()],
    ['urls', z.url()],
    ['dates as text', z.iso.datetime()],
    ['lists', z.array(z.int()).min(2).max(3)],
    ['tuples', z.tuple([z.string(), z.number()])],
    ['records', z.record(z.string(), z.boolean())],
    ['optional fields', z.object({ a: z.string(), b: z.number().optional() })],
    [
      'discriminated unions',
      z.discriminatedUnion('k', [z.object({ k: z.literal('a'), n: z.number() }), z.object({ k: z.literal('b') })]),
    ],
    ['intersections', z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))],
    ['recursion', tree],
    ['nullable fields', z.object({ a: z.string().nullable() })],
    ['bigints', z.bigint()],
    ['dates', z.date()],
    ['refinements', z.int().refine((value) => value % 2 === 1)],
    ['maps', v.map(v.string(), v.number())],
    ['sets', v.set(v.string())],
  ])('gives values of %s', (_, schema) => {
    const proposed = createPayloads(checkout, { actors: { pay: { done: schema } } }).values(
      'done',
      actorOf('pay'),
      world,
      20,
    );
    expect(proposed.length).toBeGreaterThan(0);
    for (const value of proposed) expect(schema['~standard'].validate(value)).not.toHaveProperty('issues.0');
  });
});

const checkout = setup({
  actors: {
    charge: fromPromise<unknown>(() => Promise.resolve()),
    watch: fromCallback(({ sendBack }) => sendBack({ type: 'TICK' })),
  },
}).createMachine({
  context: { receipt: '', level: 0, mode: '' },
  initial: 'paying',
  states: {
    paying: {
      invoke: [
        {
          id: 'pay',
          src: 'charge',
          onDone: [
            { guard: ({ event }) => (event.output as { status: string }).status === 'declined', target: 'refused' },
            {
              target: 'paid',
              actions: assign({ receipt: ({ event }) => (event.output as { receipt: string }).receipt }),
            },
          ],
          onError: [
            { guard: ({ event }) => (event.error as Error).message === 'timeout', target: 'paying' },
            { target: 'refused' },
          ],
        },
        { id: 'watcher', src: 'watch' },
      ],
      on: { TICK: {}, OTHER: { target: 'refused' } },
    },
    paid: {},
    refused: {},
  },
});

describe('an actor of which nothing is given', () => {
  const payloads = createPayloads(checkout);
  it('comes to outputs that the machine asks for', () => {
    const outputs = payloads.values('done', actorOf('pay'), world, 5) as { status: string; receipt: string }[];
    expect(
      outputs
        .slice(0, 2)
        .map(({ status }) => status === 'declined')
        .sort(),
    ).toEqual([false, true]);
    expect(outputs[0]).toEqual({ status: expect.any(String), receipt: 'a' });
  });

  it('fails with errors that it asks for', () => {
    const errors = payloads.values('fail', actorOf('pay'), world, 5) as Error[];
    expect(errors.every((error) => error instanceof Error)).toBe(true);
    expect(new Set(errors.slice(0, 2).map(({ message }) => message === 'timeout'))).toEqual(new Set([true, false]));
  });

  it('comes to undefined, or fails with an Error, where nothing is asked', () => {
    expect(payloads.values('done', actorOf('watcher'), world, 5)).toEqual([undefined]);
    expect(payloads.values('fail', actorOf('watcher'), world, 5)).toEqual([new Error('failed')]);
  });

  it('tells the events that its text spells out', () => {
    expect(payloads.values('relay', actorOf('watcher', 'callback', 'watch'), world, 5)).toEqual([{ type: 'TICK' }]);
  });
});

describe('inputs', () => {
  it('are none for a machine that takes none', () => {
    expect(createPayloads(machine).inputs).toEqual([undefined]);
  });

  it('are inferred from what the context is made of, and what guards ask of it', () => {
    const counter = createMachine({
      context: ({ input }) => ({ max: (input as { max: number }).max, n: 0 }),
      on: { ADD: { guard: ({ context }) => context.max > 41, actions: () => {} } },
    });
    const { inputs } = createPayloads(counter);
    expect(new Set(inputs.map((input) => (input as { max: number }).max > 41))).toEqual(new Set([true, false]));
  });

  it('are drawn from a schema', () => {
    const { inputs } = createPayloads(machine, { inputs: z.object({ max: z.int().min(3) }) });
    expect(inputs.length).toBeGreaterThan(1);
    for (const input of inputs) expect(input).toEqual({ max: expect.any(Number) });
  });
});

describe('values', () => {
  it('are the same for the same seed, and each comes once', () => {
    const options = { seed: 5, events: { PAY: fc.record({ amount: fc.integer() }) } };
    expect(events(options)).toEqual(events(options));
    expect(events(options)).not.toEqual(events({ ...options, seed: 6 }));
    const texts = events({}).map((event) => JSON.stringify(event));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('that were inferred are named, with the remedy', () => {
    expect(createPayloads(machine).notes).toEqual([
      `Event "PAY": values of amount were inferred from the machine's functions; give cases or a schema as events["PAY"].`,
    ]);
    expect(createPayloads(machine, { events: { PAY: [{ amount: 1 }] } }).notes).toEqual([]);
  });

  it('of a wildcard are of a type that nothing else takes, or of a given one', () => {
    const any = createMachine({ on: { 'mouse.*': { actions: () => {} } } });
    expect(createPayloads(any).events('mouse.*', world, 3)).toEqual([{ type: 'mouse.anything' }]);
    const given = createPayloads(any, { events: { 'mouse.move': [{ x: 3 }] } });
    expect(given.events('mouse.*', world, 3)).toEqual([{ type: 'mouse.move', x: 3 }]);
  });
});

describe('bad input gets one sentence', () => {
  const opaque = { '~standard': { version: 1, vendor: 'mine', validate: () => ({ issues: [{ message: 'no' }] }) } };
  const asynchronous = { '~standard': { version: 1, vendor: 'mine', validate: () => Promise.resolve({ value: 1 }) } };
  const throwing = {
    '~standard': {
      version: 1,
      vendor: 'mine',
      validate: () => {
        throw new Error('oh');
      },
    },
  };
  it.each([
    ['SCHEMA_INVALID', { events: { PAY: { amount: 'number' } } }, /event "PAY".*no Standard Schema/],
    ['PAYLOAD_UNKNOWN', { events: { PAID: [{}] } }, /event "PAID".*it has PAY/],
    ['PAYLOAD_UNKNOWN', { actors: { pay: { done: [1] } } }, /actor "pay".*it has none/],
    ['PAYLOAD_INVALID', { events: { PAY: [7] } }, /is number, and an event is an object/],
    ['PAYLOAD_INVALID', { events: { PAY: [{ type: 'SEND' }] } }, /has the type "SEND"/],
    [
      'PAYLOAD_REFUSED',
      { events: { PAY: [{ amount: 'x' }] }, schemas: { events: { PAY: SCHEMAS.zod } } },
      /Case 1 of event "PAY".*amount/,
    ],
    ['SCHEMA_OPAQUE', { events: { PAY: opaque } }, /no JSON Schema to go by; give cases/],
    ['SCHEMA_ASYNC', { events: { PAY: asynchronous } }, /validates asynchronously/],
    ['SCHEMA_FAILED', { events: { PAY: throwing } }, /threw "oh"/],
  ])('%s', (code, options, says) => {
    const attempt = () => events(options as unknown as PayloadOptions);
    expect(attempt).toThrow(says);
    try {
      attempt();
    } catch (error) {
      expect(isSynodError(error, code)).toBe(true);
    }
  });
});
