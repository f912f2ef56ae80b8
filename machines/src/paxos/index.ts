export { acceptorMachine } from './acceptor.ts';
export type { Ballot } from './ballot.ts';
export type {
  AcceptorContext,
  AcceptorInput,
  LearnerContext,
  LearnerInput,
  ProposerContext,
  ProposerInput,
  ProposerSettings,
  Quorums,
} from './context.ts';
export { learnerMachine } from './learner.ts';
export type { ChosenKnown, PaxosMessage, Proposal, ProposerRequest, Value } from './messages.ts';
export { paxosProperties } from './properties.ts';
export { proposerMachine } from './proposer.ts';
export { acceptor, learner, proposer } from './protocol.ts';
export { specification } from './specification.ts';
