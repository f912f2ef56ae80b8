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
  delays: { timeout: ({ context }) => context.timeoutMs },
  guards: {
    isFresh: on('Heartbeat', rules.isFresh),
    isFreshMistake: on(
      'Heartbeat',
      (context, event: Received<Heartbeat>) => rules.isFresh(context, event) && rules.wasMistaken(context, event),
    ),
    concerns: on(['Suspicion', 'Withdrawal'], rules.concerns),
    hasQuorum: ({ context }) => rules.hasQuorum(context),
  },
  actions: {
    heed: assign(({ context, event }) => rules.heed(context, event)),
    count: assign(on('Suspicion', (context, event: Received<Suspicion>) => rules.count(context, event))),
    discount: assign(on('Withdrawal', (context, event: Received<Withdrawal>) => rules.discount(context, event))),
    suspect: assign(({ context }) => ({ suspectedLife: context.life })),
    learnFromMistake: assign(({ context }) => rules.learnFromMistake(context)),
    tellSuspicion: send(({ context: { others, life } }) => ({ to: others, message: { type: 'Suspicion', life } })),
    tellWithdrawal: send(({ context: { others, life } }) => ({ to: others, message: { type: 'Withdrawal', life } })),
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
          actions: 'heed',
          description: 'p is alive (figure 10)',
        },
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
      always: { guard: 'hasQuorum', target: 'failed', description: 'Enough others suspect it too' },
      on: {
        Heartbeat: [
          {
            guard: 'isFreshMistake',
            target: 'alive',
            actions: ['heed', 'learnFromMistake', 'tellWithdrawal', 'announceTrusted'],
            description: 'It was a mistake: trust p again and increase Δ(p) (figure 10, task 3)',
          },
          {
            guard: 'isFresh',
            target: 'alive',
            actions: ['heed', 'tellWithdrawal', 'announceTrusted'],
            description: 'p has started again',
          },
        ],
      },
    },
    failed: {
      entry: 'announceFailed',
      on: {
        // ◇P may be wrong for a while, also where several were wrong together: what speaks is alive.
        Heartbeat: [
          {
            guard: 'isFreshMistake',
            target: 'alive',
            actions: ['heed', 'learnFromMistake', 'tellWithdrawal', 'announceTrusted'],
          },
          { guard: 'isFresh', target: 'alive', actions: ['heed', 'tellWithdrawal', 'announceTrusted'] },
        ],
      },
    },
  },
});
