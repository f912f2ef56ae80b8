import { assign, emit, fromCallback, fromPromise, raise, sendTo, setup } from 'xstate';

/** A machine with all that an app's machine may have: an invoked promise and callback, raised and delayed events, emitted ones, guards, `always`. */
export const shopMachine = setup({
  types: {
    context: {} as { readonly items: number; readonly price: number | null },
    events: {} as
      | { readonly type: 'ADD'; readonly items: number }
      | { readonly type: 'PAY' | 'PONG' | 'COUNT' | 'CANCEL' },
    emitted: {} as { readonly type: 'sold'; readonly items: number },
  },
  guards: { any: ({ context }) => context.items > 0, many: ({ context }) => context.items > 9 },
  actors: {
    price: fromPromise(async () => 42),
    stock: fromCallback(({ receive, sendBack }) => receive(() => sendBack({ type: 'PONG' }))),
  },
  actions: { greet: () => {} },
  delays: { patience: 60_000, pause: 5 },
}).createMachine({
  id: 'shop',
  context: { items: 0, price: null },
  invoke: { src: 'stock', id: 'stock' },
  initial: 'open',
  on: { PONG: { actions: 'greet' } },
  states: {
    open: {
      on: {
        ADD: { actions: assign({ items: ({ context, event }) => context.items + event.items }) },
        PAY: [
          { guard: 'many', target: 'wholesale' },
          { guard: 'any', target: 'paying' },
        ],
      },
    },
    wholesale: { on: { CANCEL: 'open' } },
    paying: {
      entry: [sendTo('stock', { type: 'PING' }), raise({ type: 'COUNT' })],
      invoke: {
        src: 'price',
        onDone: { target: 'deciding', actions: assign({ price: ({ event }) => event.output }) },
      },
      after: { patience: 'open' },
      on: { COUNT: { actions: 'greet' } },
    },
    deciding: { always: { guard: 'any', target: 'sold' } },
    sold: {
      entry: emit(({ context }) => ({ type: 'sold' as const, items: context.items })),
      after: { pause: 'closed' },
    },
    closed: { type: 'final' },
  },
});
