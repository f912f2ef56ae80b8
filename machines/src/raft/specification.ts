import { defineSpecification } from '@synod/protocol';
import { raftModels } from './model.ts';
import { protocol } from './register.ts';

/** Raft with a register, as checker and simulator take it. */
export const specification = defineSpecification({
  name: 'raft',
  title: 'Raft',
  roles: { server: protocol },
  models: raftModels,
  simulations: [],
  mutants: [],
});
