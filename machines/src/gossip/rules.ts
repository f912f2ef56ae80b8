import { type MembershipRefused, nextRandom } from '@synod/protocol';
import type { ReplicaContext } from './context.ts';
import { tell } from './deliver.ts';
import * as facts from './facts.ts';
import { MAX_COUNT, MAX_FACTS, MAX_KEY, MAX_VALUE } from './limits.ts';
import { changed, ownLife, type ReplicaOutcome, refused } from './outcome.ts';
import { peersOf } from './peers.ts';

// What an embedder asks for, and what time brings.

function problemOf(life: facts.Life, key: string, value: string | null): MembershipRefused | undefined {
  if (key.length < 1 || key.length > MAX_KEY)
    return refused(
      'FACT_KEY_INVALID',
      `A fact's key has 1 to ${MAX_KEY} characters, not ${key.length}; choose another.`,
    );
  if (value !== null && value.length > MAX_VALUE)
    return refused(
      'FACT_TOO_LARGE',
      `The value of "${key}" has ${value.length} characters; keep it within ${MAX_VALUE}, and what is larger elsewhere.`,
    );
  if (life.facts.size >= MAX_FACTS && !life.facts.has(key))
    return refused('FACTS_TOO_MANY', `A node tells ${MAX_FACTS} facts at most; take some back first.`);
  if (life.version >= MAX_COUNT)
    return refused('VERSION_OVERFLOW', `This node has no version after ${MAX_COUNT}; restart it, and it counts anew.`);
  return undefined;
}

/** A fact of this node is new, changes or (null) is taken back: the next version, told at once to a few. */
export function put(context: ReplicaContext, { key, value }: facts.Change): ReplicaOutcome {
  const life = ownLife(context);
  if ((life.facts.get(key)?.value ?? null) === value) return {};
  const problem = problemOf(life, key, value);
  if (problem) return { emit: [problem] };
  const next = facts.write(life, key, value, context.settings.retentionRounds);
  const { change, emit = [] } = tell(context, facts.lastWrite(context.owner, next, { key, value }));
  return {
    change: { ...change, lives: context.lives.set(context.owner, next) },
    emit: [...changed(context.owner, [{ key, value }]), ...emit],
  };
}

/** From now on it gossips with these. Who is among them is forgotten no more. */
export function meet(context: ReplicaContext, all: ReplicaContext['peers']['all']): Partial<ReplicaContext> {
  const isBack = (owner: string): boolean => all.some((peer) => peer.endsWith(`@${owner}`));
  const lives = context.lives.filterNot(({ forgotten }, owner) => forgotten > 0 && isBack(owner));
  return { peers: peersOf(all, context.self), lives: lives.size === context.lives.size ? context.lives : lives };
}

/** A node is gone for good: its facts go, and for a while nothing of that life is believed, since others may still tell of it. */
export function forget(context: ReplicaContext, node: string): ReplicaOutcome {
  const life = context.lives.get(node) ?? facts.lifeOf(facts.UNKNOWN);
  if (life.forgotten > 0 || node === context.owner) return {};
  const forgotten = { ...life, facts: facts.NO_FACTS, forgotten: context.settings.retentionRounds };
  return {
    change: { lives: context.lives.set(node, forgotten) },
    emit: changed(node, facts.difference(life.facts, facts.NO_FACTS)),
  };
}

/** A round is over: death certificates grow older, and the next wait is drawn. */
export function nextRound(context: ReplicaContext): Partial<ReplicaContext> {
  const { jitter, intervalMs } = context.settings;
  const lives = context.lives.withMutations((all) => {
    for (const [owner, life] of context.lives) {
      const older = facts.age(life);
      if (older === undefined) all.delete(owner);
      else if (older !== life) all.set(owner, older);
    }
  });
  if (jitter === 0) return { lives };
  const [value, random] = nextRandom(context.random);
  return { lives, random, waitMs: intervalMs * (1 + jitter * (2 * value - 1)) };
}
