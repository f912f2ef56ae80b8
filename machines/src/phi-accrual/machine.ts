import { type Address, perform, type Received } from '@synod/protocol';
import { assertEvent, emit, setup } from 'xstate';
import { firstIntervals, initialContext, type PhiContext, type PhiInput, phi, silenceUntil } from './context.ts';
import type { Heartbeat, PhiEvent } from './messages.ts';
import { estimateOf } from './phi.ts';

/** What a detector tells its embedder of the process that it watches. */
export type PhiEmitted =
  | { readonly type: 'suspected' | 'trusted' | 'failed'; readonly process: Address }
  /** The answer to `detector.query`. */
  | { readonly type: 'phi'; readonly process: Address; readonly phi: number };

const tell =
  (type: 'suspected' | 'trusted' | 'failed') =>
  ({ context }: { readonly context: PhiContext }) =>
    ({ type, process: context.watched }) as const;

/** A heartbeat of the watched process, and not of a life that is over. */
const isFresh = ({ watched, life }: PhiContext, event: Received<Heartbeat>): boolean =>
  event.from === watched && event.life >= life;

/** §III-C: the interval enters the window, but an outage. With a new life the window begins anew: the time that it was down is none. */
function sample(context: PhiContext, { at, life }: Received<Heartbeat>): Partial<PhiContext> {
  const { settings, lastAt } = context;
  if (lastAt === null || life > context.life) {
    const intervals = firstIntervals(settings);
    return { lastAt: at, life, intervals, estimate: estimateOf(intervals, settings.minDeviationMs) };
  }
  const interval = Math.max(0, at - lastAt);
  if (interval > settings.maxIntervalMs) return { lastAt: at };
  const intervals = [...context.intervals, interval].slice(-settings.windowSize);
  return { lastAt: at, intervals, estimate: estimateOf(intervals, settings.minDeviationMs) };
}

/**
 * One process as another sees it: Hayashibara, Défago, Yared and Katayama, *The φ Accrual Failure Detector* (2004). φ itself grows without end; the
 * chart's states are what two thresholds make of it. It has no clock: with each heartbeat it is known when φ will come to a threshold.
 */
export const phiMachine = setup({
  types: {
    context: {} as PhiContext,
    events: {} as PhiEvent,
    input: {} as PhiInput,
    emitted: {} as PhiEmitted,
  },
  delays: {
    threshold: ({ context }) => silenceUntil(context, 'threshold'),
    /** From the threshold on. */
    failThreshold: ({ context }) => silenceUntil(context, 'failThreshold') - silenceUntil(context, 'threshold'),
  },
  guards: {
    isFresh: ({ context, event }) => {
      assertEvent(event, 'Heartbeat');
      return isFresh(context, event);
    },
  },
  actions: {
    sample: perform(({ context, event }) => {
      assertEvent(event, 'Heartbeat');
      return { change: sample(context, event) };
    }),
    answer: perform(({ context, event }) => {
      assertEvent(event, 'detector.query');
      return { emit: [{ type: 'phi', process: context.watched, phi: phi(context, event.at) }] };
    }),
    announceSuspected: emit(tell('suspected')),
    announceTrusted: emit(tell('trusted')),
    announceFailed: emit(tell('failed')),
  },
}).createMachine({
  id: 'phi',
  context: ({ input }) => initialContext(input),
  on: { 'detector.query': { actions: 'answer', description: 'φ now, for who has a threshold of its own' } },
  initial: 'alive',
  states: {
    alive: {
      on: {
        Heartbeat: {
          guard: 'isFresh',
          target: 'alive',
          reenter: true,
          actions: 'sample',
          description: 'The interval enters the window (§III-C)',
        },
      },
      after: { threshold: { target: 'suspected', description: 'φ has come to the threshold (§III-A)' } },
    },
    suspected: {
      entry: 'announceSuspected',
      on: { Heartbeat: { guard: 'isFresh', target: 'alive', actions: ['sample', 'announceTrusted'] } },
      after: { failThreshold: { target: 'failed', description: 'φ has come to the higher threshold' } },
    },
    failed: {
      entry: 'announceFailed',
      on: { Heartbeat: { guard: 'isFresh', target: 'alive', actions: ['sample', 'announceTrusted'] } },
    },
  },
});
