import type { Chart } from '@synod/protocol';
import type { ActorView, NodeView, World } from './world.ts';

// A world for the wire: charts are most of its text, and most actors share theirs with others.

interface PackedActor extends Omit<ActorView, 'chart'> {
  /** Its place among the charts. */
  readonly chart: number;
}

type NodeOf<A> = Omit<NodeView, 'actors'> & { readonly actors: Readonly<Record<string, A>> };

export interface PackedWorld {
  readonly charts: readonly Chart[];
  readonly nodes: Readonly<Record<string, NodeOf<PackedActor>>>;
}

const texts = new WeakMap<Chart, string>();

/** A chart as text, the same for all actors that run the same machine. */
function textOf(chart: Chart): string {
  const text = texts.get(chart) ?? JSON.stringify(chart);
  texts.set(chart, text);
  return text;
}

/** A world with each of its charts once. */
export function packWorld(world: World): PackedWorld {
  const [charts, places]: [Chart[], Map<string, number>] = [[], new Map()];
  const place = (chart: Chart): number => {
    const known = places.get(textOf(chart));
    if (known !== undefined) return known;
    places.set(textOf(chart), charts.length);
    return charts.push(chart) - 1;
  };
  return {
    charts,
    nodes: mapActors(world, (actor: ActorView): PackedActor => ({ ...actor, chart: place(actor.chart) })),
  };
}

/** A world that was packed. Worlds that are unpacked one after the other share their charts, in `shelf`. */
export function unpackWorld({ charts, nodes }: PackedWorld, shelf: Map<string, Chart>): World {
  const shared = charts.map((chart) => {
    const known = shelf.get(textOf(chart)) ?? chart;
    shelf.set(textOf(chart), known);
    return known;
  });
  return mapActors(nodes, (actor: PackedActor): ActorView => ({ ...actor, chart: shared[actor.chart] as Chart }));
}

/** The same nodes with other actors, safe from names that objects have themselves. */
function mapActors<A, B>(
  nodes: Readonly<Record<string, NodeOf<A>>>,
  change: (actor: A) => B,
): Readonly<Record<string, NodeOf<B>>> {
  const changed = Object.create(null) as Record<string, NodeOf<B>>;
  for (const [name, node] of Object.entries(nodes)) {
    const actors = Object.entries(node.actors).map(([address, actor]) => [address, change(actor)] as const);
    changed[name] = { ...node, actors: Object.fromEntries(actors) };
  }
  return changed;
}
