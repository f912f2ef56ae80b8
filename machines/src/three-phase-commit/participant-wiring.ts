import { perform, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, emit, setup } from 'xstate';
import type { ParticipantContext, ParticipantInput } from './context.ts';
import type { Decided } from './coordinator-wiring.ts';
import type { CommitEvent, CommitMessage } from './messages.ts';
import * as quorum from './quorum-rules.ts';
import * as rules from './rules.ts';

/** The names that both participants' charts use, and the rules they stand for. */
export const participantSetup = setup({
  types: {
    context: {} as ParticipantContext,
    events: {} as CommitEvent,
    input: {} as ParticipantInput,
    emitted: {} as SendEvent<CommitMessage> | Decided,
  },
  delays: {
    voteRequestTimeout: ({ context }) => context.settings.voteRequestTimeoutMs,
    // Longer than any coordinator takes to speak again: it waits for others twice, three bounds each, and its word takes one.
    coordinatorTimeout: ({ context }) => 8 * context.settings.maxDelayMs,
    // Where all may stand at any time, those later in the line wait longer, so that mostly one does.
    standTimeout: ({ context }) => (6 + 2 * rules.placeOf(context, context.self)) * context.settings.maxDelayMs,
    stateReportTimeout: ({ context }) => 3 * context.settings.maxDelayMs,
    ackTimeout: ({ context }) => 3 * context.settings.maxDelayMs,
    decisionRequestInterval: ({ context }) => 8 * context.settings.maxDelayMs,
  },
  guards: {
    isWilling: ({ context }) => context.willing,
    isNext: ({ context }) => rules.isNext(context),
    mayLead: ({ context }) => rules.mayLead(context),
    isCoordinator: ({ context, event }) => rules.isCoordinator(context, rules.senderOf(event)),
    haveFollowersReported: ({ context }) => rules.haveFollowersReported(context),
    haveOthersReported: ({ context }) => rules.haveOthersReported(context),
    isAnyAborted: ({ context }) => rules.isAnyAborted(context),
    isAnyCommitted: ({ context }) => rules.isAnyCommitted(context),
    areAllUncertain: ({ context }) => rules.areAllUncertain(context),
    haveUncertainAcked: ({ context }) => rules.haveUncertainAcked(context),
    haveAllFailed: ({ context }) => rules.haveAllFailed(context),

    isAckOfOurs: ({ context, event }) => event.type === 'Ack' && event.state === context.prepared,
    mayPrepareCommit: ({ context }) => quorum.mayPrepareCommit(context),
    mayPrepareAbort: ({ context }) => quorum.mayPrepareAbort(context),
    isCommitQuorumPrepared: ({ context }) => quorum.isCommitQuorumPrepared(context),
    isAbortQuorumPrepared: ({ context }) => quorum.isAbortQuorumPrepared(context),

    hasVoted: ({ context }) => context.voted,
    isPreCommitted: ({ context }) => context.prepared === 'preCommit',
    isPreAborted: ({ context }) => context.prepared === 'preAbort',
    hasCommitted: ({ context }) => context.decision === 'commit',
    hasAborted: ({ context }) => context.decision === 'abort',
  },
  actions: {
    refuse: assign({ willing: false }),
    logYes: assign({ voted: true }),
    logPreCommit: assign({ prepared: 'preCommit' as const }),
    logPreAbort: assign({ prepared: 'preAbort' as const }),
    logCommit: assign({ decision: 'commit' as const, turn: 0, reports: {}, acks: [] }),
    logAbort: assign({ decision: 'abort' as const, turn: 0, reports: {}, acks: [] }),

    voteYes: send(({ context }) => ({ to: context.coordinator, message: { type: 'Vote', vote: 'yes' } })),
    voteNo: send(({ context }) => ({ to: context.coordinator, message: { type: 'Vote', vote: 'no' } })),
    ackPreCommit: send(({ event }) => ({
      to: rules.senderOf(event),
      message: { type: 'Ack', state: 'preCommit' },
    })),
    ackPreAbort: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Ack', state: 'preAbort' } })),

    // The election.
    electNext: perform(({ context }) => rules.electNext(context)),
    lead: assign(({ context }) => rules.lead(context)),
    followSender: assign(({ context, event }) => rules.follow(context, rules.senderOf(event))),

    // The termination protocol.
    forgetReports: assign({ reports: {}, acks: [] }),
    requestFollowers: send(({ context }) => ({ to: rules.followers(context), message: { type: 'StateRequest' } })),
    requestOthers: send(({ context }) => ({ to: rules.peers(context), message: { type: 'StateRequest' } })),
    replyState: send(({ context, event }) => ({
      to: rules.senderOf(event),
      message: { type: 'StateReport', state: rules.stateOf(context) },
    })),
    countReport: assign(({ context, event }) => {
      assertEvent(event, 'StateReport');
      return rules.countReport(context, event);
    }),
    preCommitUncertain: send(({ context }) => ({ to: rules.uncertain(context), message: { type: 'PreCommit' } })),
    preAbortUncertain: send(({ context }) => ({ to: rules.uncertain(context), message: { type: 'PreAbort' } })),
    countAck: assign(({ context, event }) => {
      assertEvent(event, 'Ack');
      return rules.countAck(context, event);
    }),
    sendCommit: send(({ context }) => ({ to: rules.others(context), message: { type: 'Commit' } })),
    sendAbort: send(({ context }) => ({ to: rules.others(context), message: { type: 'Abort' } })),

    // Recovery.
    replyUnknown: send(({ context, event }) => ({
      to: rules.senderOf(event),
      message: { type: 'DecisionUnknown', state: rules.undecidedStateOf(context) },
    })),
    countUnknown: assign(({ context, event }) => {
      assertEvent(event, 'DecisionUnknown');
      return rules.countReport(context, event);
    }),
    askDecision: send(({ context }) => ({ to: rules.others(context), message: { type: 'DecisionRequest' } })),
    replyCommit: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Commit' } })),
    replyAbort: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Abort' } })),

    tellCommit: emit({ type: 'decided', decision: 'commit' }),
    tellAbort: emit({ type: 'decided', decision: 'abort' }),
  },
});
