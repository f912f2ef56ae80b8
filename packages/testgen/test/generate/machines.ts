import {
  and,
  assign,
  emit,
  fromCallback,
  fromObservable,
  fromPromise,
  not,
  or,
  raise,
  sendTo,
  setup,
  spawnChild,
  stateIn,
} from 'xstate';

const never = (): never => {
  throw new Error('a stand-in takes the place of this');
};

/** Promises with retries and back-off, one of them given inline. */
export const fetching = setup({
  types: {
    context: {} as { readonly attempts: number; readonly data: unknown; readonly error: string | undefined },
    events: {} as { readonly type: 'FETCH'; readonly id: number } | { readonly type: 'CANCEL' },
  },
  actors: { load: fromPromise<string, { readonly id: number }>(never) },
  delays: { backoff: ({ context }) => 100 * 2 ** context.attempts },
  guards: { mayRetry: ({ context }) => context.attempts < 3 },
}).createMachine({
  id: 'fetching',
  context: { attempts: 0, data: undefined, error: undefined },
  initial: 'idle',
  states: {
    idle: { on: { FETCH: 'loading' } },
    loading: {
      entry: assign({ attempts: ({ context }) => context.attempts + 1 }),
      on: { CANCEL: 'idle' },
      invoke: {
        id: 'load',
        src: 'load',
        input: ({ context }) => ({ id: context.attempts }),
        onDone: { target: 'saving', actions: assign({ data: ({ event }) => event.output }) },
        onError: [
          { guard: 'mayRetry', target: 'waiting' },
          { target: 'failed', actions: assign({ error: 'gone' }) },
        ],
      },
    },
    waiting: { after: { backoff: 'loading' }, on: { CANCEL: 'idle' } },
    saving: { invoke: { src: fromPromise(never), onDone: 'done', onError: 'failed' } },
    failed: { on: { FETCH: { target: 'loading', actions: assign({ attempts: 0 }) } } },
    done: { type: 'final' },
  },
});

/** A child machine that is composed, a callback that speaks, an observable that is watched, an actor that is spawned and told. */
export const family = setup({
  types: { context: {} as { readonly price: number; readonly log: readonly string[] } },
  actors: {
    child: setup({ actors: { ask: fromPromise(never) } }).createMachine({
      id: 'child',
      initial: 'asking',
      states: {
        asking: { invoke: { id: 'ask', src: 'ask', onDone: 'resting', onError: 'hurt' } },
        resting: { after: { 250: 'over' } },
        hurt: { on: { HEAL: 'asking' } },
        over: { type: 'final' },
      },
      output: { mood: 'good' },
    }),
    socket: fromCallback(never),
    helper: fromPromise(never),
    prices: fromObservable<number, undefined>(never),
  },
  guards: { isHigh: ({ context }) => context.price > 100 },
}).createMachine({
  id: 'family',
  context: { price: 0, log: [] },
  type: 'parallel',
  states: {
    kid: {
      initial: 'home',
      states: {
        home: {
          invoke: { id: 'child', src: 'child', onDone: { target: 'grown', actions: emit({ type: 'grown' }) } },
          on: { SOOTHE: { actions: sendTo('child', { type: 'HEAL' }) } },
        },
        grown: { type: 'final' },
      },
    },
    market: {
      initial: 'low',
      invoke: {
        id: 'prices',
        src: 'prices',
        onSnapshot: { actions: assign({ price: ({ context, event }) => event.snapshot.context ?? context.price }) },
      },
      states: {
        low: { always: { guard: 'isHigh', target: 'high' } },
        high: { always: { guard: not('isHigh'), target: 'low' } },
      },
    },
    line: {
      initial: 'closed',
      states: {
        closed: { on: { OPEN: 'open' } },
        open: {
          invoke: { id: 'socket', src: 'socket', onError: 'closed' },
          entry: spawnChild('helper', { id: 'helper' }),
          on: {
            MESSAGE: { actions: [assign({ log: ['message'] }), sendTo('socket', { type: 'ACK' })] },
            CLOSE: 'closed',
          },
        },
      },
    },
  },
});

/** History, composed guards, raised events, dates, maps and sets. */
export const game = setup({
  types: {
    context: {} as { readonly lives: number; readonly seen: ReadonlySet<string>; readonly since: Date },
    events: {} as
      | { readonly type: 'HIT'; readonly by: string }
      | { readonly type: 'PAUSE' | 'RESUME' | 'JUMP' | 'LAND' | 'HARD' },
  },
  guards: {
    isDying: ({ context }) => context.lives <= 1,
    isKnown: ({ context, event }) => event.type === 'HIT' && context.seen.has(event.by),
  },
  actions: { shake: (_, __: { readonly times: number }) => never() },
}).createMachine({
  id: 'game',
  context: { lives: 3, seen: new Set(), since: new Date(0) },
  initial: 'playing',
  states: {
    playing: {
      initial: 'ground',
      on: {
        PAUSE: 'paused',
        HIT: [
          { guard: and(['isDying', not('isKnown')]), target: 'over' },
          {
            guard: or(['isKnown', stateIn({ playing: 'air' })]),
            actions: { type: 'shake', params: { times: 2 } },
          },
          {
            actions: [
              assign({
                lives: ({ context }) => context.lives - 1,
                seen: ({ context, event }) => new Set([...context.seen, event.by]),
              }),
              raise({ type: 'LAND' }),
            ],
          },
        ],
      },
      states: {
        ground: { on: { JUMP: 'air' } },
        air: { on: { LAND: 'ground' }, after: { 700: 'ground' } },
        last: { history: 'deep' },
      },
    },
    paused: { on: { RESUME: 'playing.last' }, after: { 60000: 'over' } },
    over: { type: 'final' },
  },
  output: ({ context }) => context.seen,
});
