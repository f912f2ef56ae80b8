import { coordinatorContext } from './context.ts';
import { coordinatorSetup } from './coordinator-wiring.ts';

/**
 * The coordinator of three-phase commit by quorums: Skeen, *A Quorum-Based Commit Protocol* (1982). It has no vote in the quorums. Once it has
 * sent PreCommit it decides by the acknowledgements of a commit quorum, or as others tell it, and by no timeout.
 */
export const quorumCoordinatorMachine = coordinatorSetup.createMachine({
  id: 'quorumCoordinator',
  context: ({ input }) => coordinatorContext(input),
  initial: 'init',
  states: {
    init: {
      // After a crash, the log tells where it was.
      always: [
        { guard: 'hasCommitted', target: 'commit', actions: 'sendCommit' },
        { guard: 'hasAborted', target: 'abort', actions: 'sendAbort' },
        { guard: 'isPreCommitted', target: 'preCommit' },
        { guard: 'hasStarted', target: 'abort', actions: 'sendAbort' },
      ],
      on: {
        'coordinator.commit': {
          target: 'wait',
          actions: ['logStart', 'sendVoteRequest'],
          description: 'Phase 1: ask all participants for their votes',
        },
      },
    },

    wait: {
      always: {
        guard: 'haveAllVoted',
        target: 'preCommit',
        actions: 'logPreCommit',
        description: 'Phase 2: all votes are yes',
      },
      after: {
        voteTimeout: {
          target: 'abort',
          actions: 'sendAbort',
          description: 'Nobody was told to prepare to commit, and nobody will be: abort',
        },
      },
      on: {
        Vote: [
          { guard: 'isYes', actions: 'countVote' },
          { target: 'abort', actions: 'sendAbort', description: 'A vote is no: abort' },
        ],
      },
    },

    preCommit: {
      entry: 'sendPreCommit',
      always: {
        guard: 'hasCommitQuorum',
        target: 'commit',
        actions: 'sendCommit',
        description: 'Phase 3: a commit quorum is prepared to commit',
      },
      after: {
        ackTimeout: {
          target: 'preCommit',
          reenter: true,
          description: 'No commit quorum yet: ask those again who have not acknowledged',
        },
      },
      on: {
        Ack: { actions: 'countAck' },
        Commit: { target: 'commit', description: 'The termination protocol has decided' },
        Abort: { target: 'abort', description: 'The termination protocol has decided' },
      },
    },

    commit: { entry: ['logCommit', 'tellCommit'], on: { StateRequest: { actions: 'replyCommit' } } },
    abort: { entry: ['logAbort', 'tellAbort'], on: { StateRequest: { actions: 'replyAbort' } } },
  },
});
