import { defineSpecification, type Protocol } from '@synod/protocol';
import { heartProtocol } from '../heartbeat-detector/index.ts';
import { phiModels } from './model.ts';
import { phiMutants } from './mutants.ts';
import { phiProtocol } from './protocol.ts';
import { phiSimulations } from './simulation.ts';

/** All that tools need to know of the φ accrual detector. What it watches is the heart of the heartbeat detector. */
export const specification = defineSpecification({
  name: 'phi-accrual',
  title: 'φ accrual detector',
  roles: { detector: phiProtocol as unknown as Protocol, heart: heartProtocol as unknown as Protocol },
  models: phiModels,
  simulations: phiSimulations,
  mutants: phiMutants,
});
