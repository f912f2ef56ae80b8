import { participantContext } from './context.ts';
import { participantSetup } from './participant-wiring.ts';

// A participant that has voted yes follows whoever speaks, or stands itself for coordinator: several may at a time, and nothing is lost.

const following = participantSetup.createStateConfig({
  entry: 'forgetReports',
  after: {
    standTimeout: { target: 'collecting', description: 'No decision for a while: stand for surrogate coordinator' },
  },
});

const collecting = participantSetup.createStateConfig({
  entry: ['forgetReports', 'requestOthers'],
  always: { guard: 'haveOthersReported', target: 'judging' },
  after: {
    stateReportTimeout: { target: 'judging', description: 'Go by those that reported' },
  },
  on: { StateReport: { actions: 'countReport' } },
});

const isAnyAborted = {
  guard: 'isAnyAborted',
  target: '#quorumParticipant.abort',
  actions: 'sendAbort',
  description: 'Some process has aborted: abort',
} as const;
const isAnyCommitted = {
  guard: 'isAnyCommitted',
  target: '#quorumParticipant.commit',
  actions: 'sendCommit',
  description: 'Some process has committed: commit',
} as const;
const blocked = {
  target: 'following',
  description: 'Neither quorum can be had: wait for repair, and try again',
} as const;

const preparing = participantSetup.createStateConfig({
  after: { ackTimeout: { target: 'following', description: 'No quorum: try again later' } },
  on: { Ack: { guard: 'isAckOfOurs', actions: 'countAck' } },
});

/** Answers of one who has decided to all who have not. */
const answersCommit = participantSetup.createStateConfig({
  on: {
    StateRequest: { actions: 'replyState' },
    PreCommit: { actions: 'replyCommit' },
    PreAbort: { actions: 'replyCommit' },
  },
});
const answersAbort = participantSetup.createStateConfig({
  on: {
    VoteRequest: { actions: 'voteNo' },
    StateRequest: { actions: 'replyState' },
    PreCommit: { actions: 'replyAbort' },
    PreAbort: { actions: 'replyAbort' },
  },
});

/**
 * A participant of three-phase commit by quorums, with the termination protocol of Skeen, *A Quorum-Based Commit Protocol* (1982).
 * Who is prepared for an outcome stays so until a decision, and after a crash it takes up where its log ends.
 */
export const quorumParticipantMachine = participantSetup.createMachine({
  id: 'quorumParticipant',
  context: ({ input }) => participantContext(input),
  initial: 'init',
  states: {
    init: {
      always: [
        { guard: 'hasCommitted', target: 'commit' },
        { guard: 'hasAborted', target: 'abort' },
        { guard: 'isPreCommitted', target: 'preCommit' },
        { guard: 'isPreAborted', target: 'preAbort' },
        { guard: 'hasVoted', target: 'wait' },
      ],
      after: {
        voteRequestTimeout: { target: 'abort', description: 'It has not voted: abort' },
      },
      on: {
        'participant.abort': { actions: 'refuse' },
        VoteRequest: [
          { guard: 'isWilling', target: 'wait', actions: ['logYes', 'voteYes'], description: 'Vote yes' },
          { target: 'abort', actions: 'voteNo', description: 'Vote no and abort' },
        ],
        Abort: { target: 'abort' },
        StateRequest: {
          target: 'abort',
          actions: ['logAbort', 'replyState'],
          description: 'It has not voted: it aborts, and says so',
        },
      },
    },

    wait: {
      on: {
        PreCommit: {
          target: 'preCommit',
          actions: ['logPreCommit', 'ackPreCommit'],
          description: 'All have voted yes: prepare to commit',
        },
        PreAbort: {
          target: 'preAbort',
          actions: ['logPreAbort', 'ackPreAbort'],
          description: 'An abort quorum may be had: prepare to abort',
        },
        StateRequest: { actions: 'replyState' },
        Commit: { target: 'commit' },
        Abort: { target: 'abort' },
      },
      initial: 'following',
      states: {
        following,
        collecting,
        judging: {
          always: [
            isAnyAborted,
            isAnyCommitted,
            {
              guard: 'mayPrepareCommit',
              target: '#quorumParticipant.preCommit.preparing',
              actions: ['logPreCommit', 'preCommitUncertain'],
              description: 'One is prepared to commit, and a commit quorum can be: PRE-COMMIT',
            },
            {
              guard: 'mayPrepareAbort',
              target: '#quorumParticipant.preAbort.preparing',
              actions: ['logPreAbort', 'preAbortUncertain'],
              description: 'An abort quorum can be prepared to abort: PRE-ABORT',
            },
            blocked,
          ],
        },
      },
    },

    preCommit: {
      on: {
        PreCommit: { actions: 'ackPreCommit' },
        StateRequest: { actions: 'replyState' },
        Commit: { target: 'commit' },
        Abort: { target: 'abort' },
      },
      initial: 'following',
      states: {
        following,
        collecting,
        judging: {
          always: [
            isAnyAborted,
            isAnyCommitted,
            {
              guard: 'mayPrepareCommit',
              target: 'preparing',
              actions: 'preCommitUncertain',
              description: 'A commit quorum can be prepared to commit: PRE-COMMIT',
            },
            blocked,
          ],
        },
        preparing: {
          ...preparing,
          always: {
            guard: 'isCommitQuorumPrepared',
            target: '#quorumParticipant.commit',
            actions: 'sendCommit',
            description: 'A commit quorum is prepared to commit: commit',
          },
        },
      },
    },

    preAbort: {
      on: {
        PreAbort: { actions: 'ackPreAbort' },
        StateRequest: { actions: 'replyState' },
        Commit: { target: 'commit' },
        Abort: { target: 'abort' },
      },
      initial: 'following',
      states: {
        following,
        collecting,
        judging: {
          always: [
            isAnyAborted,
            isAnyCommitted,
            {
              guard: 'mayPrepareAbort',
              target: 'preparing',
              actions: 'preAbortUncertain',
              description: 'An abort quorum can be prepared to abort: PRE-ABORT',
            },
            blocked,
          ],
        },
        preparing: {
          ...preparing,
          always: {
            guard: 'isAbortQuorumPrepared',
            target: '#quorumParticipant.abort',
            actions: 'sendAbort',
            description: 'An abort quorum is prepared to abort: abort',
          },
        },
      },
    },

    commit: { ...answersCommit, entry: ['logCommit', 'tellCommit'] },
    abort: { ...answersAbort, entry: ['logAbort', 'tellAbort'] },
  },
});
