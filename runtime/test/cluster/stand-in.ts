import {
  type Address,
  defineProtocol,
  type FactChanged,
  type GossipRequest,
  type HostInput,
  type MemberStatus,
  type Membership,
  type MembershipEvent,
  type MembershipRequest,
  type MemberView,
  type Metadata,
  nodeOf,
  perform,
  type Received,
  type SendEvent,
} from '@synod/protocol';
import * as v from 'valibot';
import { assign, setup } from 'xstate';

// A membership without an algorithm: who is a member is what the test says, and facts go to all members at once.

/** What the test makes the member's actor tell its system. */
type Say = { readonly type: 'test.say'; readonly event: MembershipEvent };

const memberMachine = setup({
  types: {
    context: {} as { readonly told: Metadata; readonly silent: boolean },
    input: {} as HostInput & { readonly metadata: Metadata; readonly silent: boolean },
    events: {} as Say | MembershipRequest,
    emitted: {} as MembershipEvent,
  },
}).createMachine({
  context: ({ input }) => ({ told: input.metadata, silent: input.silent }),
  initial: 'in',
  states: {
    in: {
      on: {
        'test.say': { actions: perform(({ event }) => ({ emit: [event.event] })) },
        'member.describe': { actions: assign({ told: ({ event }) => event.metadata }) },
        'member.leave': { guard: ({ context }) => !context.silent, target: 'out' },
      },
    },
    out: { type: 'final', entry: perform(() => ({ emit: [{ type: 'memberDeparted' }] })) },
  },
});

const factMessage = v.strictObject({ type: v.literal('Fact'), key: v.string(), value: v.nullable(v.string()) });
type Fact = v.InferOutput<typeof factMessage>;

interface GossipContext {
  readonly peers: readonly Address[];
  readonly own: Readonly<Record<string, string>>;
  readonly learnt: readonly { readonly node: string; readonly key: string }[];
}

const gossipMachine = setup({
  types: {
    context: {} as GossipContext,
    events: {} as Received<Fact> | GossipRequest,
    emitted: {} as FactChanged | SendEvent<Fact>,
  },
}).createMachine({
  context: { peers: [], own: {}, learnt: [] },
  on: {
    'gossip.peers': {
      actions: perform(({ context, event }) => {
        const news = event.peers.filter((peer) => !context.peers.includes(peer));
        const facts = Object.entries(context.own);
        const messages = facts.map(([key, value]) => ({ type: 'Fact', key, value }) as const);
        return {
          change: { peers: event.peers },
          emit: news.length === 0 ? [] : messages.map((message) => ({ type: 'send', to: news, message }) as const),
        };
      }),
    },
    'gossip.put': {
      actions: perform(({ context, event }) => {
        const { [event.key]: _, ...rest } = context.own;
        const message = { type: 'Fact', key: event.key, value: event.value } as const;
        return {
          change: { own: event.value === null ? rest : { ...rest, [event.key]: event.value } },
          emit: context.peers.length === 0 ? [] : [{ type: 'send', to: context.peers, message }],
        };
      }),
    },
    'gossip.forget': {
      actions: perform(({ context, event }) => ({
        change: { learnt: context.learnt.filter(({ node }) => node !== event.node) },
        emit: context.learnt
          .filter(({ node }) => node === event.node)
          .map(({ node, key }) => ({ type: 'factChanged', node, key, value: null }) as const),
      })),
    },
    Fact: {
      actions: perform(({ context, event: { from, key, value } }) => ({
        change: { learnt: [...context.learnt, { node: nodeOf(from), key }] },
        emit: [{ type: 'factChanged', node: nodeOf(from), key, value }],
      })),
    },
  },
});

/** `silent`: the others are never said to have heard of a goodbye. */
export const standIn = (silent = false): Membership => ({
  member: {
    name: 'member',
    protocol: defineProtocol({ name: 'stand-in-member', machine: memberMachine, messages: {} }),
    input: ({ metadata }) => ({ metadata, silent }),
  },
  gossip: {
    name: 'facts',
    protocol: defineProtocol({ name: 'stand-in-gossip', machine: gossipMachine, messages: { Fact: factMessage } }),
    input: () => ({}),
  },
  seedUrls: {},
});

/** A claim as a membership protocol makes it. */
export const claim = (
  node: string,
  status: MemberStatus = 'alive',
  metadata: Metadata = { life: '1' },
  incarnation = 0,
): MembershipEvent => {
  const member: MemberView = { node, status, incarnation, metadata };
  return { type: 'memberChanged', member, before: null };
};
