import {
  type Address,
  actorOf,
  address,
  assert,
  type HostInput,
  isName,
  type Metadata,
  nextRandom,
  nodeOf,
  type RandomState,
} from '@synod/protocol';
import { type List as ImmutableList, type Map as ImmutableMap, List, Map as map } from 'immutable';
import { isShort, MAX_CLUSTER, MAX_METADATA, MAX_UPDATES } from './limits.ts';
import type { Update } from './messages.ts';

/** What survives a crash. */
export interface Durable {
  /** This member's incarnation (§4.2). A member that starts again begins above it, so that no old suspicion holds. */
  readonly incarnation: number;
}

/** A suspicion that has not yet been refuted or come true (§4.2). */
export interface Suspicion {
  /** When it began, on this node's clock, in milliseconds. */
  readonly since: number;
  /** Who suspects besides the first, in the order in which it was heard; k at most count. */
  readonly confirmations: readonly string[];
}

/** An update that is still to be told, and how often it was. */
export interface Rumor {
  readonly update: Update;
  readonly sent: number;
}

/** The probe of this protocol period (§3.1). */
export interface Probe {
  readonly target: string;
  readonly sequence: number;
  readonly acked: boolean;
  /** Members asked to ping on our behalf, and which of them said that the target does not answer. */
  readonly asked: readonly string[];
  readonly nacks: readonly string[];
}

export interface SwimContext extends Durable {
  /** All members that were heard of, this one among them. Shares structure with the tables of others that it came from. */
  readonly members: ImmutableMap<string, Update>;
  /** Their names in the order of their coming, for draws by index. */
  readonly order: ImmutableList<string>;
  /** How many members are alive or suspected, this one included: n. */
  readonly size: number;
  readonly suspicions: ImmutableMap<string, Suspicion>;
  /** Least told first (§4.1). One a member: a newer claim takes the place of the older. */
  readonly rumors: readonly Rumor[];

  /** The round of probes (§4.3): how many of `order` were drawn, and what was swapped to draw them (Fisher and Yates, of a list that is not copied). */
  readonly drawn: number;
  readonly swaps: ImmutableMap<number, number>;
  readonly sequence: number;
  readonly probe: Probe | null;
  /** Lifeguard's local health: 0 is well; each step makes this member wait longer for answers. */
  readonly health: number;

  /** How often this member outdid claims of another life under its name; past the limit it is no earlier life that speaks. */
  readonly rivalry: number;

  /** The seed that is asked next, and how many have not answered. */
  readonly asks: number;
  readonly self: Address;
  readonly node: string;
  readonly cluster: string;
  readonly metadata: Metadata;
  readonly seeds: readonly string[];
  readonly phase: number;
  readonly random: RandomState;
  readonly settings: SwimSettings;
}

export interface SwimSettings {
  /** The protocol period T′ in milliseconds (§3.1). Default 1,000. */
  readonly periodMs: number;
  /** How long a direct probe may take before others are asked, in milliseconds; less than half the period. Default 300. */
  readonly pingTimeoutMs: number;
  /** Members asked to ping on our behalf: k (§3.1). Default 3. */
  readonly indirect: number;
  /** λ: an update is told λ·log n times (§4.1), the logarithm counted in digits of n. Default 4. */
  readonly retransmit: number;
  /** Updates on one message at most, 1 to 64. Default 32: with short names about one Ethernet frame. */
  readonly updatesPerMessage: number;
  /** How long a suspicion stands at least, in milliseconds (§4.2; Lifeguard §IV-B); default 4 periods for each digit of n, 4 at least. */
  readonly suspicionMinMs: number | null;
  /** How long it stands while nobody else confirms it; default 6 times the least. Equal to the least without Lifeguard. */
  readonly suspicionMaxMs: number | null;
  /** Independent confirmations that bring a suspicion down to the least. Default 3. */
  readonly confirmations: number;
  /** How often the whole table is exchanged with one other, in milliseconds; less often past 32 members; 0: never. Default 30,000. */
  readonly pushPullMs: number;
  /** How long the dead and the departed are remembered, in milliseconds. Default 24 hours. */
  readonly retentionMs: number;
  /** How long a seed may take to answer, in milliseconds. Default 1,000. */
  readonly joinTimeoutMs: number;
  /** How long a member that leaves goes on telling so, in milliseconds. Default 2 periods. */
  readonly leaveMs: number;
  /** Lifeguard's three parts. Default all. */
  readonly lifeguard: {
    /** Who gets no answers may be slow itself: it waits longer (§IV-A). */
    readonly health: boolean;
    /** A suspicion begins long and shrinks as others confirm it (§IV-B). */
    readonly suspicion: boolean;
    /** A suspected member is told first (§IV-C). */
    readonly buddy: boolean;
  };
}

export interface SwimInput extends HostInput<Durable>, Partial<Omit<SwimSettings, 'lifeguard'>> {
  /** Nodes that are asked to let this one in, in this order. Without any it begins alone. */
  readonly seeds?: readonly string[];
  /** Members known from the start, in the place of a join; one table may be given to all. */
  readonly members?: ImmutableMap<string, Update>;
  readonly order?: ImmutableList<string>;
  /** The cluster's name; messages of another are refused. Default `synod`. */
  readonly cluster?: string;
  readonly metadata?: Metadata;
  readonly lifeguard?: boolean | Partial<SwimSettings['lifeguard']>;
}

/** Lifeguard's upper bound of local health: a member waits nine times as long at most (§IV-A; memberlist has 8). */
export const MAX_HEALTH = 8;

/** The address of a member: its actor has this one's name. */
export const at = ({ self }: Pick<SwimContext, 'self'>, node: string): Address => address(actorOf(self), node);

/** A number from 0 to below `count`, and the context with the generator gone on. */
export function draw(random: RandomState, count: number): readonly [value: number, next: RandomState] {
  const [value, next] = nextRandom(random);
  return [Math.floor(value * count), next];
}

/** The state in which a member starts, new or from what survived. */
export function initialContext(input: SwimInput): SwimContext {
  const { self, seed, recovered, cluster = 'synod', metadata = {}, seeds = [] } = input;
  const node = nodeOf(self);
  const settings = settingsOf(input);
  for (const name of seeds) assert(isName(name), `"${name}" names no node`);
  assert(cluster.length <= MAX_CLUSTER, `a cluster's name has ${MAX_CLUSTER} characters at most`);
  assert(
    isShort(metadata),
    `metadata are ${MAX_METADATA.facts} facts of ${MAX_METADATA.characters} characters at most`,
  );
  const incarnation = recovered?.incarnation === undefined ? 0 : recovered.incarnation + 1;
  const own: Update = { status: 'alive', node, incarnation, metadata };
  const table = input.members ?? map<string, Update>();
  const known = table.get(node);
  const isKnown = known?.status === 'alive' && known.incarnation === incarnation;
  const order = input.order ?? List(table.keys());
  const [phase, random] = nextRandom(seed);
  return {
    incarnation,
    members: isKnown ? table : table.set(node, own),
    order: table.has(node) ? order : order.push(node),
    size: table.has(node) ? table.size : table.size + 1,
    suspicions: map(),
    rumors: isKnown || table.size === 0 ? [] : [{ update: own, sent: 0 }],
    drawn: 0,
    swaps: map(),
    sequence: 0,
    probe: null,
    health: 0,
    rivalry: 0,
    asks: 0,
    self,
    node,
    cluster,
    metadata: isKnown ? known.metadata : metadata,
    seeds: [...new Set(seeds)].filter((name) => name !== node),
    phase,
    random,
    settings,
  };
}

function settingsOf(input: SwimInput): SwimSettings {
  const { periodMs = 1_000, lifeguard = true } = input;
  const all = typeof lifeguard === 'boolean' ? lifeguard : true;
  const settings: SwimSettings = {
    periodMs,
    pingTimeoutMs: input.pingTimeoutMs ?? Math.round(periodMs * 0.3),
    indirect: input.indirect ?? 3,
    retransmit: input.retransmit ?? 4,
    updatesPerMessage: input.updatesPerMessage ?? 32,
    suspicionMinMs: input.suspicionMinMs ?? null,
    suspicionMaxMs: input.suspicionMaxMs ?? null,
    confirmations: input.confirmations ?? 3,
    pushPullMs: input.pushPullMs ?? 30_000,
    retentionMs: input.retentionMs ?? 24 * 3_600_000,
    joinTimeoutMs: input.joinTimeoutMs ?? 1_000,
    leaveMs: input.leaveMs ?? 2 * periodMs,
    lifeguard: { health: all, suspicion: all, buddy: all, ...(typeof lifeguard === 'object' ? lifeguard : {}) },
  };
  const { pingTimeoutMs, updatesPerMessage, suspicionMinMs, suspicionMaxMs } = settings;
  assert(
    0 < pingTimeoutMs && 2 * pingTimeoutMs < periodMs,
    'pingTimeoutMs is above 0 and less than half of periodMs (§3.1)',
  );
  assert(updatesPerMessage >= 1 && updatesPerMessage <= MAX_UPDATES, `updatesPerMessage is from 1 to ${MAX_UPDATES}`);
  for (const name of ['indirect', 'updatesPerMessage', 'confirmations'] as const)
    assert(Number.isSafeInteger(settings[name]), `${name} is a whole number`);
  assert((suspicionMinMs ?? 0) <= (suspicionMaxMs ?? Number.POSITIVE_INFINITY), 'suspicionMinMs ≤ suspicionMaxMs');
  for (const [name, value] of Object.entries(settings))
    assert(typeof value !== 'number' || (Number.isFinite(value) && value >= 0), `${name} is a number from 0`);
  return settings;
}
