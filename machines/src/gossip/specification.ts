import { defineSpecification } from '@synod/protocol';
import { replicaCases } from './cases.ts';
import { gossipModels } from './model.ts';
import { gossipMutants } from './mutants.ts';
import { replicaProtocol, rumorProtocol } from './protocol.ts';
import { gossipSimulations } from './simulation.ts';

/** Gossip, for tools. */
export const specification = defineSpecification({
  name: 'gossip',
  title: 'Gossip',
  roles: { rumor: rumorProtocol, replica: replicaProtocol },
  models: gossipModels,
  simulations: gossipSimulations,
  mutants: gossipMutants,
  cases: { replica: replicaCases },
});
