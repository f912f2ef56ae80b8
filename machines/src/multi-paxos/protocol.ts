import { defineProtocol } from '@synod/protocol';
import { clientRequest, registerClient, type StateMachine } from '../replicated/index.ts';
import { replicaMachine } from './machine.ts';
import * as messages from './messages.ts';
import { multiPaxosProperties } from './properties.ts';

/** Multi-Paxos, replicating `stateMachine`, as its hosts need to know it. */
export const multiPaxos = <State, Command, Response>(stateMachine: StateMachine<State, Command, Response>) =>
  defineProtocol({
    name: 'multi-paxos',
    // The chart never looks into states, commands or responses; their schema has been at the door.
    machine: replicaMachine(stateMachine as unknown as StateMachine),
    messages: {
      Prepare: messages.prepare,
      Promise: messages.promise,
      Accept: messages.accept,
      Accepted: messages.accepted,
      Nack: messages.nack,
      Heartbeat: messages.heartbeat,
      CatchUpRequest: messages.catchUpRequest,
      CatchUp: messages.catchUp,
      RegisterClient: registerClient,
      ClientRequest: clientRequest(stateMachine.command),
    },
    durable: ['promised', 'log', 'chosenThrough'],
    properties: multiPaxosProperties,
    view: {
      log: { field: 'log', group: 'ballot', agreed: 'entry', marks: ['chosenThrough', 'lastApplied'] },
      quorums: [
        { name: 'promised', field: 'promisedBy', members: 'peers', withSelf: true, state: 'preparing' },
        { name: 'accepted', field: 'acceptedBy', members: 'peers', withSelf: true, state: 'leading' },
      ],
    },
  });
