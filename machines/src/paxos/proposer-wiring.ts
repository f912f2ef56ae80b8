import { perform, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import { drawBackoff, noBallot, type ProposerContext, type ProposerInput } from './context.ts';
import type { ChosenKnown, PaxosMessage, ProposerEvent } from './messages.ts';
import * as rules from './rules.ts';

/** The names that the proposer's chart uses, and the rules they stand for. */
export const proposerSetup = setup({
  types: {
    context: {} as ProposerContext,
    events: {} as ProposerEvent,
    input: {} as ProposerInput,
    emitted: {} as SendEvent<PaxosMessage> | ChosenKnown,
  },
  delays: {
    roundTimeout: ({ context }) => context.settings.roundTimeoutMs,
    backoff: ({ context }) => context.backoffMs,
  },
  guards: {
    hasValue: ({ context }) => context.value !== null,
    isOurs: ({ context, event }) => event.type === 'Promise' && rules.isOurs(context, event),
    isPrepared: ({ context }) => rules.isPrepared(context),
    isPreempted: ({ context, event }) => event.type === 'Nack' && rules.isPreempted(context, event),
  },
  actions: {
    takeValue: assign(({ event }) => {
      assertEvent(event, 'proposer.propose');
      return { value: event.value };
    }),
    startBallot: assign(({ context }) => rules.startBallot(context)),
    sendPrepare: send(({ context }) => ({ to: context.acceptors, message: rules.prepare(context) })),
    countPromise: assign(({ context, event }) => {
      assertEvent(event, 'Promise');
      return rules.countPromise(context, event);
    }),
    chooseValue: assign(({ context }) => rules.chooseValue(context)),
    sendAccept: send(({ context }) => ({ to: context.acceptors, message: rules.accept(context) })),
    adoptPromised: assign(({ context, event }) => {
      assertEvent(event, 'Nack');
      return rules.adoptPromised(context, event);
    }),
    abandonBallot: assign(noBallot),
    drawBackoff: assign(({ context }) => drawBackoff(context)),
    learnChosen: assign(({ event }) => {
      assertEvent(event, 'Chosen');
      return { chosen: event.value };
    }),
    tellChosen: perform(({ context }) => ({
      emit: context.chosen === null ? [] : [{ type: 'chosen', value: context.chosen }],
    })),
    replyChosen: perform(({ context: { chosen }, event }) => {
      assertEvent(event, 'Inquire');
      const message = chosen === null ? [] : [{ type: 'Chosen' as const, value: chosen }];
      return { emit: message.map((each) => ({ type: 'send', to: event.from, message: each })) };
    }),
  },
});
