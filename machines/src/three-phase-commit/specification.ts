import { defineSpecification } from '@synod/protocol';
import { recoveryCases } from './cases.ts';
import { commitModels } from './model.ts';
import { commitMutants } from './mutants.ts';
import { coordinator, participant, quorumCoordinator, quorumParticipant } from './protocol.ts';
import { commitSimulations } from './simulation.ts';

/** Three-phase commit, for tools. */
export const specification = defineSpecification({
  name: 'three-phase-commit',
  title: 'Three-phase commit',
  roles: { coordinator, participant, quorumCoordinator, quorumParticipant },
  models: commitModels,
  simulations: commitSimulations,
  mutants: commitMutants,
  cases: { coordinator: recoveryCases, participant: recoveryCases },
});
