import { defineSpecification, type Protocol } from '@synod/protocol';
import { client, keyValue, register, type StateMachine } from '../replicated/index.ts';
import { replicaCases } from './cases.ts';
import { models } from './model.ts';
import { mutantsOf } from './mutants.ts';
import { multiPaxos } from './protocol.ts';
import { simulations } from './simulation.ts';

/** Multi-Paxos with a register: what a tool that is given no state machine works on. */
export const protocol = multiPaxos(register);

/** All that tools need to know of multi-Paxos, with the key-value store that Raft replicates, and its clients. */
export const specification = defineSpecification({
  name: 'multi-paxos',
  title: 'Multi-Paxos',
  roles: { replica: multiPaxos(keyValue) as unknown as Protocol, client: client as unknown as Protocol },
  models,
  simulations,
  mutants: mutantsOf(keyValue as unknown as StateMachine),
  cases: { replica: replicaCases },
});
