import { perform, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import { type AcceptorContext, type AcceptorInput, acceptorContext } from './context.ts';
import type { AcceptorEvent, PaxosMessage } from './messages.ts';
import * as rules from './rules.ts';

const acceptorSetup = setup({
  types: {
    context: {} as AcceptorContext,
    events: {} as AcceptorEvent,
    input: {} as AcceptorInput,
    emitted: {} as SendEvent<PaxosMessage>,
  },
  guards: {
    isCurrent: ({ context, event }) => rules.isCurrent(context, event),
  },
  actions: {
    promise: assign(({ context, event }) => {
      assertEvent(event, 'Prepare');
      return rules.promise(context, event);
    }),
    replyPromise: send(({ context, event }) => {
      assertEvent(event, 'Prepare');
      return { to: event.from, message: rules.promiseReply(context, event) };
    }),
    acceptProposal: assign(({ context, event }) => {
      assertEvent(event, 'Accept');
      return rules.acceptProposal(context, event);
    }),
    tellLearners: send(({ context, event }) => {
      assertEvent(event, 'Accept');
      return { to: context.learners, message: rules.acceptedReply(event) };
    }),
    replyNack: perform(({ context, event }) => ({
      emit: [{ type: 'send', to: event.from, message: rules.nack(context) }],
    })),
  },
});

/** The acceptor of single-decree Paxos: Lamport, *Paxos Made Simple* (2001), §2.2. It is always ready. */
export const acceptorMachine = acceptorSetup.createMachine({
  id: 'acceptor',
  context: ({ input }) => acceptorContext(input),
  initial: 'ready',
  states: {
    ready: {
      on: {
        Prepare: [
          {
            guard: 'isCurrent',
            actions: ['promise', 'replyPromise'],
            description: 'Phase 1b: promise, and tell the highest-numbered proposal accepted (§2.2)',
          },
          { actions: 'replyNack', description: 'A higher ballot was promised: say so (§2.2, its end)' },
        ],
        Accept: [
          {
            guard: 'isCurrent',
            actions: ['acceptProposal', 'tellLearners'],
            description: 'Phase 2b: accept, unless a higher ballot was promised (§2.2)',
          },
          { actions: 'replyNack' },
        ],
      },
    },
  },
});
