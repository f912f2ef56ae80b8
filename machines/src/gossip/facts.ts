import { Map as ImmutableMap } from 'immutable';
import type { Delta, Known, Written } from './messages.ts';

// What a replica holds of one owner. Only the owner writes, and numbers what it writes: a version names one value of one key for good, so
// that replicas need no more than the larger version to agree.

/** The last that an owner wrote under one key, as far as it is known. */
export interface Fact {
  /** Null: the owner took it back, and this is its death certificate. */
  readonly value: string | null;
  readonly version: number;
  /** Of a death certificate: for how many more rounds it is kept. 0 for a value. */
  readonly rounds: number;
}

export type Facts = ImmutableMap<string, Fact>;

/** One life of an owner: a restart begins the next one, and all facts of the one before are over with it. */
export interface Life {
  readonly epoch: number;
  /** All that the owner wrote up to here is known. Single facts beyond it may be known as well. */
  readonly version: number;
  /** Death certificates up to here may be missing. Above `version` only while a replica that was too far behind begins anew. */
  readonly floor: number;
  readonly facts: Facts;
  /** Above 0: the owner is forgotten, and for so many more rounds nothing of this life is believed. */
  readonly forgotten: number;
}

export const NO_FACTS: Facts = ImmutableMap();

/** No life has this epoch. Of an owner that was forgotten before anything was known of it, no life at all is believed. */
export const UNKNOWN = 0;

export const lifeOf = (epoch: number, floor = 0): Life => ({
  epoch,
  version: 0,
  floor,
  facts: NO_FACTS,
  forgotten: 0,
});

/** Whether an owner was forgotten, and this is no later life than the one that was. */
export const isForgotten = (life: Life, epoch: number): boolean =>
  life.forgotten > 0 && (epoch <= life.epoch || life.epoch === UNKNOWN);

/** A fact that came, changed or (null) went. */
export interface Change {
  readonly key: string;
  readonly value: string | null;
}

/** A life after what was learnt of it; `changes` are what an observer of the facts sees. */
export interface Learnt {
  readonly life: Life;
  readonly changes: readonly Change[];
}

const shown = (fact: Fact | undefined): string | null => fact?.value ?? null;

const byKey = (a: Change, b: Change): number => (a.key < b.key ? -1 : 1);

/** What differs for an observer, sorted by key. */
export function difference(before: Facts, after: Facts): readonly Change[] {
  if (before === after) return [];
  const changes: Change[] = [];
  for (const [key, { value }] of after) if (shown(before.get(key)) !== value) changes.push({ key, value });
  for (const [key, { value }] of before) if (value !== null && !after.has(key)) changes.push({ key, value: null });
  return changes.sort(byKey);
}

/** The owner writes: the next version. */
export function write(life: Life, key: string, value: string | null, retentionRounds: number): Life {
  const version = life.version + 1;
  const rounds = value === null ? retentionRounds : 0;
  return { ...life, version, facts: life.facts.set(key, { value, version, rounds }) };
}

/** The same facts as the first of another life. */
export function renumber({ facts }: Life, epoch: number): Life {
  let life = lifeOf(epoch);
  for (const [key, { value }] of [...facts].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (value !== null) life = write(life, key, value, 0);
  return life;
}

/** Which of two is the later one to be told of: by epoch, then by version. */
export const isAhead = (a: Pick<Known, 'epoch' | 'version'>, b: Pick<Known, 'epoch' | 'version'>): boolean =>
  a.epoch > b.epoch || (a.epoch === b.epoch && a.version > b.version);

/**
 * What somebody who knows `theirs` of an owner lacks of `life`; undefined when nothing. Of one that is so far behind that death certificates
 * that it never saw are gone, all (`from` 0): it throws away what it has and does not find again.
 */
export function deltaFor(owner: string, life: Life, theirs: Omit<Known, 'owner'> | undefined): Delta | undefined {
  const { epoch, version, floor, facts, forgotten } = life;
  if (forgotten > 0 || (theirs ? !isAhead(life, theirs) : version === 0)) return undefined;
  const isSameLife = theirs?.epoch === epoch;
  const isTooFarBehind = isSameLife && theirs.version < floor && theirs.floor < floor;
  const from = isSameLife && !isTooFarBehind ? theirs.version : 0;
  const entries: Written[] = [];
  for (const [key, fact] of facts)
    if (fact.version > from && fact.version <= version) entries.push({ key, value: fact.value, version: fact.version });
  entries.sort((a, b) => a.version - b.version);
  return { owner, epoch, from, to: version, floor, entries };
}

/** The last write of an owner, as it is told at once. */
export const lastWrite = (owner: string, { epoch, version, floor }: Life, { key, value }: Change): Delta => ({
  owner,
  epoch,
  from: version - 1,
  to: version,
  floor,
  entries: [{ key, value, version }],
});

/** The life on which a delta builds: the known one, a new one, or the known one without what the delta would have to say again. */
function baseFor(life: Life | undefined, { epoch, from, floor }: Delta): Life {
  if (!life || life.epoch < epoch) return lifeOf(epoch, from === 0 ? floor : 0);
  if (from > 0 || floor <= Math.max(life.version, life.floor)) return life;
  return { ...life, version: 0, floor, facts: life.facts.filter(({ version }) => version > floor) };
}

/**
 * Takes a delta up: of each key the later version wins, whatever the order of arrival. `version` grows only over what is without a gap. What
 * is not later than `version` and not held was taken back long ago: it does not come to life again. Undefined: nothing new.
 */
export function learn(life: Life | undefined, delta: Delta, retentionRounds: number): Learnt | undefined {
  if (life && life.epoch > delta.epoch) return undefined;
  const base = baseFor(life, delta);
  const facts = base.facts.withMutations((all) => {
    for (const { key, value, version } of delta.entries)
      if (version > (all.get(key)?.version ?? base.version))
        all.set(key, { value, version, rounds: value === null ? retentionRounds : 0 });
  });
  const isWithoutGap = delta.from <= base.version && delta.floor <= Math.max(base.version, base.floor);
  const version = isWithoutGap ? Math.max(base.version, delta.to) : base.version;
  if (base === life && facts === base.facts && version === base.version) return undefined;
  return { life: { ...base, version, facts }, changes: difference(life?.facts ?? NO_FACTS, facts) };
}

/**
 * One round later: death certificates that were kept for long enough go, and `floor` says so. One beyond `version` stays, since what it is
 * about may still come. Undefined when a forgotten life is over.
 */
export function age(life: Life): Life | undefined {
  if (life.forgotten > 0) return life.forgotten === 1 ? undefined : { ...life, forgotten: life.forgotten - 1 };
  let { floor } = life;
  const facts = life.facts.withMutations((all) => {
    for (const [key, fact] of life.facts) {
      if (fact.value !== null || fact.version > life.version) continue;
      if (fact.rounds > 1) all.set(key, { ...fact, rounds: fact.rounds - 1 });
      else {
        all.delete(key);
        floor = Math.max(floor, fact.version);
      }
    }
  });
  return facts === life.facts ? life : { ...life, facts, floor };
}
