import { defineSpecification, type Protocol } from '@synod/protocol';
import { resourceManager, transactionManager } from './gray-lamport.ts';
import { commitModels } from './model.ts';
import { commitMutants } from './mutants.ts';
import { coordinator, participant } from './protocol.ts';
import { resource } from './resource.ts';
import { commitSimulations } from './simulation.ts';

/** All that tools need to know of two-phase commit: the protocol of databases, and the module of Gray and Lamport. */
export const specification = defineSpecification({
  name: 'two-phase-commit',
  title: 'Two-phase commit',
  roles: { coordinator, participant, resource, transactionManager, resourceManager } as Readonly<
    Record<string, Protocol>
  >,
  models: commitModels,
  simulations: commitSimulations,
  mutants: commitMutants,
});
