import { type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, emit, setup } from 'xstate';
import type { CoordinatorContext, CoordinatorInput } from './context.ts';
import type { CommitEvent, CommitMessage } from './messages.ts';
import * as quorum from './quorum-rules.ts';
import * as rules from './rules.ts';

/** What a process tells its embedder: the outcome. After a crash it is told again. */
export interface Decided {
  readonly type: 'decided';
  readonly decision: 'commit' | 'abort';
}

/** The names that both coordinators' charts use, and the rules they stand for. */
export const coordinatorSetup = setup({
  types: {
    context: {} as CoordinatorContext,
    events: {} as CommitEvent,
    input: {} as CoordinatorInput,
    emitted: {} as SendEvent<CommitMessage> | Decided,
  },
  delays: {
    // A request and its answer take two bounds; one more for the clocks.
    voteTimeout: ({ context }) => 3 * context.settings.maxDelayMs,
    ackTimeout: ({ context }) => 3 * context.settings.maxDelayMs,
    decisionRequestInterval: ({ context }) => 8 * context.settings.maxDelayMs,
  },
  guards: {
    isYes: ({ event }) => event.type === 'Vote' && event.vote === 'yes',
    haveAllVoted: ({ context }) => rules.haveAllVoted(context),
    haveAllAcked: ({ context }) => rules.haveAllAcked(context),
    hasCommitQuorum: ({ context }) => quorum.coordinatorMayCommit(context),
    haveAllFailed: ({ context }) => rules.haveAllFailed(context),
    hasStarted: ({ context }) => context.started,
    isPreCommitted: ({ context }) => context.prepared === 'preCommit',
    hasCommitted: ({ context }) => context.decision === 'commit',
    hasAborted: ({ context }) => context.decision === 'abort',
  },
  actions: {
    logStart: assign({ started: true }),
    logPreCommit: assign({ prepared: 'preCommit' as const, votes: [] }),
    logCommit: assign({ decision: 'commit' as const, acks: [], reports: {} }),
    logAbort: assign({ decision: 'abort' as const, votes: [], reports: {} }),

    countVote: assign(({ context, event }) => {
      assertEvent(event, 'Vote');
      return rules.countVote(context, event.from);
    }),
    countAck: assign(({ context, event }) => {
      assertEvent(event, 'Ack');
      return rules.countAck(context, event);
    }),
    countUnknown: assign(({ context, event }) => {
      assertEvent(event, 'DecisionUnknown');
      return rules.countReport(context, event);
    }),

    sendVoteRequest: send(({ context }) => ({ to: context.participants, message: { type: 'VoteRequest' } })),
    sendPreCommit: send(({ context }) => ({ to: rules.withoutAck(context), message: { type: 'PreCommit' } })),
    sendCommit: send(({ context }) => ({ to: context.participants, message: { type: 'Commit' } })),
    sendAbort: send(({ context }) => ({ to: context.participants, message: { type: 'Abort' } })),
    askDecision: send(({ context }) => ({ to: rules.others(context), message: { type: 'DecisionRequest' } })),
    replyCommit: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Commit' } })),
    replyAbort: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Abort' } })),
    replyUnknown: send(({ context, event }) => ({
      to: rules.senderOf(event),
      message: { type: 'DecisionUnknown', state: rules.undecidedStateOf(context) },
    })),
    tellCommit: emit({ type: 'decided', decision: 'commit' }),
    tellAbort: emit({ type: 'decided', decision: 'abort' }),
  },
});
