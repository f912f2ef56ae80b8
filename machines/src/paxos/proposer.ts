import { proposerContext } from './context.ts';
import { proposerSetup } from './proposer-wiring.ts';

/** The proposer of single-decree Paxos: Lamport, *Paxos Made Simple* (2001), §2.2; sections are of that paper. */
export const proposerMachine = proposerSetup.createMachine({
  id: 'proposer',
  context: ({ input }) => proposerContext(input),
  on: {
    Chosen: { target: '.decided', actions: 'learnChosen', description: 'A learner tells what was chosen (§2.3)' },
  },
  initial: 'idle',
  states: {
    idle: {
      always: {
        guard: 'hasValue',
        target: 'preparing',
        description: 'After a crash: begin a ballot higher than all before (§2.5)',
      },
      on: {
        'proposer.propose': { target: 'preparing', actions: 'takeValue' },
      },
    },

    preparing: {
      entry: ['startBallot', 'sendPrepare'],
      always: {
        guard: 'isPrepared',
        target: 'proposing',
        description: 'Phase 2a: a majority has promised (§2.2)',
      },
      after: {
        roundTimeout: { target: 'backingOff', description: 'Something was lost: give the ballot up' },
      },
      on: {
        Promise: { guard: 'isOurs', actions: 'countPromise' },
        Nack: {
          guard: 'isPreempted',
          target: 'backingOff',
          actions: 'adoptPromised',
          description: 'Abandon a proposal that cannot be accepted any more (§2.2, its end)',
        },
      },
    },

    proposing: {
      entry: ['chooseValue', 'sendAccept'],
      after: {
        roundTimeout: { target: 'backingOff' },
      },
      on: {
        Nack: { guard: 'isPreempted', target: 'backingOff', actions: 'adoptPromised' },
      },
    },

    backingOff: {
      entry: ['abandonBallot', 'drawBackoff'],
      after: {
        backoff: { target: 'preparing', description: 'Try again, after a wait in which others may finish (§2.4)' },
      },
      on: {
        Nack: { guard: 'isPreempted', actions: 'adoptPromised' },
      },
    },

    decided: {
      entry: ['abandonBallot', 'tellChosen'],
      on: {
        Chosen: {},
        Inquire: { actions: 'replyChosen' },
        'proposer.propose': { actions: 'tellChosen', description: 'It is too late for another value' },
      },
    },
  },
});
