import { participantContext } from './context.ts';
import { participantSetup } from './participant-wiring.ts';

// A participant that has voted yes follows a coordinator, is one itself, or recovers. It does so uncertain or committable alike, so that
// these states are the same in both.

const following = participantSetup.createStateConfig({
  after: {
    coordinatorTimeout: [
      {
        guard: 'isNext',
        target: 'collecting',
        description: 'The coordinator has failed, and this process is the next in line: it elects itself',
      },
      {
        target: 'following',
        reenter: true,
        actions: 'electNext',
        description: 'The coordinator has failed: tell the next in line UR-ELECTED',
      },
    ],
  },
  on: {
    PreCommit: {
      guard: 'isCoordinator',
      target: '#participant.preCommit',
      actions: ['logPreCommit', 'followSender', 'ackPreCommit'],
      description: 'All have voted yes: committable',
    },
    UrElected: {
      guard: 'mayLead',
      target: 'collecting',
      description: 'Elected by another, before its own timeout',
    },
    StateRequest: {
      guard: 'isCoordinator',
      target: 'following',
      reenter: true,
      actions: ['followSender', 'replyState'],
      description: 'A later coordinator, or the same one: report the state, and obey nobody earlier in the line',
    },
  },
});

const collecting = participantSetup.createStateConfig({
  entry: ['lead', 'requestFollowers'],
  always: { guard: 'haveFollowersReported', target: 'judging' },
  after: {
    stateReportTimeout: { target: 'judging', description: 'Who did not report has failed' },
  },
  on: {
    StateReport: { actions: 'countReport' },
    StateRequest: { guard: 'isCoordinator', target: 'following', actions: ['followSender', 'replyState'] },
    Commit: { target: '#participant.commit', actions: 'sendCommit' },
    Abort: { target: '#participant.abort', actions: 'sendAbort' },
  },
});

const judging = participantSetup.createStateConfig({
  always: [
    {
      guard: 'isAnyAborted',
      target: '#participant.abort',
      actions: 'sendAbort',
      description: 'TR1: some process has aborted',
    },
    {
      guard: 'isAnyCommitted',
      target: '#participant.commit',
      actions: 'sendCommit',
      description: 'TR2: some process has committed',
    },
    {
      guard: 'areAllUncertain',
      target: '#participant.abort',
      actions: 'sendAbort',
      description: 'TR3: all that reported are uncertain',
    },
    {
      target: '#participant.preCommit.preparing',
      actions: 'preCommitUncertain',
      description: 'TR4: some process is committable and none has committed: PRE-COMMIT to those that are uncertain',
    },
  ],
});

const recovering = participantSetup.createStateConfig({
  entry: 'askDecision',
  always: {
    guard: 'haveAllFailed',
    target: '#participant.commit',
    description: 'Total failure: a coordinator that cannot tell is committable, so that TR4 holds of all logs together',
  },
  after: {
    decisionRequestInterval: { target: 'recovering', reenter: true, description: 'Ask again' },
  },
  on: {
    DecisionRequest: { actions: 'replyUnknown', description: 'It cannot tell either' },
    DecisionUnknown: { actions: 'countUnknown' },
  },
});

/**
 * A participant of three-phase commit: Skeen, *Nonblocking Commit Protocols* (1981), figure 5, with election, termination protocol
 * and recovery of Bernstein, Hadzilacos and Goodman (1987) §7.5.
 */
export const participantMachine = participantSetup.createMachine({
  id: 'participant',
  context: ({ input }) => participantContext(input),
  initial: 'init',
  states: {
    init: {
      // After a crash, the log tells where it was.
      always: [
        { guard: 'hasCommitted', target: 'commit' },
        { guard: 'hasAborted', target: 'abort' },
        { guard: 'isPreCommitted', target: 'preCommit.recovering' },
        { guard: 'hasVoted', target: 'wait.recovering' },
      ],
      after: {
        voteRequestTimeout: { target: 'abort', description: 'The coordinator has failed before it asked: abort' },
      },
      on: {
        'participant.abort': { actions: 'refuse' },
        VoteRequest: [
          {
            guard: 'isWilling',
            target: 'wait',
            actions: ['logYes', 'voteYes'],
            description: 'Write a yes record, vote yes: from now on it is uncertain',
          },
          { target: 'abort', actions: 'voteNo', description: 'Vote no and abort' },
        ],
        Abort: { target: 'abort' },
        StateRequest: {
          target: 'abort',
          actions: ['logAbort', 'replyState'],
          description: 'It has not voted: it aborts, and says so',
        },
        UrElected: { target: 'abort', actions: 'replyAbort' },
        DecisionRequest: { target: 'abort', actions: 'replyAbort' },
      },
    },

    wait: {
      on: {
        Commit: { target: 'commit' },
        Abort: { target: 'abort' },
      },
      initial: 'following',
      states: { following, collecting, judging, recovering },
    },

    preCommit: {
      on: {
        Commit: { target: 'commit' },
        Abort: { target: 'abort' },
      },
      initial: 'following',
      states: {
        following,
        collecting,
        judging,
        preparing: {
          entry: 'logPreCommit',
          always: {
            guard: 'haveUncertainAcked',
            target: '#participant.commit',
            actions: 'sendCommit',
            description: 'All that were uncertain are committable: COMMIT to all',
          },
          after: {
            ackTimeout: {
              target: '#participant.commit',
              actions: 'sendCommit',
              description: 'Who did not acknowledge has failed',
            },
          },
          on: {
            Ack: { actions: 'countAck' },
            Commit: { target: '#participant.commit', actions: 'sendCommit' },
          },
        },
        recovering,
      },
    },

    commit: {
      entry: ['logCommit', 'tellCommit'],
      on: {
        UrElected: { actions: 'replyCommit' },
        DecisionRequest: { actions: 'replyCommit' },
        StateRequest: { actions: 'replyState' },
      },
    },
    abort: {
      entry: ['logAbort', 'tellAbort'],
      on: {
        VoteRequest: { actions: 'voteNo' },
        UrElected: { actions: 'replyAbort' },
        DecisionRequest: { actions: 'replyAbort' },
        StateRequest: { actions: 'replyState' },
      },
    },
  },
});
