import { assert, type MemberStatus, type MemberView, type Metadata } from '@synod/protocol';
import type { MemberEvent } from './cluster.ts';
import { lifeOf } from './metadata.ts';

/** Members that are gone and still listed. */
const MAX_GONE = 1_000;

const isUp = (status: MemberStatus | undefined): boolean => status === 'alive' || status === 'suspect';

/** What a claim of the membership protocol comes to. */
export interface Change {
  readonly events: readonly MemberEvent[];
  /** Why all actors of the node have ended, if they have. */
  readonly ended: string | undefined;
}

const NOTHING: Change = { events: [], ended: undefined };

/** Who is in the cluster, who is gone, and what of a claim is news. */
export class Members {
  readonly #self: string;
  /** Whether a member that is held dead stays until somebody decides, by `bury`. */
  readonly #waits: boolean;
  readonly #present = new Map<string, MemberView>();
  /** In the order of their going. */
  readonly #gone = new Map<string, MemberView>();
  /** Lives that were given up by decision: they are not believed again. */
  readonly #buried = new Map<string, string>();
  #isIn = false;

  constructor(self: string, metadata: Metadata, waits: boolean) {
    this.#self = self;
    this.#waits = waits;
    this.#present.set(self, { node: self, status: 'alive', incarnation: 0, metadata });
  }

  get present(): readonly MemberView[] {
    return [...this.#present.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
  }

  get gone(): readonly MemberView[] {
    return [...this.#gone.values()];
  }

  get self(): MemberView {
    const self = this.#present.get(this.#self);
    assert(self, 'a node is a member for itself');
    return self;
  }

  /** In no order, without a copy. */
  all(): Iterable<MemberView> {
    return this.#present.values();
  }

  get(node: string): MemberView | undefined {
    return this.#present.get(node);
  }

  has(node: string): boolean {
    return this.#present.has(node);
  }

  /** Why the actors of a node have ended, if it is known to be gone. */
  endOf(node: string): string | undefined {
    const gone = this.#gone.get(node);
    return gone && reasonOf(gone.status);
  }

  /** Whether a claim is about a life that this side has given up, whatever others say of it. */
  isBuried(member: MemberView): boolean {
    const life = this.#buried.get(member.node);
    return life !== undefined && life === lifeOf(member);
  }

  /** This node tells other facts of itself. */
  describe(metadata: Metadata): MemberEvent {
    const member = { ...this.self, metadata };
    this.#present.set(this.#self, member);
    return { type: 'updated', member };
  }

  /** Takes a claim up. */
  take(member: MemberView): Change {
    const before = this.#present.get(member.node);
    if (member.node === this.#self) return this.#own(member);
    if (isUp(member.status)) return this.#up(member, before);
    const undecided = this.#waits && member.status === 'dead';
    if (!before) return NOTHING;
    if (!undecided) return this.#go(member);
    this.#present.set(member.node, member);
    return before.status === 'dead' ? NOTHING : { events: [{ type: 'unreachable', member }], ended: undefined };
  }

  /** Gives a member up, for this life of it. */
  bury(node: string): Change {
    const member = this.#present.get(node);
    if (!member) return NOTHING;
    const life = lifeOf(member);
    if (life !== undefined) this.#buried.set(node, life);
    return this.#go({ ...member, status: 'dead' });
  }

  /** What the protocol says of this node is that it is in; what it tells is known here best. */
  #own({ incarnation }: MemberView): Change {
    const member = { ...this.self, incarnation };
    this.#present.set(this.#self, member);
    const events: MemberEvent[] = this.#isIn ? [] : [{ type: 'joined', member }];
    this.#isIn = true;
    return { events, ended: undefined };
  }

  /** This node has left: it knows nobody any more. Returns whom it knew. */
  disperse(): readonly string[] {
    const others = [...this.#present.keys()].filter((node) => node !== this.#self);
    for (const node of others) this.#present.delete(node);
    return others;
  }

  #up(member: MemberView, before: MemberView | undefined): Change {
    this.#buried.delete(member.node);
    this.#gone.delete(member.node);
    this.#present.set(member.node, member);
    const isOtherLife = before !== undefined && lifeOf(before) !== lifeOf(member);
    const events: MemberEvent[] = [];
    if (!before || isOtherLife) events.push({ type: 'joined', member });
    else if (member.status === 'alive' && before.status !== 'alive') events.push({ type: 'recovered', member });
    else if (!sameTold(before, member)) events.push({ type: 'updated', member });
    if (member.status === 'suspect' && (isOtherLife || before?.status !== 'suspect')) {
      events.push({ type: 'suspected', member });
    }
    return { events, ended: isOtherLife ? 'node-restarted' : undefined };
  }

  #go(member: MemberView): Change {
    this.#present.delete(member.node);
    this.#gone.delete(member.node);
    this.#gone.set(member.node, member);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MAX_GONE && oldest !== undefined) this.#gone.delete(oldest);
    return { events: [{ type: member.status === 'left' ? 'left' : 'died', member }], ended: reasonOf(member.status) };
  }
}

const reasonOf = (status: MemberStatus): string => (status === 'left' ? 'node-left' : 'node-dead');

const sameTold = ({ metadata: a }: MemberView, { metadata: b }: MemberView): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};
