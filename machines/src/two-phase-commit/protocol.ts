import { defineProtocol } from '@synod/protocol';
import { coordinatorMachine } from './coordinator.ts';
import * as messages from './messages.ts';
import { participantMachine } from './participant.ts';

/** The coordinator of one transaction. */
export const coordinator = defineProtocol({
  name: 'two-phase-commit-coordinator',
  machine: coordinatorMachine,
  messages: { Vote: messages.vote, Ack: messages.ack, DecisionRequest: messages.decisionRequest },
  durable: ['committed', 'ended'],
  view: {
    quorums: [
      { name: 'votes', field: 'votes', members: 'participants', needs: 'all' },
      { name: 'acknowledged', field: 'acks', members: 'participants', needs: 'all' },
    ],
  },
});

/** A participant of one transaction. */
export const participant = defineProtocol({
  name: 'two-phase-commit-participant',
  machine: participantMachine,
  messages: {
    Prepare: messages.prepare,
    Commit: messages.commit,
    Abort: messages.abort,
    DecisionRequest: messages.decisionRequest,
    Uncertain: messages.uncertain,
    Locked: messages.locked,
    Refused: messages.refused,
    Done: messages.done,
  },
  durable: ['record'],
});
