import type { StateMachine } from '../replicated/index.ts';
import { initialContext } from './context.ts';
import { replicaSetup } from './wiring.ts';

/**
 * A replica: proposer, acceptor and learner in one, for a log of slots in each of which one value is chosen.
 * Lamport, *Paxos Made Simple* (2001), §3; passive and leading as the leader of van Renesse and Altınbüken, *Paxos Made
 * Moderately Complex* (2015), whose scout is the state preparing and whose commanders are the slots open in leading.
 */
export const replicaMachine = (stateMachine: StateMachine) =>
  replicaSetup(stateMachine).createMachine({
    id: 'replica',
    context: ({ input }) => initialContext(stateMachine, input),

    // Every replica is acceptor and learner, whatever else it does.
    always: {
      guard: 'moreIsChosen',
      actions: 'applyChosen',
      description: 'Execute what is chosen, in the order of the slots (Paxos Made Simple §3)',
    },
    on: {
      Prepare: [
        {
          guard: 'isCurrent',
          target: '.passive',
          actions: ['promise', 'replyPromise'],
          description: 'Phase 1b: promise, and tell what was accepted (§2.2)',
        },
        { actions: 'replyNack', description: 'A higher ballot was promised: say so (§2.2, its end)' },
      ],
      Accept: [
        {
          guard: 'isCurrent',
          target: '.passive',
          actions: ['follow', 'learnThrough', 'acceptProposal'],
          description: 'Phase 2b: accept, unless a higher ballot was promised (§2.2)',
        },
        { actions: 'replyNack' },
      ],
      Heartbeat: [
        {
          guard: 'isCurrent',
          target: '.passive',
          actions: ['follow', 'learnThrough', 'askIfBehind'],
          description: 'There is a leader; what it says is chosen and is not known here is asked for',
        },
        { actions: 'replyNack' },
      ],
      CatchUpRequest: { actions: 'replyChosen', description: 'Who knows what is chosen tells (Paxos Made Live §4.2)' },
      CatchUp: { guard: 'bringsNews', actions: ['learnChosen', 'askIfBehind'] },
      RegisterClient: { actions: 'redirect' },
      ClientRequest: { actions: 'redirect', description: 'Clients send their commands to the leader (§3)' },
    },

    initial: 'passive',
    states: {
      passive: {
        entry: ['forgetBallot', 'drawLeaderTimeout'],
        after: {
          leaderTimeout: { target: 'preparing', description: 'No word of a leader: try to become it (§2.4, §3)' },
        },
      },

      preparing: {
        entry: ['startBallot', 'drawLeaderTimeout', 'sendPrepare'],
        always: {
          guard: 'isPrepared',
          target: 'leading',
          description: 'A majority has promised, for all slots at once (§3)',
        },
        after: {
          leaderTimeout: { target: 'preparing', reenter: true, description: 'Something was lost: a higher ballot' },
        },
        on: {
          Promise: { guard: 'isOurs', actions: ['countPromise', 'learnOfSender'] },
          Nack: {
            guard: 'isPreempted',
            target: 'passive',
            actions: 'adoptPromised',
            description: 'Abandon the ballot, and wait before the next (§2.2, §2.4)',
          },
        },
      },

      leading: {
        entry: ['takeOver', 'sendUnanswered', 'sendHeartbeat', 'advanceChosen'],
        exit: 'redirectWaiting',
        on: {
          RegisterClient: { actions: ['enqueue', 'propose', 'advanceChosen'] },
          ClientRequest: {
            actions: ['enqueue', 'propose', 'advanceChosen'],
            description: 'Phase 2a alone, in the next slot (§3)',
          },
          Accepted: {
            guard: 'isOurs',
            actions: ['countAccepted', 'advanceChosen', 'propose'],
            description: 'Chosen, once a majority has accepted (§2.2)',
          },
          Nack: { guard: 'isPreempted', target: 'passive', actions: 'adoptPromised' },
          // A leader knows what was chosen before its ballot, and counts the rest itself: an answer to an earlier question is late.
          CatchUp: {},
        },
        initial: 'idle',
        states: {
          idle: {
            after: {
              heartbeatInterval: {
                target: 'idle',
                reenter: true,
                actions: ['sendHeartbeat', 'repeatAccept'],
                description: 'Keep the others passive, and repeat what may have been lost',
              },
            },
          },
        },
      },
    },
  });
