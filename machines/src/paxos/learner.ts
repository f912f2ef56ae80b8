import { type Address, perform, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import { type LearnerContext, type LearnerInput, learnerContext } from './context.ts';
import type { Chosen, ChosenKnown, LearnerEvent, PaxosMessage } from './messages.ts';
import * as rules from './rules.ts';

type Out = SendEvent<PaxosMessage> | ChosenKnown;

const telling = ({ chosen }: LearnerContext, to: Address | readonly Address[]): { emit: Out[] } => {
  const message: Chosen | undefined = chosen === null ? undefined : { type: 'Chosen', value: chosen };
  return { emit: message ? [{ type: 'send', to, message }] : [] };
};

const learnerSetup = setup({
  types: {
    context: {} as LearnerContext,
    events: {} as LearnerEvent,
    input: {} as LearnerInput,
    emitted: {} as Out,
  },
  delays: {
    inquireInterval: ({ context }) => context.inquireIntervalMs,
  },
  guards: {
    hasLearned: ({ context }) => context.chosen !== null,
    isChosen: ({ context }) => rules.chosenAmong(context) !== null,
  },
  actions: {
    countAccepted: assign(({ context, event }) => {
      assertEvent(event, 'Accepted');
      return rules.countAccepted(context, event);
    }),
    learn: assign(({ context }) => ({ chosen: rules.chosenAmong(context), accepted: {} })),
    learnChosen: assign(({ event }) => {
      assertEvent(event, 'Chosen');
      return { chosen: event.value, accepted: {} };
    }),
    tellOthers: perform(({ context }) => telling(context, context.others)),
    replyToProposer: perform(({ context, event }) => {
      assertEvent(event, 'Accepted');
      return telling(context, event.ballot.proposer);
    }),
    replyChosen: perform(({ context, event }) => {
      assertEvent(event, 'Inquire');
      return telling(context, event.from);
    }),
    sendInquire: send(({ context }) => ({ to: context.others, message: { type: 'Inquire' } })),
    tellChosen: perform(({ context: { chosen } }) => ({
      emit: chosen === null ? [] : [{ type: 'chosen', value: chosen }],
    })),
  },
});

/** The learner of single-decree Paxos: Lamport, *Paxos Made Simple* (2001), §2.3. */
export const learnerMachine = learnerSetup.createMachine({
  id: 'learner',
  context: ({ input }) => learnerContext(input),
  initial: 'learning',
  states: {
    learning: {
      always: [
        { guard: 'hasLearned', target: 'learned', description: 'After a crash: what was learned is written down' },
        {
          guard: 'isChosen',
          target: 'learned',
          actions: ['learn', 'tellOthers'],
          description: 'A majority has accepted one proposal: its value is chosen (§2.3)',
        },
      ],
      after: {
        inquireInterval: {
          target: 'learning',
          reenter: true,
          actions: 'sendInquire',
          description: 'A message may have been lost: ask those who may know (§2.3, its end)',
        },
      },
      on: {
        Accepted: { actions: 'countAccepted' },
        Chosen: { target: 'learned', actions: 'learnChosen' },
      },
    },

    learned: {
      entry: 'tellChosen',
      on: {
        Accepted: { actions: 'replyToProposer', description: 'It still tries, and need not' },
        Inquire: { actions: 'replyChosen' },
      },
    },
  },
});
