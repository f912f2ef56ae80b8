import {
  type Address,
  assert,
  defineProtocol,
  type HostInput,
  nextRandom,
  type OperationEvent,
  perform,
  type RandomState,
  type Received,
  type SendEvent,
} from '@synod/protocol';
import { assertEvent, setup } from 'xstate';
import type { KeyValueCommand, KeyValueResponse } from './key-value.ts';
import {
  type ClientReply,
  type ClientRequest,
  clientReply,
  type RegisterClient,
  type RegisterClientReply,
  registerClientReply,
} from './messages.ts';

// A client of a replicated key-value store, for simulations: one operation after another, each told to whoever keeps the history.

export interface ClientInput extends HostInput {
  readonly servers: readonly Address[];
  /** The keys that it uses, each as often. Default `x` and `y`. */
  readonly keys?: readonly string[];
  /** The longest pause between an answer and the next operation, in milliseconds; drawn uniformly. Default 200. */
  readonly thinkMs?: number;
  /** How long it waits for an answer before it asks another server, in milliseconds. Default 500. */
  readonly patienceMs?: number;
}

export interface ClientContext {
  readonly servers: readonly Address[];
  readonly keys: readonly string[];
  readonly thinkMs: number;
  readonly patienceMs: number;
  /** Whom it asks: the leader, as far as it knows. */
  readonly server: Address;
  readonly clientId: number;
  /** Of the session; grows by one with each command. */
  readonly sequenceNum: number;
  /** Of the history: unlike `sequenceNum` unique over all sessions. */
  readonly operation: number;
  readonly command: KeyValueCommand;
  /** By key, the value it saw last: what a swap expects. */
  readonly seen: Readonly<Record<string, KeyValueResponse>>;
  readonly pauseMs: number;
  readonly random: RandomState;
  readonly self: Address;
}

type Event = Received<RegisterClientReply | ClientReply>;
type Message = RegisterClient | ClientRequest<KeyValueCommand>;
type Emitted = SendEvent<Message> | OperationEvent<KeyValueCommand, KeyValueResponse>;

/** Values that tell who wrote them when: no two writes are alike. */
const newValue = (self: Address, operation: number): number =>
  Number(self.replaceAll(/\D/g, '') || '0') * 1_000_000 + operation;

/** Draws the next operation: half of them reads, the others writes and swaps of what was seen last. */
function draw(context: ClientContext): Partial<ClientContext> {
  const { keys, seen, self, sequenceNum, thinkMs } = context;
  const [what, first] = nextRandom(context.random);
  const [which, second] = nextRandom(first);
  const [pause, random] = nextRandom(second);
  const operation = context.operation + 1;
  const key = keys[Math.floor(which * keys.length)] as string;
  const value = newValue(self, operation);
  const command: KeyValueCommand =
    what < 0.5
      ? { type: 'read', key }
      : what < 0.8
        ? { type: 'write', key, value }
        : { type: 'swap', key, expected: seen[key] ?? null, value };
  return { command, operation, sequenceNum: sequenceNum + 1, pauseMs: Math.round(pause * thinkMs), random };
}

/** The server to ask next: the leader as far as one was named, else the next in the circle. */
const turned = ({ servers, server }: ClientContext, hint: Address | null): Partial<ClientContext> => ({
  server: hint ?? (servers[(servers.indexOf(server) + 1) % servers.length] as Address),
});

const clientMachine = setup({
  types: {
    context: {} as ClientContext,
    events: {} as Event,
    input: {} as ClientInput,
    emitted: {} as Emitted,
  },
  delays: {
    think: ({ context }) => context.pauseMs,
    patience: ({ context }) => context.patienceMs,
    // Elections take longer: who is told "not I" asks a few times before there is a leader.
    backoff: 20,
  },
  guards: {
    isRegistered: ({ event }) => event.type === 'RegisterClientReply' && event.status === 'OK',
    isAnswer: ({ context, event }) =>
      event.type === 'ClientReply' && event.status === 'OK' && event.sequenceNum === context.sequenceNum,
    isExpired: ({ context, event }) =>
      event.type === 'ClientReply' && event.status === 'SESSION_EXPIRED' && event.sequenceNum === context.sequenceNum,
    isRefusal: ({ context, event }) =>
      event.type === 'ClientReply' && event.status === 'NOT_LEADER' && event.sequenceNum === context.sequenceNum,
  },
  actions: {
    register: perform(({ context }) => ({
      emit: [{ type: 'send', to: context.server, message: { type: 'RegisterClient' } }],
    })),
    openSession: perform(({ event }) => {
      assertEvent(event, 'RegisterClientReply');
      assert(event.status === 'OK', 'only a session that was registered is opened');
      return { change: { clientId: event.clientId, sequenceNum: 0 } };
    }),
    begin: perform(({ context }) => {
      const change = draw(context);
      const { operation = 0, command: input = context.command } = change;
      return { change, emit: [{ type: 'operation.invoked', operation, input }] };
    }),
    ask: perform(({ context: { server, clientId, sequenceNum, command } }) => ({
      emit: [
        {
          type: 'send',
          to: server,
          message: { type: 'ClientRequest', clientId, sequenceNum, answeredBelow: sequenceNum, command },
        },
      ],
    })),
    turn: perform(({ context, event }) => ({
      change: turned(context, 'leaderHint' in event ? event.leaderHint : null),
    })),
    tell: perform(({ context, event }) => {
      assertEvent(event, 'ClientReply');
      assert(event.status === 'OK', 'only an answer is told');
      const { command, operation } = context;
      const output = event.response as KeyValueResponse;
      const value = command.type === 'write' ? command.value : output;
      return {
        change: { seen: { ...context.seen, [command.key]: value } },
        emit: [{ type: 'operation.returned', operation, output }],
      };
    }),
  },
}).createMachine({
  id: 'client',
  context: ({ input: { servers, seed, self, keys = ['x', 'y'], thinkMs = 200, patienceMs = 500 } }) => {
    assert(servers.length > 0 && keys.length > 0, 'a client has a server and a key');
    return {
      servers,
      keys,
      thinkMs,
      patienceMs,
      server: servers[0] as Address,
      clientId: 0,
      sequenceNum: 0,
      operation: 0,
      command: { type: 'read', key: keys[0] as string },
      seen: {},
      pauseMs: thinkMs,
      random: seed,
      self,
    };
  },
  initial: 'registering',
  states: {
    registering: {
      entry: 'register',
      after: { patience: { target: 'registering', reenter: true, actions: 'turn' } },
      on: {
        RegisterClientReply: [
          { guard: 'isRegistered', target: 'thinking', actions: 'openSession' },
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
          {
            guard: 'isExpired',
            target: 'registering',
            description: 'Whether the command was applied is not known, and never will be: its operation stays open',
          },
        ],
      },
    },
    waiting: { after: { backoff: 'asking' } },
  },
});

/** A client of a replicated key-value store. */
export const client = defineProtocol({
  name: 'replicated-client',
  machine: clientMachine,
  messages: { RegisterClientReply: registerClientReply, ClientReply: clientReply },
});
