import {
  defineProtocol,
  defineSpecification,
  type Member,
  type Property,
  type Protocol,
  type SimulationConfiguration,
  type Specification,
} from '@synod/protocol';
import { type AnyStateMachine, setup } from 'xstate';

/** A specification of one simulation, whose size does not matter. */
export const only = (
  roles: Record<string, Protocol>,
  members: readonly Member[],
  rest: Partial<SimulationConfiguration> = {},
): Specification =>
  defineSpecification({
    name: 'only',
    title: 'Only',
    roles,
    models: [],
    mutants: [],
    simulations: [
      {
        name: 'only',
        about: 'the only one',
        nodes: { default: 1, min: 1, max: 9 },
        clients: { default: 0, min: 0, max: 0 },
        configure: () => ({ members, properties: [] as readonly Property[], ...rest }),
      },
    ],
  });

/** A protocol without messages, about a machine. */
export const silent = (machine: AnyStateMachine, durable: readonly never[] = []): Protocol =>
  defineProtocol({ name: 'silent', machine, messages: {}, durable }) as Protocol;

/** A machine that counts the ends of a timer of 10 ms. */
export const ticker = silent(
  setup({
    types: { context: {} as { readonly ticks: readonly number[] } },
    delays: { beat: 10 },
    actions: {},
  }).createMachine({
    id: 'ticker',
    context: { ticks: [] },
    initial: 'beating',
    states: { beating: { after: { beat: { target: 'beating', reenter: true } } } },
  }),
);
