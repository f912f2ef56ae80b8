import { type Address, defineProtocol, defineSpecification, nextRandom, type Protocol, perform } from '@synod/protocol';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { type Fault, simulate } from '../src/index.ts';

interface Context {
  readonly rank: number;
  readonly peers: readonly Address[];
  readonly random: number;
}
type Message = { readonly type: 'Ping' } | { readonly type: 'Ack' };
type Emitted =
  | { readonly type: 'send'; readonly to: Address; readonly message: Message }
  | { readonly type: 'acknowledged' };
type Event = Message & { readonly from: Address };

/** Pings a random other node each second. */
const pinger = defineProtocol({
  name: 'pinger',
  messages: { Ping: v.strictObject({ type: v.literal('Ping') }), Ack: v.strictObject({ type: v.literal('Ack') }) },
  machine: setup({
    types: {
      context: {} as Context,
      events: {} as Event,
      emitted: {} as Emitted,
      input: {} as { readonly peers: readonly Address[]; readonly rank: number; readonly seed: number },
    },
    delays: { period: 1_000 },
    actions: {
      ping: perform(({ context }) => {
        const [drawn, random] = nextRandom(context.random);
        const { peers, rank } = context;
        const other = 1 + Math.floor(drawn * (peers.length - 1));
        const to = peers[(rank + other) % peers.length] as Address;
        return { change: { random }, emit: [{ type: 'send', to, message: { type: 'Ping' } }] };
      }),
      ack: perform(({ event }) => ({ emit: [{ type: 'send', to: event.from, message: { type: 'Ack' } }] })),
      tell: perform(() => ({ emit: [{ type: 'acknowledged' }] })),
    },
  }).createMachine({
    id: 'pinger',
    context: ({ input }) => ({ peers: input.peers, rank: input.rank, random: input.seed }),
    entry: 'ping',
    initial: 'up',
    states: {
      up: {
        after: { period: { target: 'up', reenter: true, actions: 'ping' } },
        on: { Ping: { actions: 'ack' }, Ack: { actions: 'tell' } },
      },
    },
  }),
});

const specification = defineSpecification({
  name: 'pinger',
  title: 'Pinger',
  roles: { pinger: pinger as Protocol },
  models: [],
  mutants: [],
  simulations: [
    {
      name: 'all',
      about: 'everyone pings',
      nodes: { default: 2, min: 2, max: 10_000 },
      clients: { default: 0, min: 0, max: 0 },
      configure: ({ nodes }) => {
        const peers = Array.from({ length: nodes }, (_, index): Address => `pinger@n${index + 1}`);
        return {
          members: peers.map((address, rank) => ({ address, role: 'pinger', input: { peers, rank } })),
          properties: [],
          progress: { about: 'nothing more', withinMs: 1, holds: () => true },
        };
      },
    },
  ],
});

describe('ten thousand nodes', () => {
  it('run in time and memory that grow with what happens, not with the pairs there are', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `n${index + 1}`);
    const [left, right] = [names.slice(0, 5_000), names.slice(5_000)];
    const schedule: Fault[] = [
      { kind: 'partition', atMs: 1_500, forMs: 1_000, between: { shape: 'groups', groups: [left, right] } },
      { kind: 'drop', atMs: 1_500, forMs: 1_000, from: left, chance: 0.5 },
      { kind: 'pause', atMs: 1_500, forMs: 1_000, nodes: right },
    ];
    const { messages, violations } = simulate(specification, { nodes: 10_000, seconds: 3, schedule, coverage: false });
    expect(violations).toEqual([]);
    expect(messages).toBeGreaterThan(50_000);
  });
});

describe('what members tell their embedders', () => {
  /** When n1 of two nodes was acknowledged, in simulated milliseconds. */
  const acknowledged = (schedule: readonly Fault[]): number[] => {
    const seen: number[] = [];
    simulate(specification, {
      seconds: 3.9,
      schedule,
      network: { latency: { minMs: 1, maxMs: 1 } },
      onEmit: (member, event, atMs) => {
        if (event.type === 'acknowledged' && member === 'pinger@n1') seen.push(atMs);
      },
    });
    return seen;
  };

  it('is handed on with its moment', () => {
    expect(acknowledged([])).toEqual([2, 1_002, 2_002, 3_002]);
  });

  it('shows that a node that is paused does nothing until it goes on', () => {
    expect(acknowledged([{ kind: 'pause', atMs: 500, forMs: 2_000, nodes: ['n1'] }])).toEqual([2, 2_502, 3_502]);
  });

  it('shows that the timers of a blocked node run on, while messages wait on their way in and out', () => {
    const blocked = (node: string) =>
      acknowledged([{ kind: 'pause', atMs: 500, forMs: 3_200, nodes: [node], timers: 'run' }]);
    expect(blocked('n1')).toEqual([2, 3_702, 3_702, 3_702]);
    expect(blocked('n2')).toEqual([2, 3_701, 3_701, 3_701]);
  });
});
