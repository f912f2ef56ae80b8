import type { Chart, GuardOutcome, TraceRecord, TransitionRef } from '@synod/protocol';
import { type Counts, counted, noCounts, noTimers, type Timers, withTimer } from './activity.ts';
import { nobodySeen, type SeenMembers, withEmitted } from './members.ts';

// What a trace says of the present: kept by the server for pages that open later, and by each page.

/** One actor as the trace last told of it. */
export interface ActorView {
  readonly address: string;
  readonly protocol: string;
  readonly chart: Chart;
  /** XState's state value. */
  readonly state: unknown;
  /** Context fields as far as a trace carries them. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly phase: 'running' | 'crashed' | 'stopped';
  /** The actor that spawned it, where that is known. */
  readonly parent?: string;
  /** The `at` of the record that told of it last, on its node's clock. */
  readonly at: number;
  /** The transitions of the last step that took any. */
  readonly lastTransitions: readonly TransitionRef[];
  /** How the guards of the last step came out, as far as the trace tells. */
  readonly lastGuards: readonly GuardOutcome[];
  /** How often each transition of its chart was taken in this life. */
  readonly counts: Counts;
  /** Its running timers by id. */
  readonly timers: Timers;
  /** The members of its cluster as it has told of them; empty of an actor that tells of none. */
  readonly members: SeenMembers;
}

/** One node: a process that publishes its trace. */
export interface NodeView {
  readonly node: string;
  /** Whether its process is connected. */
  readonly up: boolean;
  /** Facts of its trace's header: process id, cluster. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly actors: Readonly<Record<string, ActorView>>;
}

/** All nodes by name. */
export type World = Readonly<Record<string, NodeView>>;

export const emptyWorld: World = Object.create(null) as World;

/** The world after a node's process came or went. A process that went takes its actors with it: they stay, as crashed. */
export function withNode(world: World, node: string, up: boolean, about?: Readonly<Record<string, unknown>>): World {
  const known = world[node];
  const actors = up ? {} : mapActors(known?.actors ?? {}, ended('crashed'));
  return assignNode(world, { node, up, about: about ?? known?.about ?? {}, actors });
}

/** The world after one record. */
export const withRecord = (world: World, record: TraceRecord): World => withRecords(world, [record]);

/** The world after several records: as `withRecord` one by one, without a copy of all nodes for each. */
export function withRecords(world: World, records: Iterable<TraceRecord>): World {
  let next: Record<string, NodeView> | undefined;
  for (const record of records) {
    const change = nodeChange(record);
    if (change) {
      next = Object.assign(Object.create(null), withNode(next ?? world, record.node, change.up, change.about));
      continue;
    }
    const node = (next ?? world)[record.node] ?? { node: record.node, up: true, about: {}, actors: {} };
    const actors = nextActors(node.actors, record);
    if (actors === node.actors) continue;
    next ??= Object.assign(Object.create(null), world) as Record<string, NodeView>;
    next[record.node] = { ...node, actors };
  }
  return next ?? world;
}

/** Codes of the notes by which the server tells that a node's process came or went. */
export const NODE_UP = 'NODE_UP';
export const NODE_DOWN = 'NODE_DOWN';

/** A record that tells of a node's process. `about`: facts of its trace's header. */
type NodeRecord = TraceRecord & { readonly about?: Readonly<Record<string, unknown>> };

/** The note by which all learn that a node's process came or went. */
export const nodeRecord = (
  node: string,
  up: boolean,
  about: Readonly<Record<string, unknown>>,
): NodeRecord & { readonly at: number } => ({
  seq: 0,
  at: 0,
  node,
  clock: {},
  type: 'note',
  code: up ? NODE_UP : NODE_DOWN,
  text: up ? `${node} publishes its trace` : `${node} is gone`,
  about,
});

function nodeChange(record: NodeRecord): { readonly up: boolean; readonly about?: NodeView['about'] } | undefined {
  if (record.type !== 'note' || (record.code !== NODE_UP && record.code !== NODE_DOWN)) return undefined;
  const { about } = record;
  return { up: record.code === NODE_UP, ...(typeof about === 'object' && about !== null && { about }) };
}

type Actors = Readonly<Record<string, ActorView>>;

function nextActors(actors: Actors, record: TraceRecord): Actors {
  switch (record.type) {
    case 'spawn': {
      const { actor: address, protocol, chart, state, context, parent } = record;
      const actor: ActorView = {
        address,
        protocol,
        chart,
        state,
        context: asObject(context),
        phase: 'running',
        at: record.at,
        lastTransitions: [],
        lastGuards: NO_GUARDS,
        counts: noCounts,
        timers: noTimers,
        members: nobodySeen,
        ...(parent && { parent }),
      };
      return { ...actors, [address]: actor };
    }
    case 'transition': {
      const { transitions, state, changed, guards } = record;
      return withActor(actors, record.actor, (actor) => ({
        ...actor,
        state,
        context: { ...actor.context, ...changed },
        lastTransitions: transitions.length > 0 ? transitions : actor.lastTransitions,
        at: record.at,
        lastGuards: guards ?? NO_GUARDS,
        counts: counted(actor.chart, actor.counts, transitions),
      }));
    }
    case 'timer.set': {
      const { id, delayMs, at } = record;
      return withActor(actors, record.actor, (actor) => ({
        ...actor,
        at,
        timers: withTimer(actor.timers, id, { setAt: at, delayMs }),
      }));
    }
    case 'timer.fired':
    case 'timer.cancelled':
      return withActor(actors, record.actor, (actor) =>
        Object.hasOwn(actor.timers, record.id)
          ? { ...actor, at: record.at, timers: withTimer(actor.timers, record.id) }
          : actor,
      );
    case 'emit':
      return withActor(actors, record.actor, (actor) => {
        const members = withEmitted(actor.members, record.event);
        return members === actor.members ? actor : { ...actor, members };
      });
    case 'crash':
      return record.actor === undefined
        ? mapActors(actors, ended('crashed'))
        : withActor(actors, record.actor, ended('crashed'));
    case 'stop':
      return withActor(actors, record.actor, ended('stopped'));
    default:
      return actors;
  }
}

/** An actor at the end of a life: none of its timers runs any more. */
const ended =
  (phase: 'crashed' | 'stopped') =>
  (actor: ActorView): ActorView => ({ ...actor, phase, timers: noTimers });

const NO_GUARDS: readonly GuardOutcome[] = [];

function withActor(actors: Actors, address: string, change: (actor: ActorView) => ActorView): Actors {
  const actor = Object.hasOwn(actors, address) ? actors[address] : undefined;
  if (!actor) return actors;
  const changed = change(actor);
  return changed === actor ? actors : { ...actors, [address]: changed };
}

const mapActors = (actors: Actors, change: (actor: ActorView) => ActorView): Actors =>
  Object.fromEntries(Object.entries(actors).map(([address, actor]) => [address, change(actor)]));

const assignNode = (world: World, node: NodeView): World =>
  Object.assign(Object.create(null), world, { [node.node]: node });

const asObject = (context: unknown): Readonly<Record<string, unknown>> =>
  typeof context === 'object' && context !== null ? (context as Record<string, unknown>) : {};
