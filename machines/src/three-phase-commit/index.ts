export type {
  CoordinatorContext,
  CoordinatorInput,
  ParticipantContext,
  ParticipantInput,
  Settings,
} from './context.ts';
export { coordinatorMachine } from './coordinator.ts';
export type { Decided } from './coordinator-wiring.ts';
export type { CommitEvent, CommitMessage, CoordinatorRequest, ParticipantRequest } from './messages.ts';
export { participantMachine } from './participant.ts';
export { atomicCommitment, nonblocking } from './properties.ts';
export { coordinator, participant, quorumCoordinator, quorumParticipant } from './protocol.ts';
export { quorumCoordinatorMachine } from './quorum-coordinator.ts';
export { quorumParticipantMachine } from './quorum-participant.ts';
export { specification } from './specification.ts';
