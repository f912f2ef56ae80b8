export type { ReplicaContext, ReplicaInput, Settings as GossipSettings } from './context.ts';
export {
  type ConvergenceOptions,
  type ConvergenceResult,
  convergence,
  type EngineOf,
  type EpidemicOptions,
  type EpidemicResult,
  epidemic,
} from './epidemic.ts';
export type { Fact, Life } from './facts.ts';
export type { Delta, Digest, Exchange, Known, ReplicaMessage, RumorEvent, RumorMessage } from './messages.ts';
export { replicaProtocol, rumorProtocol } from './protocol.ts';
export { type GossipOptions, gossipRecipe } from './recipe.ts';
export { replicaMachine } from './replica.ts';
export { rumorMachine } from './rumor.ts';
export type { RumorContext, RumorInput, RumorSettings } from './rumor-context.ts';
export { specification } from './specification.ts';
