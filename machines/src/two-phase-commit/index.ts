export type {
  CoordinatorContext,
  CoordinatorDurable,
  CoordinatorInput,
  ParticipantContext,
  ParticipantDurable,
  ParticipantInput,
  Settings,
} from './context.ts';
export { coordinatorMachine } from './coordinator.ts';
export { resourceManager, transactionManager } from './gray-lamport.ts';
export type { CommitEvent, CommitMessage, CoordinatorRequest, Operations } from './messages.ts';
export { participantMachine } from './participant.ts';
export { blocked, commitProperties } from './properties.ts';
export { coordinator, participant } from './protocol.ts';
export { type ResourceContext, type ResourceInput, resource } from './resource.ts';
export { specification } from './specification.ts';
export type { CommitEmitted } from './wiring.ts';
