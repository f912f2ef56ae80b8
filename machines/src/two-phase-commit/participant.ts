import { participantContext } from './context.ts';
import { participantSetup } from './wiring.ts';

/**
 * A participant of two-phase commit with presumed abort: Mohan, Lindsay and Obermarck (1986), §3.1; with the cooperative termination protocol of
 * Bernstein, Hadzilacos and Goodman, *Concurrency Control and Recovery in Database Systems* (1987), §7.4.
 */
export const participantMachine = participantSetup.createMachine({
  id: 'participant',
  context: ({ input }) => participantContext(input),
  initial: 'initial',
  states: {
    initial: {
      // After a crash, the log tells where it was.
      always: [
        { guard: 'hasCommitted', target: 'committing' },
        { guard: 'hasAborted', target: 'aborting' },
        { guard: 'isPrepared', target: 'prepared.asking' },
      ],
      after: {
        prepareTimeout: { target: 'aborting', actions: 'tellAbort', description: 'Nobody asked: abort by itself' },
      },
      on: {
        Prepare: { target: 'locking' },
        Abort: { target: 'aborting', actions: 'tellAbort' },
        DecisionRequest: {
          target: 'aborting',
          actions: ['tellAbort', 'replyAbort'],
          description: 'It has not voted, so nobody can have committed: abort, and say so',
        },
      },
    },

    locking: {
      entry: 'requestLocks',
      after: { resourceTimeout: { target: 'locking', reenter: true } },
      on: {
        Locked: {
          target: 'prepared',
          actions: ['logPrepared', 'voteYes'],
          description: 'Force a prepare record, vote yes: from now on it is in doubt',
        },
        Refused: { target: 'aborting', actions: ['tellAbort', 'voteNo'], description: 'Vote no and abort' },
        Abort: { target: 'aborting', actions: 'tellAbort' },
        DecisionRequest: { target: 'aborting', actions: ['tellAbort', 'replyAbort'] },
      },
    },

    prepared: {
      on: {
        Commit: { target: 'committing', actions: 'tellCommit' },
        Abort: { target: 'aborting', actions: 'tellAbort' },
        DecisionRequest: { actions: 'replyUncertain', description: 'It cannot tell either' },
      },
      initial: 'waiting',
      states: {
        waiting: {
          after: {
            decisionTimeout: { target: 'asking', description: 'In doubt: ask for the decision' },
          },
        },
        asking: {
          entry: ['forgetUncertain', 'askDecision'],
          exit: 'forgetUncertain',
          after: {
            decisionRequestInterval: { target: 'asking', reenter: true, description: 'Ask again' },
          },
          on: {
            Uncertain: [
              {
                guard: 'isBlocked',
                target: 'blocked',
                description: 'All others are in doubt as well: only the coordinator can tell',
              },
              { actions: 'noteUncertain' },
            ],
          },
        },
        blocked: {
          entry: 'tellBlocked',
          after: { decisionRequestInterval: { target: 'asking', description: 'Ask again' } },
        },
      },
    },

    committing: {
      entry: ['logCommit', 'applyOperations'],
      after: { resourceTimeout: { target: 'committing', reenter: true } },
      on: {
        Done: { target: 'committed', actions: 'sendAck', description: 'Done, locks released: acknowledge' },
        DecisionRequest: { actions: 'replyCommit' },
      },
    },
    committed: {
      on: {
        Commit: { actions: 'sendAck', description: 'Its Ack was lost' },
        DecisionRequest: { actions: 'replyCommit' },
      },
    },

    aborting: {
      entry: ['logAbort', 'releaseLocks'],
      after: { resourceTimeout: { target: 'aborting', reenter: true } },
      on: {
        Done: { target: 'aborted' },
        Prepare: { actions: 'voteNo' },
        DecisionRequest: { actions: 'replyAbort' },
      },
    },
    aborted: {
      on: {
        Prepare: { actions: 'voteNo' },
        DecisionRequest: { actions: 'replyAbort' },
      },
    },
  },
});
