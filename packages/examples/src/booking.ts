import { assign, setup } from 'xstate';

interface BookingContext {
  readonly from: Date | null;
  readonly to: Date | null;
  /** Who sleeps in which room. */
  readonly rooms: ReadonlyMap<number, string>;
  readonly extras: ReadonlySet<string>;
  /** In the hundredth part of a cent. */
  readonly price: bigint;
}

type BookingEvent =
  | { readonly type: 'DATES'; readonly from: Date; readonly to: Date }
  | { readonly type: 'ROOM'; readonly number: number; readonly guest: string }
  | { readonly type: 'LEAVE_ROOM'; readonly number: number }
  | { readonly type: 'EXTRA'; readonly name: string }
  | { readonly type: 'CONFIRM' }
  | { readonly type: 'CHANGE' };

const DAY = 86_400_000;
const NIGHT = 1_234_500n;
const EXTRA = 50_000n;
export const ROOMS = 2;

const nightsOf = (from: Date, to: Date): number => Math.round((to.getTime() - from.getTime()) / DAY);

/** A hotel booking that holds dates, a map, a set and a bigint: what plain JSON cannot. */
export const bookingMachine = setup({
  types: { context: {} as BookingContext, events: {} as BookingEvent },
  delays: { hold: 600_000 },
  guards: {
    isStay: (_, params: { readonly from: Date; readonly to: Date }) => nightsOf(params.from, params.to) >= 1,
    isFree: ({ context }, params: { readonly number: number }) =>
      params.number >= 1 && params.number <= ROOMS && !context.rooms.has(params.number),
    isTaken: ({ context }, params: { readonly number: number }) => context.rooms.has(params.number),
    hasRooms: ({ context }) => context.rooms.size > 0,
    isNew: ({ context }, params: { readonly name: string }) => !context.extras.has(params.name),
  },
  actions: {
    keepDates: assign((_, params: { readonly from: Date; readonly to: Date }) => ({
      from: params.from,
      to: params.to,
    })),
    takeRoom: assign({
      rooms: ({ context }, params: { readonly number: number; readonly guest: string }) =>
        new Map([...context.rooms, [params.number, params.guest]]),
    }),
    leaveRoom: assign({
      rooms: ({ context }, params: { readonly number: number }) =>
        new Map([...context.rooms].filter(([number]) => number !== params.number)),
    }),
    addExtra: assign({
      extras: ({ context }, params: { readonly name: string }) => new Set([...context.extras, params.name]),
    }),
    calculate: assign({
      price: ({ context: { from, to, rooms, extras } }) =>
        from && to ? BigInt(nightsOf(from, to)) * BigInt(rooms.size) * NIGHT + BigInt(extras.size) * EXTRA : 0n,
    }),
    forgetPrice: assign({ price: 0n }),
  },
}).createMachine({
  id: 'booking',
  context: { from: null, to: null, rooms: new Map(), extras: new Set(), price: 0n },
  initial: 'choosingDates',
  states: {
    choosingDates: {
      on: {
        DATES: {
          guard: { type: 'isStay', params: ({ event }) => event },
          target: 'choosingRooms',
          actions: { type: 'keepDates', params: ({ event }) => event },
        },
      },
    },
    choosingRooms: {
      on: {
        ROOM: {
          guard: { type: 'isFree', params: ({ event }) => event },
          actions: { type: 'takeRoom', params: ({ event }) => event },
        },
        LEAVE_ROOM: {
          guard: { type: 'isTaken', params: ({ event }) => event },
          actions: { type: 'leaveRoom', params: ({ event }) => event },
        },
        EXTRA: {
          guard: { type: 'isNew', params: ({ event }) => event },
          actions: { type: 'addExtra', params: ({ event }) => event },
        },
        CONFIRM: { guard: 'hasRooms', target: 'held' },
      },
    },
    held: {
      entry: 'calculate',
      after: { hold: { target: 'choosingRooms', actions: 'forgetPrice' } },
      on: {
        CONFIRM: { target: 'booked' },
        CHANGE: { target: 'choosingRooms', actions: 'forgetPrice' },
      },
    },
    booked: { type: 'final', output: ({ context }: { readonly context: BookingContext }) => context.price },
  },
});

const day = (of: number): Date => new Date(Date.UTC(2027, 4, of));

/** For generated tests: a stay, one that ends before it begins; rooms that are there and one that is not. */
export const cases = {
  events: {
    DATES: [
      { from: day(1), to: day(3) },
      { from: day(3), to: day(3) },
    ],
    ROOM: [
      { number: 1, guest: 'Ada' },
      { number: 2, guest: 'Grace' },
      { number: 3, guest: 'Barbara' },
    ],
    LEAVE_ROOM: [{ number: 1 }, { number: 3 }],
    EXTRA: [{ name: 'breakfast' }, { name: 'bicycle' }],
  },
};
