import { coordinatorContext } from './context.ts';
import { coordinatorSetup } from './wiring.ts';

/**
 * The coordinator of two-phase commit with presumed abort: Mohan, Lindsay and Obermarck, *Transaction Management in the R\* Distributed
 * Database Management System* (1986), §3.1.
 */
export const coordinatorMachine = coordinatorSetup.createMachine({
  id: 'coordinator',
  context: ({ input }) => coordinatorContext(input),
  initial: 'initial',
  states: {
    initial: {
      // After a crash, the log tells where it was.
      always: [
        { guard: 'hasEnded', target: 'ended' },
        { guard: 'hasCommitted', target: 'committing' },
      ],
      on: {
        'coordinator.commit': {
          target: 'preparing',
          actions: 'sendPrepare',
          description: 'Phase 1: ask all participants to prepare; no record is written',
        },
        DecisionRequest: {
          target: 'aborted',
          actions: 'replyAbort',
          description: 'No record of the transaction, of which it may have forgotten all in a crash: presume abort',
        },
      },
    },

    preparing: {
      exit: 'forgetVotes',
      always: {
        guard: 'haveAllVoted',
        target: 'committing',
        actions: ['logCommit', 'tellCommit'],
        description: 'Phase 2: all votes are yes, force a commit record',
      },
      after: {
        voteTimeout: { target: 'aborted', actions: 'sendAbort', description: 'A vote is missing: abort' },
      },
      on: {
        Vote: [
          { guard: 'isYes', actions: 'countVote' },
          { target: 'aborted', actions: 'sendAbort', description: 'A vote is no: abort' },
        ],
      },
    },

    committing: {
      entry: 'sendCommit',
      always: { guard: 'haveAllAcked', target: 'ended', description: 'All have acknowledged: write an end record' },
      after: {
        ackTimeout: {
          target: 'committing',
          reenter: true,
          description: 'Tell those again that have not acknowledged',
        },
      },
      on: {
        Ack: { actions: 'countAck' },
        DecisionRequest: { actions: 'replyCommit' },
      },
    },

    ended: {
      entry: 'logEnd',
      on: {
        DecisionRequest: {
          actions: 'replyAbort',
          description: 'It has forgotten all: presume abort. A question that was overtaken: who asked has acknowledged',
        },
      },
    },
    aborted: {
      entry: 'tellAbort',
      on: { DecisionRequest: { actions: 'replyAbort', description: 'Presumed abort: no record, no acknowledgement' } },
    },
  },
});
