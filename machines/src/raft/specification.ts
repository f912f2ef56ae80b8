import { defineSpecification, type Protocol } from '@synod/protocol';
import { client, keyValue, register } from '../replicated/index.ts';
import { serverCases } from './cases.ts';
import { raftModels } from './model.ts';
import { raftMutants } from './mutants.ts';
import { raft } from './protocol.ts';
import { raftSimulations } from './simulation.ts';

/** Raft with a register: what a tool that is given no state machine works on. */
export const protocol = raft(register);

/** All that tools need to know of Raft, with a key-value store for its clients. */
export const specification = defineSpecification({
  name: 'raft',
  title: 'Raft',
  roles: { server: raft(keyValue) as unknown as Protocol, client: client as unknown as Protocol },
  models: raftModels,
  simulations: raftSimulations,
  mutants: raftMutants,
  cases: { server: serverCases },
});
