import { defineSpecification, type Protocol } from '@synod/protocol';
import { paxosModels } from './model.ts';
import { paxosMutants } from './mutants.ts';
import { acceptor, learner, proposer } from './protocol.ts';
import { paxosSimulations } from './simulation.ts';

/** All that tools need to know of single-decree Paxos. */
export const specification = defineSpecification({
  name: 'paxos',
  title: 'Paxos',
  roles: { proposer, acceptor, learner } as Readonly<Record<string, Protocol>>,
  models: paxosModels,
  simulations: paxosSimulations,
  mutants: paxosMutants,
});
