import { inRole, type NodeView, type Property, type StateProperty, type StepProperty } from '@synod/protocol';
import type { ReplicaContext } from './context.ts';
import type { Fact, Life } from './facts.ts';
import type { RumorContext } from './rumor-context.ts';

// --- Anti-entropy --------------------------------------------------------------------------------------------------

type Replica = NodeView<ReplicaContext>;

const replicas = (nodes: readonly NodeView[]): readonly Replica[] => inRole<ReplicaContext>(nodes, 'replica');

/** A replica's own life. Of one that is down, the one that it would start. */
const ownLife = ({ context }: Replica): Life | undefined => context.lives.get(context.owner);

/** Whether `fact` is what the owner has under `key`, or had and may have had before. */
function wasWritten(own: Life, key: string, fact: Fact): boolean {
  const present = own.facts.get(key);
  if (present?.version === fact.version) return present.value === fact.value;
  return fact.version <= (present?.version ?? Math.max(own.floor, own.version));
}

/** Nothing is held of an owner that it did not write: no later life, no later version, no other value under a version. */
const validity: StateProperty = {
  name: 'Validity',
  source: 'Demers et al. §1: every update is entered at a site',
  kind: 'always',
  holds: (nodes) => {
    const all = replicas(nodes);
    for (const owner of all) {
      const own = ownLife(owner);
      if (!own) return false;
      for (const { context } of all) {
        const life = context.lives.get(owner.context.owner);
        if (!life || life === own || life.epoch < own.epoch) continue;
        if (life.epoch > own.epoch || life.version > own.version) return false;
        for (const [key, fact] of life.facts) if (!wasWritten(own, key, fact)) return false;
      }
    }
    return true;
  },
};

/** Values that are known up to the version of a life. */
const told = ({ facts, version }: Life): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const [key, fact] of facts) if (fact.value !== null && fact.version <= version) values.set(key, fact.value);
  return values;
};

const isSame = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean => {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
};

/** Whether `life` has what its version says, of what the owner has now: the last write under each key up to that version, and no dead fact. */
function hasAll(own: Life, { facts, version }: Life): boolean {
  for (const [key, fact] of own.facts)
    if (fact.version <= version && (facts.get(key)?.version ?? (fact.value === null ? fact.version : 0)) < fact.version)
      return false;
  if (version < own.floor) return true;
  for (const [key, { value }] of facts) if (value !== null && !own.facts.has(key)) return false;
  return true;
}

/** A replica holds all that its version of an owner stands for. Not while the owner is forgotten, or its facts are learnt anew. */
const summary: StateProperty = {
  name: 'Summary',
  source: 'van Renesse et al. §3: a version stands for all updates below it',
  kind: 'always',
  holds: (nodes) => {
    const all = replicas(nodes);
    return all.every((owner) => {
      const own = ownLife(owner);
      return all.every(({ context }) => {
        const life = context.lives.get(owner.context.owner);
        if (!own || !life || life === own || life.epoch !== own.epoch) return true;
        return life.forgotten > 0 || life.floor > life.version || hasAll(own, life);
      });
    });
  },
};

/** What is known of an owner only grows: its life, then what may be missing of it, then its version; and each fact's version. */
export const growth: StepProperty = {
  name: 'Growth',
  source: 'Demers et al. §1.1: an update is superseded by later ones only',
  kind: 'step',
  holds: (before, after) => {
    if (after.role !== 'replica') return true;
    const lives = (after as Replica).context.lives;
    for (const [owner, old] of (before as Replica).context.lives) {
      const now = lives.get(owner);
      if (now === old || old.forgotten > 0) continue;
      if (!now || now.epoch < old.epoch) return false;
      if (now.epoch > old.epoch || now.forgotten > 0) continue;
      if (now.floor < old.floor || (now.version < old.version && now.floor === old.floor)) return false;
      for (const [key, { version }] of old.facts) {
        const fact = now.facts.get(key);
        if (fact ? fact.version < version : version > now.floor) return false;
      }
    }
    return true;
  },
};

/** What replicas promise in every state and each step. */
export const replicaProperties: readonly Property[] = [validity, summary, growth];

/** Whether every replica that is up holds what the owners that are up hold, and nothing else of them. */
export function areEqual(nodes: readonly NodeView[]): boolean {
  const up = replicas(nodes).filter((node) => node.up);
  return up.every((owner) => {
    const own = ownLife(owner);
    const values = own && told(own);
    return up.every(({ context }) => {
      const life = context.lives.get(owner.context.owner);
      if (!values || life === own) return values !== undefined;
      return isSame(life ? told(life) : new Map(), values);
    });
  });
}

/** Once `least` versions have been written, or somebody has begun a new life, all replicas come to be equal. */
export const convergence = (least: number): StateProperty => ({
  name: 'Eventual Consistency',
  source: 'Demers et al. §1: if updates stop, all sites come to have the same database',
  kind: 'eventually',
  holds: (nodes) => {
    const lives = replicas(nodes).map((node) => ownLife(node));
    const isWritten = lives.reduce((sum, life) => sum + (life?.version ?? 0), 0) >= least;
    return (isWritten || lives.some((life) => (life?.epoch ?? 0) > 1)) && areEqual(nodes);
  },
});

/** Some replica that was too far behind to be told of each death begins anew. */
export const beginsAnew: StateProperty = {
  name: 'A replica begins anew',
  source: 'Demers et al. §2.1: certificates are thrown away at last',
  kind: 'sometimes',
  holds: (nodes) =>
    replicas(nodes).some(({ context }) =>
      context.lives.some((life, owner) => owner !== context.owner && life.floor > 0),
    ),
};

// --- Rumours -------------------------------------------------------------------------------------------------------

const sites = (nodes: readonly NodeView[]): readonly NodeView<RumorContext>[] => inRole<RumorContext>(nodes, 'rumor');

export const isInfected = ({ value }: NodeView): boolean => typeof value === 'object' && 'infected' in value;

/** What is heard is what was started. */
export const rumorValidity = (update: string): StateProperty => ({
  name: 'Rumour Validity',
  source: 'Demers et al. §1.4',
  kind: 'always',
  holds: (nodes) => sites(nodes).every(({ context }) => context.update === null || context.update === update),
});

const ORDER = ['susceptible', 'infected', 'removed'];
const stageOf = ({ value }: NodeView): number =>
  ORDER.indexOf(isInfected({ value } as NodeView) ? 'infected' : String(value));

/** Susceptible, then infected, then removed; nobody goes back. */
export const stages: StepProperty = {
  name: 'Stages',
  source: 'Demers et al. §1.4: susceptible, infective, removed',
  kind: 'step',
  holds: (before, after) => before.role !== 'rumor' || stageOf(after) >= stageOf(before),
};

const isOver = (nodes: readonly NodeView[]): boolean => sites(nodes).every((node) => !isInfected(node));
const hasBegun = (nodes: readonly NodeView[]): boolean => sites(nodes).some((node) => node.value === 'removed');

/** Every rumour dies. */
export const quiescence: StateProperty = {
  name: 'Quiescence',
  source: 'Demers et al. §1.4: rumours run to quiescence',
  kind: 'eventually',
  holds: (nodes) => hasBegun(nodes) && isOver(nodes),
};

/** A rumour may die before all have heard of it. */
export const residue: StateProperty = {
  name: 'There may be a residue',
  source: 'Demers et al. §1.4: the nonzero probability of failure',
  kind: 'sometimes',
  holds: (nodes) => hasBegun(nodes) && isOver(nodes) && sites(nodes).some(({ value }) => value === 'susceptible'),
};

const allHear = (nodes: readonly NodeView[]): boolean => sites(nodes).every(({ context }) => context.update !== null);

export const everybodyMayHear: StateProperty = {
  name: 'Everybody may hear',
  source: 'Demers et al. §1.4',
  kind: 'sometimes',
  holds: allHear,
};

/** In a ring without losses each tells the next one before it loses interest. */
export const everybodyHears: StateProperty = {
  name: 'Everybody hears',
  source: 'Demers et al. §1.4, feedback: interest is lost only over those who know',
  kind: 'eventually',
  holds: allHear,
};
