import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, fromPromise, not, setup } from 'xstate';
import { generateTests } from '../../src/generate.ts';

/** The last digit of a card's number is made of the others. */
function isNumber(text: string): boolean {
  const digits = [...text].reverse().map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2));
  return digits.reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0) % 10 === 0;
}

interface Form {
  readonly number: string;
  readonly expiry: string;
  readonly cvc: string;
  readonly tries: number;
}

const form = setup({
  types: {
    context: {} as Form,
    events: {} as { type: 'CHANGE'; name: keyof Form; value: string } | { type: 'SUBMIT' },
  },
  actors: { pay: fromPromise<{ status: string }>(() => Promise.resolve({ status: '' })) },
  guards: {
    hasNumber: ({ context }) => /^\d{16}$/.test(context.number) && isNumber(context.number),
    hasExpiry: ({ context }) => {
      const parts = /^(\d\d)\/(\d\d)$/.exec(context.expiry);
      return parts !== null && Number(parts[1]) >= 1 && Number(parts[1]) <= 12;
    },
    hasCvc: ({ context }) => context.cvc.length === 3 || context.cvc.length === 4,
  },
}).createMachine({
  id: 'form',
  context: { number: '', expiry: '', cvc: '', tries: 0 },
  initial: 'editing',
  states: {
    editing: {
      on: {
        CHANGE: { actions: assign(({ context, event }) => ({ ...context, [event.name]: event.value })) },
        SUBMIT: [
          { guard: not('hasNumber'), target: 'invalid' },
          { guard: not('hasExpiry'), target: 'expired' },
          { guard: not('hasCvc'), target: 'invalid' },
          { target: 'paying' },
        ],
      },
    },
    invalid: { on: { CHANGE: { target: 'editing', guard: ({ event }) => event.name !== 'tries' } } },
    expired: { on: { CHANGE: { target: 'editing', guard: ({ event }) => event.name === 'expiry' } } },
    paying: {
      invoke: {
        src: 'pay',
        id: 'pay',
        onDone: [{ guard: ({ event }) => event.output.status === 'approved', target: 'paid' }, { target: 'editing' }],
        onError: [
          {
            guard: ({ context, event }) =>
              (event.error as { retryable?: boolean }).retryable === true && context.tries < 2,
            target: 'paying',
            reenter: true,
            actions: assign({ tries: ({ context }) => context.tries + 1 }),
          },
          { target: 'failed' },
        ],
      },
    },
    paid: { type: 'final' },
    failed: { type: 'final' },
  },
});

interface Item {
  readonly sku: string;
  readonly qty: number;
  readonly price: number;
}

const cart = setup({
  types: {
    context: {} as { items: readonly Item[]; total: number },
    events: {} as
      | { type: 'ADD'; item: Item }
      | { type: 'REMOVE'; sku: string }
      | { type: 'CHECKOUT' }
      | { type: 'APPROVE'; by: string },
  },
}).createMachine({
  id: 'cart',
  context: { items: [], total: 0 },
  initial: 'shopping',
  states: {
    shopping: {
      on: {
        ADD: {
          guard: ({ context, event }) => event.item.qty > 0 && !context.items.some(({ sku }) => sku === event.item.sku),
          actions: assign({
            items: ({ context, event }) => [...context.items, event.item],
            total: ({ context, event }) => context.total + event.item.qty * event.item.price,
          }),
        },
        REMOVE: {
          guard: ({ context, event }) => context.items.some(({ sku }) => sku === event.sku),
          actions: assign({ items: ({ context, event }) => context.items.filter(({ sku }) => sku !== event.sku) }),
        },
        CHECKOUT: [
          { guard: ({ context }) => context.items.length === 0, target: 'empty' },
          { guard: ({ context }) => context.total > 500, target: 'review' },
          { target: 'paid' },
        ],
      },
    },
    empty: {},
    review: { on: { APPROVE: { guard: ({ event }) => ['manager', 'owner'].includes(event.by), target: 'paid' } } },
    paid: { type: 'final' },
  },
});

const drag = createMachine({
  id: 'drag',
  context: { startX: 0, dx: 0 },
  initial: 'idle',
  states: {
    idle: {
      on: {
        down: {
          guard: ({ event }) => event.button === 0,
          target: 'dragging',
          actions: assign({ startX: ({ event }) => event.clientX }),
        },
      },
    },
    dragging: {
      on: {
        move: { actions: assign({ dx: ({ context, event }) => event.clientX - context.startX }) },
        up: [{ guard: ({ context }) => Math.abs(context.dx) > 50, target: 'dropped' }, { target: 'idle' }],
      },
    },
    dropped: {},
  },
});

describe('values that nobody has given lead the search through', () => {
  it.each<[string, AnyStateMachine]>([
    ['a form with a check digit', form],
    ['a cart with items', cart],
    ['drag and drop', drag],
  ])('%s', (_, machine) => {
    const { coverage, unreached } = generateTests(machine, { coverage: ['transitions', 'guards'] });
    expect(unreached.map(({ target, reason }) => `${target.title}: ${reason}`)).toEqual([]);
    for (const { covered, total } of coverage) expect(covered).toBe(total);
  });
});
