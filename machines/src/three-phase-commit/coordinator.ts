import { coordinatorContext } from './context.ts';
import { coordinatorSetup } from './coordinator-wiring.ts';

/**
 * The coordinator of three-phase commit: Skeen, *Nonblocking Commit Protocols* (1981), figure 5, with the timeout and recovery
 * actions of Bernstein, Hadzilacos and Goodman (1987) §7.5.
 */
export const coordinatorMachine = coordinatorSetup.createMachine({
  id: 'coordinator',
  context: ({ input }) => coordinatorContext(input),
  initial: 'init',
  states: {
    init: {
      // After a crash, the log tells where it was.
      always: [
        { guard: 'hasCommitted', target: 'commit' },
        { guard: 'hasAborted', target: 'abort' },
        { guard: 'isPreCommitted', target: 'preCommit.recovering' },
        {
          guard: 'hasStarted',
          target: 'abort',
          actions: 'sendAbort',
          description: 'Recovered before any PreCommit was sent: nobody can have committed, abort (Skeen 1981, §6)',
        },
      ],
      on: {
        'coordinator.commit': {
          target: 'wait',
          actions: ['logStart', 'sendVoteRequest'],
          description: 'Phase 1: write start-3PC record, send VOTE-REQ to all participants',
        },
      },
    },

    wait: {
      always: {
        guard: 'haveAllVoted',
        target: 'preCommit',
        actions: ['logPreCommit', 'sendPreCommit'],
        description: 'Phase 2: all votes are yes, send PRE-COMMIT to all participants',
      },
      after: {
        voteTimeout: {
          target: 'abort',
          actions: 'sendAbort',
          description: 'A participant failed before it voted: decide abort',
        },
      },
      on: {
        Vote: [
          { guard: 'isYes', actions: 'countVote' },
          { target: 'abort', actions: 'sendAbort', description: 'A vote is no: decide abort' },
        ],
      },
    },

    preCommit: {
      on: {
        Commit: { target: 'commit' },
        Abort: { target: 'abort' },
      },
      initial: 'collecting',
      states: {
        collecting: {
          always: {
            guard: 'haveAllAcked',
            target: '#coordinator.commit',
            actions: 'sendCommit',
            description: 'Phase 3: all have acknowledged, send COMMIT to all participants',
          },
          after: {
            ackTimeout: {
              target: '#coordinator.commit',
              actions: 'sendCommit',
              description: 'Who did not acknowledge has failed: all that are operational are committable, send COMMIT',
            },
          },
          on: { Ack: { actions: 'countAck' } },
        },
        recovering: {
          entry: 'askDecision',
          always: {
            guard: 'haveAllFailed',
            target: '#coordinator.commit',
            description: 'Total failure, and this process is committable: TR4 holds of all logs together',
          },
          after: {
            decisionRequestInterval: { target: 'recovering', reenter: true, description: 'Ask again' },
          },
          on: {
            DecisionRequest: { actions: 'replyUnknown', description: 'It cannot tell either' },
            DecisionUnknown: { actions: 'countUnknown' },
          },
        },
      },
    },

    commit: {
      entry: ['logCommit', 'tellCommit'],
      on: {
        DecisionRequest: { actions: 'replyCommit' },
      },
    },
    abort: {
      entry: ['logAbort', 'tellAbort'],
      on: {
        DecisionRequest: { actions: 'replyAbort' },
      },
    },
  },
});
