import { defineSpecification, type Protocol } from '@synod/protocol';
import { register, type StateMachine } from '../replicated/index.ts';
import { models } from './model.ts';
import { mutantsOf } from './mutants.ts';
import { multiPaxos } from './protocol.ts';
import { simulations } from './simulation.ts';

/** Multi-Paxos with a register: what a tool that is given no state machine works on. */
export const protocol = multiPaxos(register);

/** All that tools need to know of multi-Paxos. */
export const specification = defineSpecification({
  name: 'multi-paxos',
  title: 'Multi-Paxos',
  roles: { replica: protocol as unknown as Protocol },
  models,
  simulations,
  // What a command does twice only a client with a session can tell.
  mutants: mutantsOf(register as unknown as StateMachine).filter(({ name }) => name !== 'applies-anew'),
});
