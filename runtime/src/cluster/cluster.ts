import type { MemberView, Metadata } from '@synod/protocol';
import type { Observable } from 'rxjs';
import type { Registry } from './registry.ts';
import type { Topics } from './topics.ts';

/** Something became known of a member. */
export interface MemberEvent {
  /**
   * - `joined`: it came, or came back under its name
   * - `updated`: its metadata changed
   * - `suspected`: it does not answer; what runs there is not yet given up
   * - `recovered`: it is alive after all
   * - `unreachable`: with a strategy for split brain, the membership protocol holds it dead, and nothing is decided yet
   * - `died`: it is dead; actors there have ended
   * - `left`: it said goodbye; actors there have ended
   */
  readonly type: 'joined' | 'updated' | 'suspected' | 'recovered' | 'unreachable' | 'died' | 'left';
  readonly member: MemberView;
}

/** What happens in a cluster, as this node sees it. */
export type ClusterEvent =
  | MemberEvent
  /** Something from outside was refused and changed nothing: seeds that do not answer, a second node of one name, forged claims. */
  | { readonly type: 'refused'; readonly code: string; readonly text: string }
  /** This node is on the side of a split that must stop. */
  | { readonly type: 'downed'; readonly code: string; readonly text: string };

export interface JoinOptions {
  /** Milliseconds to wait. Default: as long as it takes. */
  readonly timeoutMs?: number;
}

export interface LeaveOptions {
  /** Milliseconds that the others may take to hear of it. Default 5,000. */
  readonly timeoutMs?: number;
}

/** The node's cluster: who is in it, what runs where, and what is said to all. */
export interface Cluster {
  readonly name: string;
  /** The members, this node among them, sorted by name: alive, suspected, or unreachable while a strategy for split brain has not decided. */
  readonly members: readonly MemberView[];
  /** Members that died or left, the last 1,000 of them, in the order of their going. */
  readonly gone: readonly MemberView[];
  readonly events$: Observable<ClusterEvent>;
  /** Which actors of the cluster have which name. */
  readonly registry: Registry;
  /** Messages to all who want them. */
  readonly topics: Topics;
  /**
   * Resolves once the node belongs to the cluster. The node goes on trying after a timeout.
   * @throws SynodError `SEEDS_UNREACHABLE` or what the node was last refused for, after `timeoutMs`; `SYSTEM_STOPPED`.
   */
  joined(options?: JoinOptions): Promise<void>;
  /**
   * Tells the others new facts of this node, in the place of those before; `url` stays unless it is given.
   * @throws SynodError `METADATA_INVALID`, or `URL_INVALID` where the transport cannot use `url`.
   */
  describe(metadata: Metadata): void;
  /** Leaves the cluster in good order; the system goes on alone, and knows nobody any more. Resolves when the others know, or after the timeout. Idempotent. */
  leave(options?: LeaveOptions): Promise<void>;
}
