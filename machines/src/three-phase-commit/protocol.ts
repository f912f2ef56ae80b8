import { defineProtocol } from '@synod/protocol';
import { coordinatorMachine } from './coordinator.ts';
import * as messages from './messages.ts';
import { participantMachine } from './participant.ts';
import { quorumCoordinatorMachine } from './quorum-coordinator.ts';
import { quorumParticipantMachine } from './quorum-participant.ts';

/** The first coordinator of three-phase commit, for crash failures that timeouts detect. */
export const coordinator = defineProtocol({
  name: 'three-phase-commit-coordinator',
  machine: coordinatorMachine,
  messages: {
    Vote: messages.vote,
    Ack: messages.ack,
    Commit: messages.commit,
    Abort: messages.abort,
    DecisionRequest: messages.decisionRequest,
    DecisionUnknown: messages.decisionUnknown,
  },
  durable: ['started', 'prepared', 'decision'],
  view: {
    quorums: [
      { name: 'votes', field: 'votes', members: 'participants', needs: 'all' },
      { name: 'acknowledged', field: 'acks', members: 'participants', needs: 'all' },
    ],
  },
});

/** A participant of three-phase commit, for crash failures that timeouts detect. */
export const participant = defineProtocol({
  name: 'three-phase-commit-participant',
  machine: participantMachine,
  messages: {
    VoteRequest: messages.voteRequest,
    PreCommit: messages.preCommit,
    Ack: messages.ack,
    Commit: messages.commit,
    Abort: messages.abort,
    UrElected: messages.urElected,
    StateRequest: messages.stateRequest,
    StateReport: messages.stateReport,
    DecisionRequest: messages.decisionRequest,
    DecisionUnknown: messages.decisionUnknown,
  },
  durable: ['voted', 'prepared', 'decision'],
});

/** The first coordinator of three-phase commit by quorums. */
export const quorumCoordinator = defineProtocol({
  name: 'quorum-commit-coordinator',
  machine: quorumCoordinatorMachine,
  messages: {
    Vote: messages.vote,
    Ack: messages.ack,
    Commit: messages.commit,
    Abort: messages.abort,
    StateRequest: messages.stateRequest,
  },
  durable: ['started', 'prepared', 'decision'],
});

/** A participant of three-phase commit by quorums. */
export const quorumParticipant = defineProtocol({
  name: 'quorum-commit-participant',
  machine: quorumParticipantMachine,
  messages: {
    VoteRequest: messages.voteRequest,
    PreCommit: messages.preCommit,
    PreAbort: messages.preAbort,
    Ack: messages.ack,
    Commit: messages.commit,
    Abort: messages.abort,
    StateRequest: messages.stateRequest,
    StateReport: messages.stateReport,
  },
  durable: ['voted', 'prepared', 'decision'],
});
