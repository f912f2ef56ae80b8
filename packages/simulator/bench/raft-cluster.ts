import { raftProperties, protocol as server } from '@synod/machines/raft';
import {
  type Address,
  defineProtocol,
  defineSpecification,
  type HostInput,
  inRole,
  type Member,
  type NodeView,
  nextRandom,
  type Property,
  perform,
  type RandomState,
  type SequentialObject,
  type Simulation,
  type Specification,
} from '@synod/protocol';
import * as v from 'valibot';
import { setup } from 'xstate';

// A Raft cluster whose clients read and write a register, one operation after another.

interface ClientInput extends HostInput {
  readonly servers: readonly Address[];
  /** Milliseconds between the answer to one operation and the next; at most, drawn uniformly. */
  readonly thinkMs: number;
}

interface ClientContext {
  readonly servers: readonly Address[];
  readonly server: Address;
  readonly clientId: number;
  readonly sequenceNum: number;
  readonly command: { readonly type: 'read' } | { readonly type: 'write'; readonly value: number };
  readonly thinkMs: number;
  readonly pauseMs: number;
  readonly random: RandomState;
}

interface Reply {
  readonly type: 'RegisterClientReply' | 'ClientReply';
  readonly status: 'OK' | 'NOT_LEADER' | 'SESSION_EXPIRED';
  readonly leaderHint?: Address | null;
  readonly clientId?: number;
  readonly sequenceNum?: number;
  readonly response?: unknown;
  readonly from: Address;
  readonly at: number;
}

type Emitted =
  | { readonly type: 'send'; readonly to: Address; readonly message: { readonly type: string } }
  | { readonly type: 'operation.invoked'; readonly operation: number; readonly input: unknown }
  | { readonly type: 'operation.returned'; readonly operation: number; readonly output: unknown };

/** The server to ask next: the leader as far as one was named, else the next in the circle. */
const other = ({ servers, server: current }: ClientContext, hint: Address | null | undefined): Address =>
  hint ?? (servers[(servers.indexOf(current) + 1) % servers.length] as Address);

const ask = ({ server: to, clientId, sequenceNum, command }: ClientContext): Emitted => ({
  type: 'send',
  to,
  message: { type: 'ClientRequest', clientId, sequenceNum, answeredBelow: sequenceNum, command } as { type: string },
});

const client = defineProtocol({
  name: 'raft-client',
  messages: {
    RegisterClientReply: v.looseObject({ type: v.literal('RegisterClientReply') }),
    ClientReply: v.looseObject({ type: v.literal('ClientReply') }),
  },
  machine: setup({
    types: {
      context: {} as ClientContext,
      events: {} as Reply,
      input: {} as ClientInput,
      emitted: {} as Emitted,
    },
    delays: { think: ({ context }) => context.pauseMs, patience: 500, backoff: 20 },
    guards: {
      isOk: ({ event }) => event.status === 'OK',
      isAnswer: ({ context, event }) => event.status === 'OK' && event.sequenceNum === context.sequenceNum,
      isRefusal: ({ context, event }) => event.status !== 'OK' && event.sequenceNum === context.sequenceNum,
    },
    actions: {
      register: perform(({ context }) => ({
        emit: [{ type: 'send', to: context.server, message: { type: 'RegisterClient' } }],
      })),
      open: perform(({ event }) => ({ change: { clientId: event.clientId ?? 0 } })),
      begin: perform(({ context }) => {
        const [drawn, random] = nextRandom(context.random);
        const sequenceNum = context.sequenceNum + 1;
        const command =
          drawn < 0.5
            ? ({ type: 'read' } as const)
            : ({ type: 'write', value: context.clientId * 1_000_000 + sequenceNum } as const);
        const change = { sequenceNum, command, random, pauseMs: Math.round(drawn * context.thinkMs) };
        return { change, emit: [{ type: 'operation.invoked', operation: sequenceNum, input: command }] };
      }),
      ask: perform(({ context }) => ({ emit: [ask(context)] })),
      turn: perform(({ context, event }) => ({ change: { server: other(context, event.leaderHint) } })),
      tell: perform(({ context, event }) => ({
        emit: [{ type: 'operation.returned', operation: context.sequenceNum, output: event.response }],
      })),
    },
  }).createMachine({
    id: 'client',
    context: ({ input }) => ({
      servers: input.servers,
      server: input.servers[0] as Address,
      clientId: 0,
      sequenceNum: 0,
      command: { type: 'read' },
      thinkMs: input.thinkMs,
      pauseMs: input.thinkMs,
      random: input.seed,
    }),
    initial: 'registering',
    states: {
      registering: {
        entry: 'register',
        after: { patience: { target: 'registering', reenter: true, actions: 'turn' } },
        on: {
          RegisterClientReply: [
            { guard: 'isOk', target: 'thinking', actions: 'open' },
            { target: 'refused', actions: 'turn' },
          ],
        },
      },
      refused: { after: { backoff: 'registering' } },
      thinking: { after: { think: { target: 'asking', actions: 'begin' } } },
      asking: {
        entry: 'ask',
        after: { patience: { target: 'asking', reenter: true, actions: 'turn' } },
        on: {
          ClientReply: [
            { guard: 'isAnswer', target: 'thinking', actions: 'tell' },
            { guard: 'isRefusal', target: 'waiting', actions: 'turn' },
          ],
        },
      },
      waiting: { after: { backoff: 'asking' } },
    },
  }),
});

type Command = ClientContext['command'];

const register: SequentialObject<number, Command, number> = {
  initial: 0,
  apply: (value, command) => (command.type === 'read' ? [value, value] : [command.value, command.value]),
};

/** Raft's properties speak of servers alone. */
const properties: readonly Property[] = raftProperties.map((property) =>
  property.kind === 'step'
    ? {
        ...property,
        holds: (before: NodeView, after: NodeView) =>
          after.role !== 'server' || property.holds(before as never, after as never),
      }
    : { ...property, holds: (nodes: readonly NodeView[]) => property.holds(inRole(nodes, 'server')) },
);

/** A cluster whose clients think for `thinkMs` at most between two operations. */
export const raftCluster = (thinkMs: number, judged = true) => {
  const simulation: Simulation = {
    name: 'register',
    about: 'A register, and clients that read and write it',
    nodes: { default: 5, min: 1, max: 9 },
    clients: { default: 3, min: 0, max: 20 },
    configure: ({ nodes, clients }) => {
      const servers = Array.from({ length: nodes }, (_, index): Address => `raft@n${index + 1}`);
      return {
        members: [
          ...servers.map(
            (address): Member => ({
              address,
              role: 'server',
              input: { peers: servers.filter((peer) => peer !== address) },
            }),
          ),
          ...Array.from(
            { length: clients },
            (_, index): Member => ({
              address: `client@c${index + 1}`,
              role: 'client',
              stable: true,
              input: { servers, thinkMs },
            }),
          ),
        ],
        properties: judged ? properties : [],
        object: register as SequentialObject,
        progress: { about: 'an operation returns', withinMs: 10_000, holds: (_now, _healed, count) => count > 0 },
      };
    },
  };
  return defineSpecification({
    name: 'raft',
    title: 'Raft',
    roles: { server, client },
    models: [],
    simulations: [simulation],
    mutants: [],
  }) satisfies Specification;
};
