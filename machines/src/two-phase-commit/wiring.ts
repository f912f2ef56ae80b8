import { type SendEvent, send } from '@synod/protocol';
import { assign, emit, setup } from 'xstate';
import type { CoordinatorContext, CoordinatorInput, ParticipantContext, ParticipantInput } from './context.ts';
import type { CommitEvent, CommitMessage, ResourceRequest } from './messages.ts';
import * as rules from './rules.ts';

/** What a process tells its embedder. */
export type CommitEmitted =
  | { readonly type: 'decided'; readonly decision: 'commit' | 'abort' }
  /** Every other participant is in doubt as well, and the coordinator does not answer: locks are held until it comes back. */
  | { readonly type: 'blocked' };

/** The names that the coordinator's chart uses, and the rules they stand for. */
export const coordinatorSetup = setup({
  types: {
    context: {} as CoordinatorContext,
    events: {} as CommitEvent,
    input: {} as CoordinatorInput,
    emitted: {} as SendEvent<CommitMessage> | CommitEmitted,
  },
  delays: {
    voteTimeout: ({ context }) => context.settings.voteTimeoutMs,
    ackTimeout: ({ context }) => context.settings.retryMs,
  },
  guards: {
    isYes: ({ event }) => event.type === 'Vote' && event.vote === 'yes',
    haveAllVoted: ({ context }) => rules.haveAllVoted(context),
    haveAllAcked: ({ context }) => rules.haveAllAcked(context),
    hasCommitted: ({ context }) => context.committed,
    hasEnded: ({ context }) => context.ended,
  },
  actions: {
    countVote: assign(({ context, event }) => rules.countVote(context, rules.senderOf(event))),
    countAck: assign(({ context, event }) => rules.countAck(context, rules.senderOf(event))),
    logCommit: assign({ committed: true, votes: [] }),
    logEnd: assign({ ended: true, acks: [] }),
    forgetVotes: assign({ votes: [] }),
    sendPrepare: send(({ context }) => ({ to: context.participants, message: { type: 'Prepare' } })),
    sendCommit: send(({ context }) => ({ to: rules.withoutAck(context), message: { type: 'Commit' } })),
    sendAbort: send(({ context }) => ({ to: context.participants, message: { type: 'Abort' } })),
    replyCommit: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Commit' } })),
    replyAbort: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Abort' } })),
    tellCommit: emit({ type: 'decided', decision: 'commit' }),
    tellAbort: emit({ type: 'decided', decision: 'abort' }),
  },
});

/** The names that the participant's chart uses, and the rules they stand for. */
export const participantSetup = setup({
  types: {
    context: {} as ParticipantContext,
    events: {} as CommitEvent,
    input: {} as ParticipantInput,
    emitted: {} as SendEvent<CommitMessage | ResourceRequest> | CommitEmitted,
  },
  delays: {
    prepareTimeout: ({ context }) => context.settings.prepareTimeoutMs,
    decisionTimeout: ({ context }) => context.settings.decisionTimeoutMs,
    decisionRequestInterval: ({ context }) => context.settings.decisionTimeoutMs,
    resourceTimeout: ({ context }) => context.settings.retryMs,
  },
  guards: {
    isPrepared: ({ context }) => context.record === 'prepared',
    hasCommitted: ({ context }) => context.record === 'commit',
    hasAborted: ({ context }) => context.record === 'abort',
    isBlocked: ({ context, event }) =>
      rules.isBlocked({ ...context, ...rules.noteUncertain(context, rules.senderOf(event)) }),
  },
  actions: {
    logPrepared: assign({ record: 'prepared' }),
    logCommit: assign({ record: 'commit', uncertain: [] }),
    logAbort: assign({ record: 'abort', uncertain: [] }),

    requestLocks: send(({ context }) => ({
      to: context.resource,
      message: { type: 'Lock', transaction: context.coordinator, operations: context.operations },
    })),
    applyOperations: send(({ context }) => ({
      to: context.resource,
      message: { type: 'Apply', transaction: context.coordinator },
    })),
    releaseLocks: send(({ context }) => ({
      to: context.resource,
      message: { type: 'Release', transaction: context.coordinator },
    })),

    voteYes: send(({ context }) => ({ to: context.coordinator, message: { type: 'Vote', vote: 'yes' } })),
    voteNo: send(({ context }) => ({ to: context.coordinator, message: { type: 'Vote', vote: 'no' } })),
    sendAck: send(({ context }) => ({ to: context.coordinator, message: { type: 'Ack' } })),

    askDecision: send(({ context }) => ({ to: rules.others(context), message: { type: 'DecisionRequest' } })),
    noteUncertain: assign(({ context, event }) => rules.noteUncertain(context, rules.senderOf(event))),
    forgetUncertain: assign({ uncertain: [] }),
    replyCommit: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Commit' } })),
    replyAbort: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Abort' } })),
    replyUncertain: send(({ event }) => ({ to: rules.senderOf(event), message: { type: 'Uncertain' } })),

    tellCommit: emit({ type: 'decided', decision: 'commit' }),
    tellAbort: emit({ type: 'decided', decision: 'abort' }),
    tellBlocked: emit({ type: 'blocked' }),
  },
});
