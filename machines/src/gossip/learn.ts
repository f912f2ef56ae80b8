import type { Address, MembershipRefused } from '@synod/protocol';
import type { ReplicaContext } from './context.ts';
import { deliver, tell } from './deliver.ts';
import * as facts from './facts.ts';
import { MAX_COUNT, MAX_EPOCH_STEP, MAX_FACTS, MAX_OWNERS } from './limits.ts';
import type { Delta, Known } from './messages.ts';
import { changed, ownLife, type ReplicaEmitted, type ReplicaOutcome, refused, type Send } from './outcome.ts';

// What others tell: what of it is believed, and what comes of it.

/**
 * Somebody tells more of the owner that lives here than that owner ever wrote: a forged message, or an earlier life that this node does not
 * remember. It is not believed, and refuted as in SWIM: the next epoch, in which all facts are told anew, is later than the claim.
 */
export function refute(context: ReplicaContext, claim: Pick<Known, 'epoch' | 'version'>): ReplicaOutcome | undefined {
  const own = ownLife(context);
  if (!facts.isAhead(claim, own)) return undefined;
  const epoch = claim.epoch + 1;
  const told = `Version ${claim.epoch}.${claim.version} of facts of ${context.owner} is not its own`;
  if (epoch > MAX_COUNT || claim.epoch > own.epoch + MAX_EPOCH_STEP)
    return { emit: [refused('EPOCH_OVERFLOW', `${told}, and too far ahead to be refuted; find who sends it.`)] };
  const text = `${told}; it is refuted. Unless this node lost its disk, find who sends it.`;
  return {
    change: { epoch, lives: context.lives.set(context.owner, facts.renumber(own, epoch)) },
    emit: [refused('FACT_FORGED', text)],
  };
}

/** What no owner can have written. */
function contradictionOf(
  context: ReplicaContext,
  { owner, epoch, from, to, entries }: Delta,
): MembershipRefused | undefined {
  const life = context.lives.get(owner);
  const versions = [from, ...entries.map(({ version }) => version)];
  if (to < from || versions.some((version, at) => version > to || (at > 0 && version <= (versions[at - 1] as number))))
    return refused('FACT_INVALID', `Facts of ${owner} contradict their versions; is the sender of another version?`);
  if (life && epoch > life.epoch + MAX_EPOCH_STEP)
    return refused(
      'EPOCH_OVERFLOW',
      `Epoch ${epoch} of ${owner} is too far ahead of ${life.epoch}; find who sends it.`,
    );
  if (!life && context.lives.size >= MAX_OWNERS)
    return refused('OWNERS_TOO_MANY', `Facts of ${owner} were refused: ${MAX_OWNERS} owners are known; forget some.`);
  return undefined;
}

/** Takes one delta up. Undefined: nothing new. */
function learnOne(context: ReplicaContext, delta: Delta): ReplicaOutcome | undefined {
  if (delta.owner === context.owner) return refute(context, { epoch: delta.epoch, version: delta.to });
  const known = context.lives.get(delta.owner);
  if (known && facts.isForgotten(known, delta.epoch)) return undefined;
  const problem = contradictionOf(context, delta);
  if (problem) return { emit: [problem] };
  const learnt = facts.learn(known, delta, context.settings.retentionRounds);
  if (!learnt) return undefined;
  if (learnt.life.facts.size > MAX_FACTS)
    return {
      emit: [refused('FACTS_TOO_MANY', `${delta.owner} tells more than ${MAX_FACTS} facts; take some back there.`)],
    };
  return { change: { lives: context.lives.set(delta.owner, learnt.life) }, emit: changed(delta.owner, learnt.changes) };
}

/** What to answer one who told of a life that is over: of the one that came after, its owner may have nothing else to tell. */
function laterLives({ lives }: ReplicaContext, deltas: readonly Delta[]): readonly Delta[] {
  return deltas.flatMap(({ owner, epoch, to, floor }) => {
    const life = lives.get(owner);
    const later = life && life.epoch > epoch ? facts.deltaFor(owner, life, { epoch, version: to, floor }) : undefined;
    return later ? [later] : [];
  });
}

/** Takes deltas up, one after the other. */
export function learn(context: ReplicaContext, deltas: readonly Delta[], from: Address): ReplicaOutcome {
  let now = context;
  const emit: (Send | ReplicaEmitted)[] = [];
  for (const delta of deltas) {
    const learnt = learnOne(now, delta);
    if (learnt?.change) now = { ...now, ...learnt.change };
    if (learnt?.emit) emit.push(...learnt.emit);
  }
  const answered = deliver(now, from, laterLives(now, deltas));
  const random = answered.change?.random ?? now.random;
  return { change: { epoch: now.epoch, lives: now.lives, random }, emit: [...emit, ...(answered.emit ?? [])] };
}

/** What was told at once is told on, by each that learnt from it and once. */
export function spread(context: ReplicaContext, delta: Delta, from: Address): ReplicaOutcome {
  const learnt = learn(context, [delta], from);
  if (learnt.change?.lives === context.lives || delta.owner === context.owner) return learnt;
  const told = tell({ ...context, ...learnt.change }, delta, from);
  return { change: { ...learnt.change, ...told.change }, emit: [...(learnt.emit ?? []), ...(told.emit ?? [])] };
}
