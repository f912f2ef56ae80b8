import { defineSpecification, type Protocol } from '@synod/protocol';
import { memberCases } from './cases.ts';
import { swimModels } from './model.ts';
import { swimMutants } from './mutants.ts';
import { swimProtocol } from './protocol.ts';
import { swimSimulations } from './simulation.ts';

/** All that tools need to know of SWIM. */
export const specification = defineSpecification({
  name: 'swim',
  title: 'SWIM',
  roles: { member: swimProtocol as unknown as Protocol },
  models: swimModels,
  simulations: swimSimulations,
  mutants: swimMutants,
  cases: { member: memberCases },
});
