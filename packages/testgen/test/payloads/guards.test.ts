import { describe, expect, it } from 'vitest';
import type { AnyEventObject, AnyStateMachine } from 'xstate';
import { and, assign, createMachine, not } from 'xstate';
import { createPayloads } from '../../src/payloads/create.ts';
import { worldOf } from './support.ts';

// biome-ignore lint/suspicious/noExplicitAny: guards as people write them, whatever their machine's types are
type Guard = (args: { context: any; event: any }, params?: any) => unknown;

const EMAIL = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/;
const ROLES = ['admin', 'editor'];
const isAdult = (age: number) => age >= 18;

const CONTEXT = {
  current: { id: 'item-7' },
  items: [
    { id: 'a1', stock: 3 },
    { id: 'b2', stock: 0 },
  ],
  balance: 250,
  limit: 5,
  count: 3,
  seen: new Set(['x']),
  table: new Map([['k', 1]]),
  flags: { dark: true },
  deadline: Date.UTC(2026, 0, 1),
  since: new Date(Date.UTC(2026, 0, 1)),
  password: 'secret',
  quota: 10n,
};

/** Guards of the kinds that people write; values for them are found in so many tries. */
const GUARDS: readonly { readonly what: string; readonly guard: Guard }[] = [
  { what: 'a flag', guard: ({ event }) => event.ok },
  { what: 'a flag, negated', guard: ({ event }) => !event.cancelled },
  { what: 'a number at least', guard: ({ event }) => event.amount >= 100 },
  { what: 'a number between', guard: ({ event }) => event.amount > 3 && event.amount <= 17 },
  { what: 'a number far away', guard: ({ event }) => event.amount > 123_456 },
  { what: 'a negative number', guard: ({ event }) => event.delta < -40 },
  { what: 'a decimal', guard: ({ event }) => event.rate === 0.25 },
  { what: 'a bigint', guard: ({ event }) => event.amount > 10n },
  { what: 'a text', guard: ({ event }) => event.kind === 'card' },
  { what: 'one of some texts', guard: ({ event }) => event.kind === 'card' || event.kind === 'cash' },
  { what: 'two fields at once', guard: ({ event }) => event.kind === 'card' && event.country === 'CH' },
  {
    what: 'five fields at once',
    guard: ({ event }) => event.a === 'one' && event.b === 22 && event.c && !event.d && event.e.length === 6,
  },
  { what: 'a nested field', guard: ({ event }) => event.user.address.city === 'Bern' },
  { what: 'an optional nested field', guard: ({ event }) => event.user?.address?.city === 'Bern' },
  { what: 'a text that is not empty', guard: ({ event }) => event.name.trim().length > 0 },
  { what: 'a text of some length', guard: ({ event }) => event.pin.length === 4 },
  { what: 'a pattern', guard: ({ event }) => /^\d{16}$/.test(event.card) },
  { what: 'a pattern from around', guard: ({ event }) => EMAIL.test(event.email) },
  { what: 'a pattern of a text', guard: ({ event }) => event.code.match(/^[A-Z]{3}-\d+$/) !== null },
  {
    what: 'a pattern with parts',
    guard: ({ event }) => {
      const parts = /^(\d\d)\/(\d\d)$/.exec(event.expiry);
      return parts !== null && Number(parts[1]) >= 1 && Number(parts[1]) <= 12;
    },
  },
  { what: 'a place in a list', guard: ({ event }) => ['de', 'fr'].indexOf(event.language) !== -1 },
  { what: 'a list that is not empty', guard: ({ event }) => event.items.length > 0 },
  { what: 'a list that has something', guard: ({ event }) => event.tags.includes('urgent') },
  {
    what: 'a list of which each item',
    guard: ({ event }) => event.lines.every((line: { qty: number }) => line.qty > 2),
  },
  {
    what: 'a list of which some item',
    guard: ({ event }) => event.lines.some((line: { sku: string }) => line.sku === 'z9'),
  },
  { what: 'a text with a text in it', guard: ({ event }) => event.url.includes('?') },
  { what: 'a text that starts with one', guard: ({ event }) => event.url.startsWith('https://') },
  { what: 'a member of a written list', guard: ({ event }) => ['de', 'fr'].includes(event.language) },
  { what: 'a member of a list from around', guard: ({ event }) => ROLES.includes(event.role) || event.role === 'root' },
  { what: 'whether a field is there', guard: ({ event }) => 'coupon' in event },
  { what: 'null or something', guard: ({ event }) => event.user !== null },
  { what: 'undefined or something', guard: ({ event }) => event.user === undefined },
  { what: 'a type', guard: ({ event }) => typeof event.value === 'number' },
  { what: 'an instance', guard: ({ event }) => event.at instanceof Date },
  { what: 'a list or not', guard: ({ event }) => Array.isArray(event.value) },
  { what: 'a whole number', guard: ({ event }) => Number.isInteger(event.value) },
  { what: 'text read as a number', guard: ({ event }) => Number(event.value) > 42 },
  { what: 'a remainder', guard: ({ event }) => event.value % 3 === 2 },
  {
    what: 'a switch',
    guard: ({ event }) => {
      switch (event.kind) {
        case 'a':
          return false;
        case 'b':
          return event.n === 7;
        default:
          return false;
      }
    },
  },
  {
    what: 'early returns',
    guard: ({ event }) => {
      if (event.kind !== 'vip') return false;
      const { points } = event;
      return points >= 500;
    },
  },
  {
    what: 'a name given on the way',
    guard: ({ event }) => {
      const total = event.price * 2;
      return total > 90;
    },
  },
  { what: 'a conditional', guard: ({ event }) => (event.express ? event.weight < 5 : event.weight < 50) },
  { what: 'two fields that are equal', guard: ({ event }) => event.password === event.repeated },
  { what: 'two fields in order', guard: ({ event }) => event.from < event.to },
  { what: 'a date', guard: ({ event }) => event.at.getTime() > Date.parse('2025-01-01') || event.at.getTime() === 5 },
  { what: 'a value of the context', guard: ({ context, event }) => event.id === context.current.id },
  {
    what: 'an item of the context',
    guard: ({ context, event }) => context.items.some((item: { id: string }) => item.id === event.id),
  },
  {
    what: 'a found item of the context',
    guard: ({ context, event }) => (context.items.find((item: { id: string }) => item.id === event.id)?.stock ?? 0) > 0,
  },
  { what: 'arithmetic with the context', guard: ({ context, event }) => context.balance - event.amount >= 0 },
  { what: 'arithmetic to a limit', guard: ({ context, event }) => context.count + event.by <= context.limit },
  { what: 'a set of the context', guard: ({ context, event }) => context.seen.has(event.id) },
  { what: 'a map of the context', guard: ({ context, event }) => context.table.has(event.key) },
  { what: 'a key of the context', guard: ({ context, event }) => event.flag in context.flags },
  { what: 'a time of the context', guard: ({ context, event }) => event.at > context.deadline },
  { what: 'a date of the context', guard: ({ context, event }) => event.at.getTime() < context.since.getTime() },
  { what: 'a bigint of the context', guard: ({ context, event }) => event.amount <= context.quota },
  { what: "a function of one's own", guard: ({ event }) => isAdult(event.age) },
  {
    what: 'a function as a method',
    guard: {
      check({ event: { value = 0 } }: { event: { value?: number } }) {
        return value > 8;
      },
    }.check,
  },
  { what: 'arguments as a whole', guard: (args) => args.event.level === 'high' },
];

const TRIES = 20;

/** The events that are proposed for `GO`, and what a guard says to each. */
function outcomes(machine: AnyStateMachine, guard: Guard, params?: (args: unknown) => unknown): readonly unknown[] {
  const { context } = machine.config as { context: object };
  const payloads = createPayloads(machine);
  return payloads
    .events('GO', worldOf(context), TRIES)
    .map((event) => Boolean(guard({ context, event }, params?.({ context, event }))));
}

describe('guards are met both ways by the values proposed', () => {
  it.each(GUARDS)('$what', ({ guard }) => {
    const machine = createMachine({ context: CONTEXT, on: { GO: { guard: guard as never, actions: () => {} } } });
    expect(new Set(outcomes(machine, guard))).toEqual(new Set([true, false]));
  });

  it('with params that are made of the event', () => {
    const guard: Guard = (_, { amount, most }) => amount > most;
    const params = ({ event }: { event: { total: number } }) => ({ amount: event.total, most: 321 });
    const machine = createMachine(
      { context: {}, on: { GO: { guard: { type: 'above', params } as never, actions: () => {} } } },
      { guards: { above: guard as never } },
    );
    expect(new Set(outcomes(machine, guard, params as never))).toEqual(new Set([true, false]));
  });

  it('each condition of a guard that is composed', () => {
    const one: Guard = ({ event }) => event.kind === 'x1';
    const two: Guard = ({ event }) => event.n > 70;
    const machine = createMachine({
      context: {},
      on: { GO: { guard: and([one as never, not(two as never)]), actions: () => {} } },
    });
    const pairs = createPayloads(machine)
      .events('GO', worldOf({}), TRIES)
      .map((event) => `${one({ context: {}, event })} ${two({ context: {}, event })}`);
    expect(new Set(pairs)).toEqual(new Set(['true true', 'true false', 'false true', 'false false']));
  });

  it('each of several candidates, also the one that is left', () => {
    const machine = createMachine({
      context: {},
      initial: 'a',
      states: {
        a: {
          on: {
            GO: [
              { guard: ({ event }) => event.score >= 90, target: 'b' },
              { guard: ({ event }) => event.score >= 50 && event.retry === false, target: 'c' },
              { target: 'd' },
            ],
          },
        },
        b: {},
        c: {},
        d: {},
      },
    });
    const taken = createPayloads(machine)
      .events('GO', worldOf({}), TRIES)
      .map(({ score, retry }: AnyEventObject) => (score >= 90 ? 'b' : score >= 50 && retry === false ? 'c' : 'd'));
    expect(new Set(taken)).toEqual(new Set(['b', 'c', 'd']));
  });

  it('a guard of the context that the event went into', () => {
    const guard: Guard = ({ context }) => context.form.zip.length === 5 && context.form.zip.startsWith('80');
    const machine = createMachine({
      context: { form: { zip: '' } },
      initial: 'a',
      states: {
        a: {
          on: {
            GO: {
              target: 'b',
              actions: assign({ form: ({ context, event }) => ({ ...context.form, zip: event.value }) }),
            },
          },
        },
        b: { always: { guard: guard as never, target: 'c' } },
        c: {},
      },
    });
    const events = createPayloads(machine).events('GO', worldOf({ form: { zip: '' } }), TRIES);
    expect(
      new Set(events.map((event: AnyEventObject) => guard({ context: { form: { zip: event.value } }, event }))),
    ).toEqual(new Set([true, false]));
  });

  it('a field that the event names', () => {
    const guard: Guard = ({ context }) => context.form.email.includes('@') && context.form.agreed;
    const machine = createMachine({
      context: { form: { email: '', agreed: false } },
      on: {
        GO: { actions: assign({ form: ({ context, event }) => ({ ...context.form, [event.field]: event.value }) }) },
        NEXT: { guard: guard as never, actions: () => {} },
      },
    });
    const events = createPayloads(machine).events('GO', worldOf({ form: { email: '', agreed: false } }), TRIES);
    expect(events).toContainEqual({ type: 'GO', field: 'email', value: expect.stringContaining('@') });
    expect(events).toContainEqual({ type: 'GO', field: 'agreed', value: expect.anything() });
  });

  it("a guard of one's own, of the context that the event went into, early on", () => {
    const isCard = (text: string) =>
      /^\d{16}$/.test(text) && [...text].reduce((sum, digit) => sum + Number(digit), 0) % 2 === 0;
    const machine = createMachine({
      context: { form: { card: '', name: '' } },
      on: {
        GO: { actions: assign({ form: ({ context, event }) => ({ ...context.form, [event.field]: event.value }) }) },
        NEXT: { guard: ({ context }) => isCard(context.form.card), actions: () => {} },
      },
    });
    const [...events] = createPayloads(machine).events(
      'GO',
      worldOf({ form: { card: '', name: '' } }),
      8,
    ) as AnyEventObject[];
    expect(events.some(({ field, value }) => field === 'card' && isCard(String(value)))).toBe(true);
  });
});
