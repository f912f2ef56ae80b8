import { type Address, type Received, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, emit, setup } from 'xstate';
import { type DetectorContext, type DetectorInput, initialContext } from './context.ts';
import type { DetectorEvent, DetectorMessage, Heartbeat, Suspicion, Withdrawal } from './messages.ts';
import * as rules from './rules.ts';

/** What a detector tells its embedder of the process that it watches. */
export interface DetectorEmitted {
  readonly type: 'suspected' | 'trusted' | 'failed';
  readonly process: Address;
}

type Of<T extends DetectorEvent['type']> = Extract<DetectorEvent, { type: T }>;

const on =
  <T extends DetectorEvent['type'], R>(type: T | readonly T[], rule: (context: DetectorContext, event: Of<T>) => R) =>
  ({ context, event }: { readonly context: DetectorContext; readonly event: DetectorEvent }): R => {
    assertEvent(event, type);
    return rule(context, event as unknown as Of<T>);
  };

const tell =
  (type: DetectorEmitted['type']) =>
  ({ context }: { readonly context: DetectorContext }) =>
    ({ type, process: context.watched }) as const;

/**
 * One process as another sees it: Chandra and Toueg, *Unreliable Failure Detectors for Reliable Distributed Systems* (1996), figure 10,
 * with a third state for what several have confirmed.
 */
export const detectorMachine = setup({
  types: {
    context: {} as DetectorContext,
    events: {} as DetectorEvent,
    input: {} as DetectorInput,
    emitted: {} as SendEvent<DetectorMessage> | DetectorEmitted,
  },
  delays: {
    timeout: ({ context }) => context.timeoutMs,
    /** Between two Suspicions: a lost one, or a lost Withdrawal, is made good by the next. */
    suspicionInterval: ({ context }) => context.timeoutMs,
  },
  guards: {
    isFresh: on('Heartbeat', rules.isFresh),
    isFreshMistake: on(
      'Heartbeat',
      (context, event: Received<Heartbeat>) => rules.isFresh(context, event) && rules.wasMistaken(context, event),
    ),
    concerns: on(['Suspicion', 'Withdrawal'], rules.concerns),
    isOutdated: on('Suspicion', rules.isOutdated),
    hasQuorum: ({ context }) => rules.hasQuorum(context),
    lacksQuorum: ({ context }) => !rules.hasQuorum(context),
  },
  actions: {
    hear: assign(on('Heartbeat', (context, event: Received<Heartbeat>) => rules.hear(context, event))),
    heed: assign(
      on(['Suspicion', 'Withdrawal'], (context, event: Received<Suspicion | Withdrawal>) => rules.heed(context, event)),
    ),
    count: assign(on('Suspicion', (context, event: Received<Suspicion>) => rules.count(context, event))),
    discount: assign(on('Withdrawal', (context, event: Received<Withdrawal>) => rules.discount(context, event))),
    suspect: assign(({ context }) => ({ suspectedLife: context.life })),
    learnFromMistake: assign(({ context }) => rules.learnFromMistake(context)),
    tellSuspicion: send(({ context: { others, life } }) => ({ to: others, message: { type: 'Suspicion', life } })),
    tellSuspicionAgain: send(({ context: { others, life } }) => ({ to: others, message: { type: 'Suspicion', life } })),
    tellWithdrawal: send(({ context: { others, life } }) => ({ to: others, message: { type: 'Withdrawal', life } })),
    answerWithdrawal: send(({ context: { life }, event }) => {
      assertEvent(event, 'Suspicion');
      return { to: event.from, message: { type: 'Withdrawal', life } };
    }),
    announceSuspected: emit(tell('suspected')),
    announceTrusted: emit(tell('trusted')),
    announceFailed: emit(tell('failed')),
  },
}).createMachine({
  id: 'detector',
  context: ({ input }) => initialContext(input),
  on: {
    Suspicion: { guard: 'concerns', actions: ['heed', 'count'] },
    Withdrawal: { guard: 'concerns', actions: ['heed', 'discount'] },
  },
  initial: 'alive',
  states: {
    alive: {
      on: {
        Heartbeat: {
          guard: 'isFresh',
          target: 'alive',
          reenter: true,
          actions: 'hear',
          description: 'p is alive (figure 10)',
        },
        // Who suspects alone comes to know so, also where a Withdrawal was lost.
        Suspicion: [
          { guard: 'concerns', actions: ['heed', 'count', 'answerWithdrawal'] },
          { guard: 'isOutdated', actions: 'answerWithdrawal' },
        ],
      },
      after: {
        timeout: {
          target: 'suspected',
          actions: ['suspect', 'announceSuspected', 'tellSuspicion'],
          description: 'No heartbeat for Δ(p): suspect p (figure 10, task 2)',
        },
      },
    },
    suspected: {
      always: {
        guard: 'hasQuorum',
        target: 'failed',
        actions: 'announceFailed',
        description: 'Enough others suspect it too',
      },
      after: {
        suspicionInterval: {
          target: 'suspected',
          reenter: true,
          actions: 'tellSuspicionAgain',
          description: 'What was said may have been lost',
        },
      },
      on: {
        Heartbeat: [
          {
            guard: 'isFreshMistake',
            target: 'alive',
            actions: ['hear', 'learnFromMistake', 'tellWithdrawal', 'announceTrusted'],
            description: 'It was a mistake: trust p again and increase Δ(p) (figure 10, task 3)',
          },
          {
            guard: 'isFresh',
            target: 'alive',
            actions: ['hear', 'tellWithdrawal', 'announceTrusted'],
            description: 'p has started again',
          },
        ],
      },
    },
    failed: {
      always: {
        guard: 'lacksQuorum',
        target: 'suspected',
        actions: 'announceSuspected',
        description: 'Others have withdrawn what confirmed it',
      },
      after: { suspicionInterval: { target: 'failed', reenter: true, actions: 'tellSuspicionAgain' } },
      on: {
        // ◇P may be wrong for a while, also where several were wrong together: what speaks is alive.
        Heartbeat: [
          {
            guard: 'isFreshMistake',
            target: 'alive',
            actions: ['hear', 'learnFromMistake', 'tellWithdrawal', 'announceTrusted'],
          },
          { guard: 'isFresh', target: 'alive', actions: ['hear', 'tellWithdrawal', 'announceTrusted'] },
        ],
      },
    },
  },
});
