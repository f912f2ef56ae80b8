import type { EventObject } from 'xstate';
import type { Address } from './address.ts';
import type { Protocol } from './protocol.ts';

// What a host must know of a membership protocol to offer it to its actors, whichever it is.

/** How a member stands in the eyes of another. `left`: it said goodbye. */
export type MemberStatus = 'alive' | 'suspect' | 'dead' | 'left';

/** Facts that a member tells of itself, few and short: its role, its zone, the URL at which it listens (`url`). */
export type Metadata = Readonly<Record<string, string>>;

/** A member, as another sees it. */
export interface MemberView {
  readonly node: string;
  readonly status: MemberStatus;
  /** Raised by the member alone, to refute a suspicion or to tell of new metadata. A whole number from 0. */
  readonly incarnation: number;
  readonly metadata: Metadata;
}

/** Emitted when a member came, or its status or metadata changed, in the eyes of the machine that emits it. */
export interface MemberChanged extends EventObject {
  readonly type: 'memberChanged';
  readonly member: MemberView;
  /** Null when it was not known before. */
  readonly before: MemberStatus | null;
}

/** Emitted once the node belongs to the cluster: through a seed, or alone when it has none. */
export interface MemberJoined extends EventObject {
  readonly type: 'memberJoined';
  readonly through: string | null;
}

/** Emitted once the others have been told of the node's leaving, as far as they can be. */
export interface MemberDeparted extends EventObject {
  readonly type: 'memberDeparted';
}

/** Emitted when something from outside was refused and changed nothing. `code` and `text` as in coded errors. */
export interface MembershipRefused extends EventObject {
  readonly type: 'membershipRefused';
  readonly code: string;
  readonly text: string;
}

/** What a membership machine tells its host. */
export type MembershipEvent = MemberChanged | MemberJoined | MemberDeparted | MembershipRefused;

/** What a host may ask of a membership machine. */
export type MembershipRequest =
  /** Leave the cluster in good order. */
  | { readonly type: 'member.leave' }
  /** Tell the others new facts of this node. */
  | { readonly type: 'member.describe'; readonly metadata: Metadata };

/** Emitted when a fact of some node is new, has changed or (`value` null) is gone. */
export interface FactChanged extends EventObject {
  readonly type: 'factChanged';
  /** Whose fact it is: nobody else can change it. */
  readonly node: string;
  readonly key: string;
  readonly value: string | null;
}

/** What a host may ask of a machine that spreads facts. */
export type GossipRequest =
  /** A fact of this node; null takes it back. */
  | { readonly type: 'gossip.put'; readonly key: string; readonly value: string | null }
  /** Whom to gossip with from now on. */
  | { readonly type: 'gossip.peers'; readonly peers: readonly Address[] }
  /** A node is gone for good: its facts are forgotten. */
  | { readonly type: 'gossip.forget'; readonly node: string };

/** An actor that a host runs on each node. */
export interface ServiceRecipe {
  /** The actor's name, the same on all nodes. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The machine's input on a node; the host adds what `HostInput` says. */
  input(node: { readonly node: string; readonly cluster: string; readonly metadata: Metadata }): object;
}

/** Who is alive, and who knows it: what `createSystem({ membership })` takes. */
export interface Membership {
  /** Takes `MembershipRequest`s, emits `MembershipEvent`s. */
  readonly member: ServiceRecipe;
  /** Spreads facts that each node tells of itself. Takes `GossipRequest`s, emits `FactChanged`. */
  readonly gossip: ServiceRecipe;
  /** URLs of the seeds by node, as far as they are known beforehand. */
  readonly seedUrls: Readonly<Record<string, string>>;
}
