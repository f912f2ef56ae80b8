import { type GossipRequest, perform, type Received } from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import type { ReplicaContext, ReplicaInput } from './context.ts';
import * as exchange from './exchange.ts';
import * as learning from './learn.ts';
import type { ReplicaMessage } from './messages.ts';
import type { ReplicaEmitted, Send } from './outcome.ts';
import { hasPeers } from './peers.ts';
import * as rules from './rules.ts';

export type ReplicaEvent = Received<ReplicaMessage> | GossipRequest;

interface Args {
  readonly context: ReplicaContext;
  readonly event: ReplicaEvent;
}

/** A rule as XState calls it, for the event that it is about. */
const on =
  <T extends ReplicaEvent['type'], R>(
    type: T,
    rule: (context: ReplicaContext, event: Extract<ReplicaEvent, { type: T }>) => R,
  ) =>
  ({ context, event }: Args): R => {
    assertEvent(event, type);
    return rule(context, event as unknown as Extract<ReplicaEvent, { type: T }>);
  };

/** The names that the chart of a replica uses, and the rules they stand for. */
export const replicaSetup = setup({
  types: {
    context: {} as ReplicaContext,
    events: {} as ReplicaEvent,
    input: {} as ReplicaInput,
    emitted: {} as Send | ReplicaEmitted,
  },
  delays: {
    gossipInterval: ({ context }) => context.waitMs,
  },
  guards: {
    hasPeers: ({ context }) => hasPeers(context.peers),
    isAlone: ({ context }) => !hasPeers(context.peers),
  },
  actions: {
    meet: assign(on('gossip.peers', (context, { peers }) => rules.meet(context, peers))),
    put: perform(on('gossip.put', rules.put)),
    forget: perform(on('gossip.forget', (context, { node }) => rules.forget(context, node))),

    beginExchange: perform(({ context }) => exchange.beginExchange(context)),
    compareHashes: perform(on('Hashes', exchange.compareHashes)),
    answerDigest: perform(on('Digest', exchange.answerDigest)),
    answerRequest: perform(
      on('Request', (context, { versions, from }) => exchange.answerRequest(context, versions, from)),
    ),
    learn: perform(on('Delta', (context, { deltas, from }) => learning.learn(context, deltas, from))),
    spread: perform(on('Update', (context, { delta, from }) => learning.spread(context, delta, from))),
  },
});
