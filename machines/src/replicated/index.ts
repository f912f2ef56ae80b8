export { client } from './client.ts';
export { type KeyValueCommand, type KeyValueResponse, keyValue, keyValueObject } from './key-value.ts';
export {
  type ClientReply,
  type ClientRequest,
  clientReply,
  clientRequest,
  command,
  count,
  type Entry,
  entry,
  noop,
  type RegisterClient,
  type RegisterClientReply,
  registerClient,
  registerClientReply,
  session,
} from './messages.ts';
export { register } from './register.ts';
export { type Applied, applyEntry, emptySessions, type Replicated, type Session } from './sessions.ts';
export type { StateMachine } from './state-machine.ts';
