export type {
  ClientReply,
  ClientRequest,
  RegisterClient,
  RegisterClientReply,
  StateMachine,
} from '../replicated/index.ts';
export { register } from '../replicated/index.ts';
export type { AppliedEntry } from './clients.ts';
export type { Durable, RaftContext, RaftInput, RaftSettings } from './context.ts';
export type { Log } from './log.ts';
export { raftMachine } from './machine.ts';
export type { Entry, RaftEvent, RaftMessage } from './messages.ts';
export { raftProperties } from './properties.ts';
export { raft } from './protocol.ts';
export { protocol, specification } from './specification.ts';
export type { RaftEmitted } from './wiring.ts';
