export type { AppliedEntry } from './clients.ts';
export type { Durable, RaftContext, RaftInput, RaftSettings } from './context.ts';
export type { Log } from './log.ts';
export { raftMachine } from './machine.ts';
export type {
  ClientReply,
  ClientRequest,
  Entry,
  RaftEvent,
  RaftMessage,
  RegisterClient,
  RegisterClientReply,
} from './messages.ts';
export { raftProperties } from './properties.ts';
export { raft } from './protocol.ts';
export { protocol, register } from './register.ts';
export { specification } from './specification.ts';
export type { StateMachine } from './state-machine.ts';
export type { RaftEmitted } from './wiring.ts';
