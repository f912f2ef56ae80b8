import { defineSpecification, type Protocol } from '@synod/protocol';
import { heartProtocol } from './heart.ts';
import { detectorModels } from './model.ts';
import { detectorMutants } from './mutants.ts';
import { detectorProtocol } from './protocol.ts';
import { detectorSimulations } from './simulation.ts';

/** All that tools need to know of the heartbeat detector. */
export const specification = defineSpecification({
  name: 'heartbeat-detector',
  title: 'Heartbeat detector',
  roles: { detector: detectorProtocol as unknown as Protocol, heart: heartProtocol as unknown as Protocol },
  models: detectorModels,
  simulations: detectorSimulations,
  mutants: detectorMutants,
});
