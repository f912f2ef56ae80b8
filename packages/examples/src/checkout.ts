import { assign, fromCallback, fromPromise, sendTo, setup } from 'xstate';

interface CheckoutContext {
  readonly items: readonly string[];
  readonly address: string | null;
  /** In cents. */
  readonly shipping: number;
  readonly receipt: number | null;
  readonly problem: string | null;
}

type CheckoutEvent =
  | { readonly type: 'ADD'; readonly item: string }
  | { readonly type: 'CHECK_OUT' }
  | { readonly type: 'ADDRESS'; readonly address: string }
  | { readonly type: 'BACK' }
  | { readonly type: 'PAY' }
  /** From the shop's stock, as long as a cart is open. */
  | { readonly type: 'stock.gone'; readonly item: string };

/** A checkout with four services: the shop's stock, which speaks up by itself, a quote for shipping, the bank, and a mail. */
export const checkoutMachine = setup({
  types: { context: {} as CheckoutContext, events: {} as CheckoutEvent },
  actors: {
    watchStock: fromCallback<{ readonly type: 'WATCH'; readonly item: string }>(() => undefined),
    quoteShipping: fromPromise<number, { readonly address: string }>(async () => 490),
    charge: fromPromise<{ readonly receipt: number }, { readonly items: number; readonly shipping: number }>(
      async () => ({ receipt: 1 }),
    ),
    sendMail: fromPromise<void, { readonly receipt: number }>(async () => {}),
  },
  delays: { session: 900_000, patience: 30_000 },
  guards: {
    hasItems: ({ context }) => context.items.length > 0,
    isAddress: (_, params: { readonly address: string }) => params.address.trim().length >= 5,
  },
  actions: {
    add: assign({ items: ({ context }, params: { readonly item: string }) => [...context.items, params.item] }),
    remove: assign({
      items: ({ context }, params: { readonly item: string }) => context.items.filter((item) => item !== params.item),
      problem: (_, params: { readonly item: string }) => `${params.item} is sold out`,
    }),
    keepAddress: assign({ address: (_, params: { readonly address: string }) => params.address }),
    blame: assign({ problem: (_, params: { readonly problem: string }) => params.problem }),
    settle: assign({ problem: null }),
    logMailFailure: () => {},
  },
}).createMachine({
  id: 'checkout',
  context: { items: [], address: null, shipping: 0, receipt: null, problem: null },
  initial: 'open',
  states: {
    open: {
      invoke: { src: 'watchStock', id: 'stock' },
      initial: 'shopping',
      on: {
        'stock.gone': { target: '.shopping', actions: { type: 'remove', params: ({ event }) => event } },
      },
      after: { session: { target: 'abandoned' } },
      states: {
        shopping: {
          on: {
            ADD: {
              actions: [
                { type: 'add', params: ({ event }) => event },
                sendTo('stock', ({ event }) => ({ type: 'WATCH', item: event.item })),
              ],
            },
            CHECK_OUT: { guard: 'hasItems', target: 'address', actions: 'settle' },
          },
        },
        address: {
          on: {
            ADDRESS: {
              guard: { type: 'isAddress', params: ({ event }) => event },
              target: 'quoting',
              actions: { type: 'keepAddress', params: ({ event }) => event },
            },
            BACK: { target: 'shopping' },
          },
        },
        quoting: {
          invoke: {
            src: 'quoteShipping',
            input: ({ context }) => ({ address: context.address ?? '' }),
            onDone: { target: 'confirming', actions: assign({ shipping: ({ event }) => event.output }) },
            onError: {
              target: 'address',
              actions: { type: 'blame', params: { problem: 'We do not deliver there.' } },
            },
          },
        },
        confirming: { on: { PAY: { target: '#paying' }, BACK: { target: 'address' } } },
      },
    },
    paying: {
      id: 'paying',
      entry: 'settle',
      invoke: {
        src: 'charge',
        input: ({ context: { items, shipping } }) => ({ items: items.length, shipping }),
        onDone: { target: 'paid', actions: assign({ receipt: ({ event }) => event.output.receipt }) },
        onError: {
          target: 'open.confirming',
          actions: { type: 'blame', params: ({ event }) => ({ problem: String(event.error) }) },
        },
      },
      after: {
        patience: { target: 'open.confirming', actions: { type: 'blame', params: { problem: 'The bank is slow.' } } },
      },
    },
    paid: {
      initial: 'mailing',
      onDone: { target: 'done' },
      states: {
        mailing: {
          invoke: {
            src: 'sendMail',
            input: ({ context }) => ({ receipt: context.receipt ?? 0 }),
            onDone: { target: 'told' },
            onError: { target: 'told', actions: 'logMailFailure' },
          },
        },
        told: { type: 'final' },
      },
    },
    abandoned: { type: 'final' },
    done: { type: 'final' },
  },
});
