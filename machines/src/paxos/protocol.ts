import { defineProtocol } from '@synod/protocol';
import { acceptorMachine } from './acceptor.ts';
import { learnerMachine } from './learner.ts';
import * as messages from './messages.ts';
import { proposerMachine } from './proposer.ts';

/** A proposer, as its hosts need to know it. */
export const proposer = defineProtocol({
  name: 'paxos-proposer',
  machine: proposerMachine,
  messages: {
    Promise: messages.promise,
    Nack: messages.nack,
    Chosen: messages.chosen,
    Inquire: messages.inquire,
  },
  durable: ['round', 'value'],
});

/** An acceptor, as its hosts need to know it. */
export const acceptor = defineProtocol({
  name: 'paxos-acceptor',
  machine: acceptorMachine,
  messages: { Prepare: messages.prepare, Accept: messages.accept },
  durable: ['promised', 'accepted'],
});

/** A learner, as its hosts need to know it. */
export const learner = defineProtocol({
  name: 'paxos-learner',
  machine: learnerMachine,
  messages: { Accepted: messages.accepted, Chosen: messages.chosen, Inquire: messages.inquire },
  durable: ['chosen'],
});
