import { assign, raise, setup, stateIn } from 'xstate';

interface TrafficLightContext {
  /** Whether somebody has pressed the button since the last crossing. */
  readonly isWaiting: boolean;
}

type TrafficLightEvent =
  | { readonly type: 'BUTTON' }
  | { readonly type: 'POWER_OUTAGE' }
  | { readonly type: 'POWER_RESTORED' }
  /** Raised by the region of the cars and by that of the pedestrians, each for the other. */
  | { readonly type: 'CARS_STOPPED' }
  | { readonly type: 'CROSSING_CLEAR' };

/** A traffic light and its pedestrian crossing: two regions, of which at most one ever shows green. */
export const trafficLightMachine = setup({
  types: { context: {} as TrafficLightContext, events: {} as TrafficLightEvent },
  delays: { leastGreen: 10_000, yellow: 3_000, walk: 8_000, clearance: 5_000 },
  guards: {
    isSomeoneWaiting: ({ context }) => context.isWaiting,
    areCarsStopped: stateIn('#cars-red'),
  },
  actions: {
    noteWaiting: assign({ isWaiting: true }),
    forgetWaiting: assign({ isWaiting: false }),
    soundWalk: () => {},
  },
}).createMachine({
  id: 'trafficLight',
  context: { isWaiting: false },
  initial: 'working',
  states: {
    working: {
      type: 'parallel',
      on: { POWER_OUTAGE: { target: 'blinking', actions: 'forgetWaiting' } },
      states: {
        cars: {
          initial: 'green',
          states: {
            green: { after: { leastGreen: 'interruptible' } },
            interruptible: { always: { guard: 'isSomeoneWaiting', target: 'yellow' } },
            yellow: { after: { yellow: { target: 'red', actions: raise({ type: 'CARS_STOPPED' }) } } },
            red: { id: 'cars-red', on: { CROSSING_CLEAR: { target: 'green' } } },
          },
        },
        pedestrians: {
          initial: 'stop',
          states: {
            stop: {
              on: {
                BUTTON: { actions: 'noteWaiting' },
                CARS_STOPPED: { guard: 'areCarsStopped', target: 'walk' },
              },
            },
            walk: { entry: ['forgetWaiting', 'soundWalk'], after: { walk: 'flashing' } },
            flashing: {
              on: { BUTTON: { actions: 'noteWaiting' } },
              after: { clearance: { target: 'stop', actions: raise({ type: 'CROSSING_CLEAR' }) } },
            },
          },
        },
      },
    },
    blinking: { on: { POWER_RESTORED: { target: 'working' } } },
  },
});
