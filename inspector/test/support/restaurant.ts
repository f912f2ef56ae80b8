import { assign, enqueueActions, fromCallback, fromPromise, sendParent, setup } from 'xstate';

// An everyday app of some size: parallel and nested states, history, delays, promises that come and fail, children that are spawned, and a
// context with what JSON does not know.

const REMARK = 'The door bell does not ring, the dog does bark, the neighbour is glad to take parcels. '.repeat(20);

const orderMachine = setup({
  types: {
    context: {} as { readonly amount: number; readonly placed: Date; readonly remark: string },
    input: {} as { readonly amount: number },
    events: {} as { readonly type: 'PAY' | 'COOK' | 'PAUSE' | 'RESUME' },
  },
  actors: {
    charge: fromPromise(async ({ input }: { readonly input: { readonly amount: number } }) => {
      if (input.amount > 50) throw new Error('the card was declined');
      return `receipt ${input.amount}`;
    }),
  },
  delays: { patience: 60_000 },
}).createMachine({
  id: 'order',
  context: ({ input }) => ({ amount: input.amount, placed: new Date(0), remark: REMARK }),
  type: 'parallel',
  states: {
    payment: {
      initial: 'due',
      states: {
        due: { on: { PAY: 'charging' }, after: { patience: 'refused' } },
        charging: {
          invoke: {
            id: 'charge',
            src: 'charge',
            input: ({ context: { amount } }) => ({ amount }),
            onDone: 'paid',
            onError: 'refused',
          },
        },
        paid: { entry: sendParent({ type: 'PAID' }) },
        refused: { entry: sendParent({ type: 'REFUSED' }) },
      },
    },
    kitchen: {
      initial: 'waiting',
      states: {
        waiting: { on: { COOK: 'cooking' } },
        cooking: {
          initial: 'chopping',
          states: { chopping: {}, frying: {}, last: { type: 'history' } },
          on: { PAUSE: 'paused' },
        },
        paused: { on: { RESUME: 'cooking.last' } },
      },
    },
  },
});

interface House {
  readonly since: Date;
  readonly menu: ReadonlyMap<string, number>;
  readonly tables: { readonly free: readonly number[] };
  readonly note: string;
  readonly orders: number;
  readonly self?: House;
}

/** Orders are spawned by `ORDER`; `BREAK` and `BACK` leave its two regions and come back to where they were. */
export const restaurantMachine = setup({
  types: {
    context: {} as House,
    events: {} as
      | { readonly type: 'ORDER'; readonly amount: number }
      | { readonly type: 'PAID' | 'REFUSED' | 'LOCK' | 'BREAK' | 'BACK' },
  },
  actors: { orderMachine, bell: fromCallback(() => {}) },
  guards: { isFull: ({ context }) => context.orders > 3 },
}).createMachine({
  id: 'restaurant',
  context: () => {
    const house = {
      since: new Date(0),
      menu: new Map([['soup', 6]]),
      tables: { free: [1, 2, 3] },
      note: REMARK,
      orders: 0,
    };
    return Object.assign(house, { self: house });
  },
  invoke: { src: 'bell', id: 'bell' },
  initial: 'open',
  on: { PAID: {}, REFUSED: {} },
  states: {
    open: {
      type: 'parallel',
      on: {
        ORDER: {
          actions: enqueueActions(({ enqueue, context, event }) => {
            const orders = context.orders + 1;
            enqueue.spawnChild('orderMachine', { id: `order-${orders}`, input: { amount: event.amount } });
            enqueue(assign({ orders, tables: { free: context.tables.free.slice(1) } }));
          }),
        },
        BREAK: 'pause',
      },
      states: {
        door: {
          initial: 'unlocked',
          states: { unlocked: { on: { LOCK: [{ guard: 'isFull' }, 'locked'] } }, locked: {} },
        },
        floor: { initial: 'quiet', states: { quiet: { on: { PAID: 'busy' } }, busy: {} } },
        before: { type: 'history', history: 'deep' },
      },
    },
    pause: { on: { BACK: 'open.before' } },
  },
});
