import { assign, emit, setup } from 'xstate';

class Card {
  readonly number: string;
  constructor(number: string) {
    this.number = number;
  }
}

interface Context {
  readonly items: ReadonlyMap<string, bigint>;
  readonly paidAt: Date | null;
  readonly tags: ReadonlySet<string>;
  readonly card: Card;
  readonly note: string | undefined;
}

/** A shop with values of all sorts in its context, a parallel region, and a part that nothing leads to. */
export const shop = setup({
  types: {
    context: {} as Context,
    events: {} as
      | { readonly type: 'ADD'; readonly item: string; readonly price: bigint }
      | { readonly type: 'PAY'; readonly at: Date }
      | { readonly type: 'RING' }
      | { readonly type: 'LEAVE' },
    emitted: {} as { readonly type: 'paid'; readonly items: ReadonlyMap<string, bigint> },
  },
  guards: { isFull: ({ context }) => context.items.size > 0 },
}).createMachine({
  id: 'shop',
  context: { items: new Map(), paidAt: null, tags: new Set(), card: new Card('42'), note: undefined },
  type: 'parallel',
  states: {
    cart: {
      initial: 'open',
      states: {
        open: {
          on: {
            ADD: {
              actions: assign({
                items: ({ context, event }) => new Map([...context.items, [event.item, event.price]]),
                note: 'it’s "new"',
              }),
            },
            PAY: {
              guard: 'isFull',
              target: 'paid',
              actions: [
                assign({ paidAt: ({ event }) => event.at, tags: new Set(['paid']), card: new Card('43') }),
                emit(({ context }) => ({ type: 'paid', items: context.items })),
              ],
            },
          },
        },
        paid: { after: { 30000: 'closed' } },
        closed: { type: 'final' },
      },
    },
    bell: { initial: 'quiet', states: { quiet: { on: { RING: 'loud' } }, loud: { after: { 500: 'quiet' } } } },
    island: { initial: 'beach', states: { beach: {}, cave: { on: { LEAVE: 'beach' } } } },
  },
});

export const MACHINES = {
  shop,
  Card,
  events: {
    ADD: [{ type: 'ADD', item: "baker's dozen", price: 13n }],
    PAY: [{ type: 'PAY', at: new Date('2024-02-29T12:00:00.000Z') }],
  },
};
