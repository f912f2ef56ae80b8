import type { StateMachine } from '../replicated/index.ts';
import { initialContext } from './context.ts';
import { raftSetup } from './wiring.ts';

/**
 * A server of a Raft cluster that replicates `stateMachine`: figure 2, "Rules for Servers", as a statechart.
 * Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm (Extended Version)* (2014).
 */
export const raftMachine = (stateMachine: StateMachine) =>
  raftSetup(stateMachine).createMachine({
    id: 'raft',
    context: ({ input }) => initialContext(stateMachine, input),

    // All servers.
    always: {
      guard: 'commitIndexIsAhead',
      actions: 'applyCommitted',
      description: 'If commitIndex > lastApplied: apply log[lastApplied] to the state machine (§5.3)',
    },
    on: {
      '*': {
        guard: 'seesHigherTerm',
        target: '.follower',
        actions: ['adoptTerm', 'handleAgain'],
        description: 'A higher term: set currentTerm = T, convert to follower (§5.1)',
      },
      RequestVote: {
        guard: 'seesNoHigherTerm',
        actions: { type: 'replyVote', params: { voteGranted: false } },
        description: 'Refused: the term is over, the vote is given, or the log is behind (§5.1, §5.2, §5.4.1)',
      },
      AppendEntries: {
        guard: 'isStale',
        actions: 'replyConflict',
        description: 'Reply false if term < currentTerm (§5.1)',
      },
      RegisterClient: { actions: 'redirect' },
      ClientRequest: { actions: 'redirect', description: 'Only a leader serves clients (§8)' },
    },

    initial: 'follower',
    states: {
      follower: {
        entry: 'drawElectionTimeout',
        after: {
          electionTimeout: {
            target: 'candidate',
            description: 'No word of a leader and no vote granted for an election timeout: start an election (§5.2)',
          },
        },
        on: {
          'detector.suspected': {
            guard: 'isItsLeader',
            actions: 'hastenElection',
            description: 'The failure detector suspects the leader: do not wait for the whole election timeout',
          },
          'election.due': {
            guard: 'isHasty',
            target: 'candidate',
            description: 'No word of it meanwhile, and no vote granted',
          },
          // A new term alone is no reason to wait longer for a leader: the timer runs on.
          '*': { guard: 'seesHigherTerm', actions: ['adoptTerm', 'handleAgain'] },
          RequestVote: {
            guard: 'grantsVote',
            target: 'follower',
            reenter: true,
            actions: ['grantVote', { type: 'replyVote', params: { voteGranted: true } }],
            description:
              'votedFor is null or the candidate, whose log is at least as up-to-date: grant vote (§5.2, §5.4)',
          },
          AppendEntries: [
            {
              guard: 'agreesAtPrev',
              target: 'follower',
              reenter: true,
              actions: ['followSender', 'appendEntries', 'replySuccess'],
              description: 'Delete what conflicts, append what is new, advance commitIndex (§5.3)',
            },
            {
              guard: 'isCurrent',
              target: 'follower',
              reenter: true,
              actions: ['followSender', 'replyConflict'],
              description: 'No entry at prevLogIndex whose term matches prevLogTerm: reply false (§5.3)',
            },
          ],
        },
      },

      candidate: {
        entry: ['startElection', 'drawElectionTimeout', 'requestVotes'],
        always: {
          guard: 'hasMajority',
          target: 'leader',
          description: 'Votes received from a majority of servers: become leader (§5.2)',
        },
        after: {
          electionTimeout: {
            target: 'candidate',
            reenter: true,
            description: 'Election timeout elapses: start a new election (§5.2)',
          },
        },
        on: {
          RequestVoteReply: { guard: 'isVote', actions: 'countVote' },
          AppendEntries: {
            guard: 'isCurrent',
            target: 'follower',
            actions: 'handleAgain',
            description: 'AppendEntries received from the new leader: convert to follower (§5.2)',
          },
        },
      },

      leader: {
        entry: ['becomeLeader', 'announceLeader', 'appendNoop', 'replicate', 'advanceCommitIndex'],
        exit: 'redirectWaiting',
        on: {
          // What goes to all of them serves as a heartbeat: `idle` begins anew.
          RegisterClient: {
            target: '.idle',
            actions: ['appendRequest', 'awaitApplied', 'replicate', 'advanceCommitIndex'],
          },
          ClientRequest: {
            target: '.idle',
            actions: ['appendRequest', 'awaitApplied', 'replicate', 'advanceCommitIndex'],
            description: 'Append entry to local log, respond after entry applied to state machine (§5.3)',
          },
          AppendEntriesReply: [
            {
              guard: 'isSuccess',
              actions: ['recordMatch', 'advanceCommitIndex', 'replicateToSender'],
              description: 'If successful: update nextIndex and matchIndex for follower (§5.3, §5.4)',
            },
            {
              guard: 'isConflict',
              actions: ['goBack', 'probeSender'],
              description: 'If it fails because of log inconsistency: decrement nextIndex and retry (§5.3)',
            },
          ],
          AppendEntries: { guard: 'isCurrent', actions: 'refuseSecondLeader' },
        },
        initial: 'idle',
        states: {
          idle: {
            after: {
              heartbeatInterval: {
                target: 'idle',
                reenter: true,
                actions: 'replicate',
                description: 'Heartbeat during idle periods to prevent election timeouts (§5.2)',
              },
            },
          },
        },
      },
    },
  });
