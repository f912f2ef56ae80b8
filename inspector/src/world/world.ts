import type { Chart, TraceRecord, TransitionRef } from '@synod/protocol';
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
  /** The transitions of the last step that took any. */
  readonly lastTransitions: readonly TransitionRef[];
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
  const actors = up ? {} : mapActors(known?.actors ?? {}, (actor) => ({ ...actor, phase: 'crashed' }));
  return assignNode(world, { node, up, about: about ?? known?.about ?? {}, actors });
}

/** The world after one record. */
export function withRecord(world: World, record: TraceRecord): World {
  const node = world[record.node] ?? { node: record.node, up: true, about: {}, actors: {} };
  const actors = nextActors(node.actors, record);
  return actors === node.actors ? world : assignNode(world, { ...node, actors });
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
        lastTransitions: [],
        members: nobodySeen,
        ...(parent && { parent }),
      };
      return { ...actors, [address]: actor };
    }
    case 'transition': {
      const { transitions, state, changed } = record;
      return withActor(actors, record.actor, (actor) => ({
        ...actor,
        state,
        context: { ...actor.context, ...changed },
        lastTransitions: transitions.length > 0 ? transitions : actor.lastTransitions,
      }));
    }
    case 'emit':
      return withActor(actors, record.actor, (actor) => {
        const members = withEmitted(actor.members, record.event);
        return members === actor.members ? actor : { ...actor, members };
      });
    case 'crash':
      return record.actor === undefined
        ? mapActors(actors, (actor) => ({ ...actor, phase: 'crashed' }))
        : withActor(actors, record.actor, (actor) => ({ ...actor, phase: 'crashed' }));
    case 'stop':
      return withActor(actors, record.actor, (actor) => ({ ...actor, phase: 'stopped' }));
    default:
      return actors;
  }
}

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
