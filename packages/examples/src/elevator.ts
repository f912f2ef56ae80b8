import { and, assign, setup } from 'xstate';

interface ElevatorContext {
  readonly floor: number;
  /** Floors that were called, in the order of the calls. */
  readonly calls: readonly number[];
}

type ElevatorEvent =
  | { readonly type: 'CALL'; readonly floor: number }
  | { readonly type: 'OPEN' }
  | { readonly type: 'CLOSE' }
  | { readonly type: 'OBSTACLE' }
  | { readonly type: 'EMERGENCY' }
  | { readonly type: 'RESET' };

export const FLOORS = 4;

/** An elevator of four floors. It serves one call after the other, and its doors do not close on anybody. */
export const elevatorMachine = setup({
  types: { context: {} as ElevatorContext, events: {} as ElevatorEvent },
  delays: { travel: 2_000, dwell: 4_000, doors: 1_500 },
  guards: {
    isFloor: ({ event }) =>
      event.type === 'CALL' && Number.isInteger(event.floor) && event.floor >= 0 && event.floor < FLOORS,
    isNew: ({ context, event }) => event.type === 'CALL' && !context.calls.includes(event.floor),
    isHere: ({ context }) => context.calls[0] === context.floor,
    isAbove: ({ context: { calls, floor } }) => calls[0] !== undefined && calls[0] > floor,
    isBelow: ({ context: { calls, floor } }) => calls[0] !== undefined && calls[0] < floor,
  },
  actions: {
    remember: assign({
      calls: ({ context }, params: { readonly floor: number }) => [...context.calls, params.floor],
    }),
    serve: assign({ calls: ({ context }) => context.calls.filter((call) => call !== context.floor) }),
    forgetCalls: assign({ calls: [] }),
    goUp: assign({ floor: ({ context }) => context.floor + 1 }),
    goDown: assign({ floor: ({ context }) => context.floor - 1 }),
    brake: () => {},
  },
}).createMachine({
  id: 'elevator',
  context: { floor: 0, calls: [] },
  initial: 'inService',
  states: {
    inService: {
      initial: 'idle',
      on: { EMERGENCY: { target: 'stopped' } },
      states: {
        idle: {
          always: [
            { guard: 'isHere', target: 'open' },
            { guard: 'isAbove', target: 'up' },
            { guard: 'isBelow', target: 'down' },
          ],
          on: { OPEN: { target: 'open' } },
        },
        up: { after: { travel: { target: 'idle', actions: 'goUp' } } },
        down: { after: { travel: { target: 'idle', actions: 'goDown' } } },
        open: {
          entry: 'serve',
          after: { dwell: { target: 'closing' } },
          on: { OPEN: { target: 'open', reenter: true }, CLOSE: { target: 'closing' } },
        },
        closing: {
          after: { doors: { target: 'idle' } },
          on: { OBSTACLE: { target: 'open' }, OPEN: { target: 'open' } },
        },
      },
    },
    stopped: {
      entry: ['brake', 'forgetCalls'],
      on: { RESET: { target: 'inService' } },
    },
  },
  on: {
    CALL: {
      guard: and(['isFloor', 'isNew']),
      actions: { type: 'remember', params: ({ event }) => ({ floor: event.floor }) },
    },
  },
});
