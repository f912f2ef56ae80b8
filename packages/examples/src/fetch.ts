import { assign, fromPromise, setup } from 'xstate';

interface FetchContext {
  readonly url: string;
  /** Failed attempts in a row. */
  readonly attempts: number;
  readonly data: unknown;
  readonly error: string | null;
}

type FetchEvent = { readonly type: 'FETCH' } | { readonly type: 'CANCEL' } | { readonly type: 'REFRESH' };

export const MAX_ATTEMPTS = 4;

/** A request with a time limit, repeated with exponential back-off, whose answer goes stale. */
export const fetchMachine = setup({
  types: { context: {} as FetchContext, events: {} as FetchEvent, input: {} as { readonly url: string } },
  actors: {
    request: fromPromise<unknown, { readonly url: string }>(async () => null),
  },
  delays: {
    timeLimit: 5_000,
    /** One second, then two, then four. */
    backOff: ({ context }) => 1_000 * 2 ** (context.attempts - 1),
    freshness: 60_000,
  },
  guards: {
    mayRetry: ({ context }) => context.attempts < MAX_ATTEMPTS,
  },
  actions: {
    countFailure: assign({ attempts: ({ context }) => context.attempts + 1 }),
    keepError: assign({ error: (_, params: { readonly error: unknown }) => String(params.error) }),
    keepData: assign((_, params: { readonly data: unknown }) => ({ data: params.data, attempts: 0, error: null })),
    startOver: assign({ attempts: 0, error: null }),
  },
}).createMachine({
  id: 'fetch',
  context: ({ input }) => ({ url: input.url, attempts: 0, data: null, error: null }),
  initial: 'idle',
  states: {
    idle: { on: { FETCH: { target: 'loading' } } },
    loading: {
      invoke: {
        src: 'request',
        input: ({ context }) => ({ url: context.url }),
        onDone: { target: 'fresh', actions: { type: 'keepData', params: ({ event }) => ({ data: event.output }) } },
        onError: { target: 'failing', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
      after: {
        timeLimit: { target: 'failing', actions: { type: 'keepError', params: { error: 'no answer in time' } } },
      },
      on: { CANCEL: { target: 'idle', actions: 'startOver' } },
    },
    failing: {
      entry: 'countFailure',
      always: [{ guard: 'mayRetry', target: 'waiting' }, { target: 'failed' }],
    },
    waiting: {
      after: { backOff: { target: 'loading' } },
      on: {
        FETCH: { target: 'loading', description: 'Whoever asks again need not wait' },
        CANCEL: { target: 'idle', actions: 'startOver' },
      },
    },
    failed: { on: { FETCH: { target: 'loading', actions: 'startOver' } } },
    fresh: {
      after: { freshness: { target: 'stale' } },
      on: { REFRESH: { target: 'loading' } },
    },
    stale: { on: { FETCH: { target: 'loading' }, REFRESH: { target: 'loading' } } },
  },
});
