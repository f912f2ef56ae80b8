import type { MemberChanged, MembershipRefused, MemberView, Metadata } from '@synod/protocol';
import { MAX_HEALTH, type Suspicion, type SwimContext } from './context.ts';
import { MAX_INCARNATION, MAX_MEMBERS, MAX_RIVALRY } from './limits.ts';
import type { Update } from './messages.ts';
import { tellAll } from './rumors.ts';
import { suspicionBounds, suspicionTimeout } from './suspicion.ts';

// What is believed of whom: §4.2, and memberlist where a member comes back.

const RANK = { alive: 0, suspect: 1, dead: 2, left: 3 } as const;

/**
 * Which of two claims about one member holds: above 0 when it is `a`. The higher incarnation, and within one the worse news (§4.2). It is a
 * total order, so that all who have heard the same believe the same, in whatever order they heard it. The paper's *confirm* is final;
 * here a death holds for its incarnation only, else a member could never come back under its name.
 */
export const compare = (a: Update, b: Update): number =>
  a.incarnation - b.incarnation || RANK[a.status] - RANK[b.status];

export const isUp = (update: Update | undefined): update is Update =>
  update?.status === 'alive' || update?.status === 'suspect';

const view = ({ node, status, incarnation, metadata }: Update): MemberView => ({ node, status, incarnation, metadata });

export const memberChanged = (after: Update, before: Update | undefined): MemberChanged => ({
  type: 'memberChanged',
  member: view(after),
  before: before?.status ?? null,
});

export const refused = (code: string, text: string): MembershipRefused => ({ type: 'membershipRefused', code, text });

export const sameMetadata = (a: Metadata, b: Metadata): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};

/** An order of metadata that all members see alike. */
const asText = (metadata: Metadata): string => JSON.stringify(Object.entries(metadata).toSorted());

export const suspicionTimer = (node: string): string => `suspicion/${node}`;
export const retentionTimer = (node: string): string => `retention/${node}`;

interface Timer {
  readonly id: string;
  readonly delayMs: number;
  readonly event: { readonly type: string; readonly node: string };
}

/** What comes of hearing claims: collected over all of a message, then one step of the chart. */
class Hearing {
  readonly emit: (MemberChanged | MembershipRefused)[] = [];
  readonly cancel: string[] = [];
  readonly set = new Map<string, Timer>();
  #context: SwimContext;
  readonly #at: number;
  /** What is to be told on, the latest last. */
  readonly #news = new Map<string, Update>();
  /** Who knew nobody has nobody to tell: what it hears is no news to those who told it. */
  readonly #isAlone: boolean;

  constructor(context: SwimContext, at: number) {
    this.#context = context;
    this.#at = at;
    this.#isAlone = context.members.size <= 1;
  }

  get context(): SwimContext {
    return this.#news.size === 0
      ? this.#context
      : { ...this.#context, rumors: tellAll(this.#context.rumors, this.#news) };
  }

  hear(update: Update): void {
    const { node, members } = this.#context;
    if (overflows(update, node)) return this.#refuse('INCARNATION_OVERFLOW', OVERFLOW(update));
    const known = members.get(update.node);
    if (update.node === node) return this.#hearOfSelf(update, known as Update);
    // As memberlist: who was never heard of, or was forgotten, is not remembered for being gone. Else tables would bring the dead back for ever.
    if (!known && !isUp(update)) return;
    if (!known && members.size >= MAX_MEMBERS) return this.#refuse('MEMBERS_FULL', FULL);
    const order = known ? compare(update, known) : 1;
    if (order > 0) this.#believe(update, known);
    else if (order === 0 && update.status === 'suspect' && known?.status === 'suspect') this.#confirm(update, known);
  }

  /** §4.2: a member that hears that it is suspected tells all that it is alive, under a new incarnation. */
  #hearOfSelf(update: Update, own: Update): void {
    if (own.status === 'left' || update.incarnation < own.incarnation) return;
    if (update.status === 'alive') return this.#hearOfNamesake(update, own);
    const { health, settings } = this.#context;
    this.#renew(update.incarnation + 1, own.metadata);
    // Who had to refute was too slow to answer in time (Lifeguard §IV-A).
    if (settings.lifeguard.health) this.#change({ health: Math.min(MAX_HEALTH, health + 1) });
  }

  /**
   * Another life of this member's name is said to be alive: an earlier one mostly, and what it told of itself is out of date. If it goes on
   * answering, it is another process. Then one of the two gives way, as their metadata are ordered, or they would outdo each other for ever.
   */
  #hearOfNamesake(update: Update, own: Update): void {
    const isSame = sameMetadata(update.metadata, own.metadata);
    if (isSame && update.incarnation === own.incarnation) return;
    // Nothing to put right: what others hold of it is so, but for the incarnation.
    if (isSame) return this.#renew(update.incarnation, own.metadata);
    const { rivalry } = this.#context;
    if (rivalry >= MAX_RIVALRY) {
      this.#refuse('NODE_DUPLICATE', DUPLICATE(update));
      if (asText(own.metadata) > asText(update.metadata)) return;
    } else this.#change({ rivalry: rivalry + 1 });
    this.#renew(update.incarnation + 1, own.metadata);
  }

  #renew(incarnation: number, metadata: Metadata): void {
    const { own, change } = renewed(this.#context, incarnation, metadata);
    this.#change(change);
    this.#tell(own);
  }

  #believe(update: Update, known: Update | undefined): void {
    const { node } = update;
    const { members, order, size, settings } = this.#context;
    this.#change({
      members: members.set(node, update),
      size: size + Number(isUp(update)) - Number(isUp(known)),
      // Who was forgotten may still stand in the order of this round.
      ...(!known && { order: order.push(node) }),
    });
    if (!this.#isAlone) this.#tell(update);
    if (update.status === 'suspect') this.#suspect(node, { since: this.#at, confirmations: [] });
    else if (known?.status === 'suspect') this.#unsuspect(node);
    if (isUp(update)) {
      if (known && !isUp(known)) this.#unset(retentionTimer(node));
    } else if (isUp(known)) this.#arm(retentionTimer(node), settings.retentionMs, 'retention.elapsed', node);
    if (known?.status !== update.status || !sameMetadata(known.metadata, update.metadata))
      this.emit.push(memberChanged(update, known));
  }

  /** Lifeguard §IV-B: an independent suspicion brings the end nearer, and is told on, until there are k. */
  #confirm(update: Update & { status: 'suspect' }, known: Update & { status: 'suspect' }): void {
    const { suspicions } = this.#context;
    const suspicion = suspicions.get(update.node);
    const { k } = suspicionBounds(this.#context);
    if (!suspicion || suspicion.confirmations.length >= k) return;
    if (update.by === known.by || suspicion.confirmations.includes(update.by)) return;
    this.#tell(update);
    this.#suspect(update.node, { ...suspicion, confirmations: [...suspicion.confirmations, update.by] });
  }

  #suspect(node: string, suspicion: Suspicion): void {
    this.#change({ suspicions: this.#context.suspicions.set(node, suspicion) });
    const timeout = suspicionTimeout(suspicionBounds(this.#context), suspicion.confirmations.length);
    const left = Math.max(0, timeout - (this.#at - suspicion.since));
    this.#arm(suspicionTimer(node), left, 'suspicion.elapsed', node);
  }

  #unsuspect(node: string): void {
    this.#change({ suspicions: this.#context.suspicions.delete(node) });
    this.#unset(suspicionTimer(node));
  }

  #arm(id: string, delayMs: number, type: string, node: string): void {
    this.cancel.push(id);
    this.set.set(id, { id, delayMs, event: { type, node } });
  }

  #unset(id: string): void {
    this.cancel.push(id);
    this.set.delete(id);
  }

  #tell(update: Update): void {
    this.#news.delete(update.node);
    this.#news.set(update.node, update);
  }

  #refuse(code: string, text: string): void {
    this.emit.push(refused(code, text));
  }

  #change(change: Partial<SwimContext>): void {
    this.#context = { ...this.#context, ...change };
  }
}

/** This member under a later incarnation: what it says of itself, and what that changes. */
export function renewed({ node, members }: SwimContext, incarnation: number, metadata: Metadata) {
  const own: Update = { status: 'alive', node, incarnation, metadata };
  return { own, change: { incarnation, metadata, members: members.set(node, own) } };
}

/** Hears claims, whoever made them: what is newer is believed and told on. */
export function learn(context: SwimContext, updates: readonly Update[], at: number) {
  if (updates.length === 0) return { context, emit: [], cancel: [], set: [] };
  const hearing = new Hearing(context, at);
  for (const update of updates) hearing.hear(update);
  return { context: hearing.context, emit: hearing.emit, cancel: hearing.cancel, set: [...hearing.set.values()] };
}

/** Nobody could refute a claim of the last incarnation, and there is none after it. */
const overflows = ({ incarnation, status, node }: Update, self: string): boolean =>
  incarnation > MAX_INCARNATION || (incarnation === MAX_INCARNATION && (status !== 'alive' || node === self));

const OVERFLOW = ({ node, status, incarnation }: Update): string =>
  `A claim that ${node} is ${status} in incarnation ${incarnation} was refused: the last one that can be refuted is ${MAX_INCARNATION - 1}; look at the program that made it.`;
const DUPLICATE = ({ node }: Update): string =>
  `Another process is a member under the name ${node}; rename one of the two.`;
const FULL = `A member was refused: a cluster has ${MAX_MEMBERS} at most; split it.`;
