import { defineProtocol } from '@synod/protocol';
import { clientRequest, registerClient, type StateMachine } from '../replicated/index.ts';
import { raftMachine } from './machine.ts';
import * as messages from './messages.ts';
import { raftProperties } from './properties.ts';

/** Raft, replicating `stateMachine`, as its hosts need to know it. */
export const raft = <State, Command, Response>(stateMachine: StateMachine<State, Command, Response>) =>
  defineProtocol({
    name: 'raft',
    // The chart never looks into states, commands or responses; their schema has been at the door.
    machine: raftMachine(stateMachine as unknown as StateMachine),
    messages: {
      RequestVote: messages.requestVote,
      RequestVoteReply: messages.requestVoteReply,
      AppendEntries: messages.appendEntries,
      AppendEntriesReply: messages.appendEntriesReply,
      RegisterClient: registerClient,
      ClientRequest: clientRequest(stateMachine.command),
    },
    durable: ['currentTerm', 'votedFor', 'log'],
    properties: raftProperties,
    view: {
      log: { field: 'log', group: 'term', marks: ['commitIndex', 'lastApplied'] },
      quorums: [
        { name: 'votes', field: 'votesGranted', members: 'peers', withSelf: true, state: 'candidate' },
        { name: 'replicated', field: 'matchIndex', members: 'peers', withSelf: true, state: 'leader' },
      ],
    },
  });
