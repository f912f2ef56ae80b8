import type { MemberChanged, MembershipRefused, MemberView, Metadata } from '@synod/protocol';
import { MAX_HEALTH, type Suspicion, type SwimContext } from './context.ts';
import { MAX_INCARNATION, MAX_MEMBERS } from './limits.ts';
import type { Update } from './messages.ts';
import { tell } from './rumors.ts';
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

  constructor(context: SwimContext, at: number) {
    this.#context = context;
    this.#at = at;
  }

  get context(): SwimContext {
    return this.#context;
  }

  hear(update: Update): void {
    const { node, members } = this.#context;
    if (overflows(update, node)) return this.#refuse('INCARNATION_OVERFLOW', OVERFLOW(update));
    const known = members.get(update.node);
    if (update.node === node) return this.#hearOfSelf(update, known as Update);
    if (!known && members.size >= MAX_MEMBERS) return this.#refuse('MEMBERS_FULL', FULL);
    const order = known ? compare(update, known) : 1;
    if (order > 0) this.#believe(update, known);
    else if (order === 0 && update.status === 'suspect' && known?.status === 'suspect') this.#confirm(update, known);
  }

  /** §4.2: a member that hears that it is suspected tells all that it is alive, under a new incarnation. */
  #hearOfSelf(update: Update, own: Update): void {
    if (own.status === 'left') return;
    const isOurs = update.status === 'alive' && sameMetadata(update.metadata, own.metadata);
    if (update.incarnation < own.incarnation || (update.incarnation === own.incarnation && isOurs)) return;
    const { health, settings } = this.#context;
    const accused = update.status !== 'alive' && settings.lifeguard.health;
    this.#change(renewed(this.#context, update.incarnation + 1, own.metadata));
    // Who had to refute was too slow to answer in time (Lifeguard §IV-A).
    if (accused) this.#change({ health: Math.min(MAX_HEALTH, health + 1) });
  }

  #believe(update: Update, known: Update | undefined): void {
    const { node } = update;
    const { members, order, size, rumors, settings } = this.#context;
    this.#change({
      members: members.set(node, update),
      rumors: tell(rumors, update),
      size: size + Number(isUp(update)) - Number(isUp(known)),
      // Who was forgotten may still stand in the order of this round.
      ...(!known && { order: order.push(node) }),
    });
    if (update.status === 'suspect') this.#suspect(node, { since: this.#at, confirmations: [] });
    else if (known?.status === 'suspect') this.#unsuspect(node);
    if (isUp(update)) {
      if (known && !isUp(known)) this.#unset(retentionTimer(node));
    } else if (isUp(known) || !known) this.#arm(retentionTimer(node), settings.retentionMs, 'retention.elapsed', node);
    const isNews = known
      ? known.status !== update.status || !sameMetadata(known.metadata, update.metadata)
      : isUp(update);
    if (isNews) this.emit.push(memberChanged(update, known));
  }

  /** Lifeguard §IV-B: an independent suspicion brings the end nearer, and is told on, until there are k. */
  #confirm(update: Update & { status: 'suspect' }, known: Update & { status: 'suspect' }): void {
    const { suspicions, rumors } = this.#context;
    const suspicion = suspicions.get(update.node);
    const { k } = suspicionBounds(this.#context);
    if (!suspicion || suspicion.confirmations.length >= k) return;
    if (update.by === known.by || suspicion.confirmations.includes(update.by)) return;
    this.#change({ rumors: tell(rumors, update) });
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

  #refuse(code: string, text: string): void {
    this.emit.push(refused(code, text));
  }

  #change(change: Partial<SwimContext>): void {
    this.#context = { ...this.#context, ...change };
  }
}

/** This member under a later incarnation, and the news of it. */
export function renewed(context: SwimContext, incarnation: number, metadata: Metadata): Partial<SwimContext> {
  const own: Update = { status: 'alive', node: context.node, incarnation, metadata };
  return {
    incarnation,
    metadata,
    members: context.members.set(context.node, own),
    rumors: tell(context.rumors, own),
  };
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
const FULL = `A member was refused: a cluster has ${MAX_MEMBERS} at most; split it.`;
