import type { ChartState } from '@synod/protocol';
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import { enclose, move, type Placed } from './block.ts';
import { boxOf, type Sizing } from './boxes.ts';
import type { Box, Dot, Edge, Point, Rect } from './drawing.ts';
import { type Direction, DOT, type Island, type Wire } from './graph.ts';

// From ELK's answer back to the chart: one island as a block, its own box around it.

/** The block of `state` when ELK laid its island out as `answer`. */
export function placeIsland(
  state: ChartState,
  depth: number,
  blocks: ReadonlyMap<string, Placed>,
  island: Island,
  answer: ElkNode,
  direction: Direction,
  sizing: Sizing,
): Placed {
  const at = new Map<string, Rect>();
  positions(answer, at);
  const region = sizing.routes.parentOf.get(state.id)?.kind === 'parallel';
  const own = boxOf(state, depth, region, sizing);
  const inner = nested(state, depth, blocks, at, sizing);
  const routes = new Map((answer.edges ?? []).map((edge) => [edge.id, edge]));
  const frameOf = (id: string): Rect =>
    frame(id === state.id ? undefined : inner.find((box) => box.boxes[0]?.id === id));
  const edges = island.wires.map((wire) => drawn(wire, routes.get(wire.id), direction, frameOf));
  const lines: Placed = { width: 0, height: 0, boxes: [], edges, dots: dotsOf(island.wires, at) };

  const width = Math.max(own.width, answer.width ?? 0);
  const left = (width - (answer.width ?? 0)) / 2;
  const height = own.header + (answer.height ?? 0);
  return enclose(
    own,
    width,
    height,
    [...inner, lines].map((block) => move(block, left, own.header)),
  );
}

function positions(node: ElkNode, at: Map<string, Rect>): void {
  for (const child of node.children ?? []) {
    const { x = 0, y = 0, width = 0, height = 0 } = child;
    at.set(child.id, { x, y, width, height });
    positions(child, at);
  }
}

/** Blocks of the children, where ELK put them; of a pierced child its box alone, and its children's. */
function nested(
  state: ChartState,
  depth: number,
  blocks: ReadonlyMap<string, Placed>,
  at: ReadonlyMap<string, Rect>,
  sizing: Sizing,
): Placed[] {
  return state.states.flatMap((child): Placed[] => {
    const rect = at.get(child.id);
    const block = blocks.get(child.id);
    if (!rect || !block) return [];
    if (!sizing.routes.pierced.has(child.id)) return [move(block, rect.x, rect.y)];
    const own: Box = { ...boxOf(child, depth + 1, false, sizing), ...rect };
    return [enclose(own, rect.width, rect.height, []), ...nested(child, depth + 1, blocks, at, sizing)];
  });
}

/** The room inside a frame, below its header; of the island itself, whose header is not in the graph, all of it. */
function frame(block: Placed | undefined): Rect {
  const box = block?.boxes[0];
  return box ? { ...box, y: box.y + box.header, height: box.height - box.header } : { x: 0, y: 0, width: 0, height: 0 };
}

function dotsOf(wires: readonly Wire[], at: ReadonlyMap<string, Rect>): Dot[] {
  return wires.flatMap((wire): Dot[] => {
    const rect = wire.kind === 'initial' ? at.get(wire.from) : undefined;
    return rect && wire.anchor ? [{ of: wire.anchor, x: rect.x + DOT / 2, y: rect.y + DOT / 2 }] : [];
  });
}

function drawn(
  wire: Wire,
  edge: ElkExtendedEdge | undefined,
  direction: Direction,
  frameOf: (id: string) => Rect,
): Edge {
  const points = (edge?.sections ?? []).flatMap((section): Point[] => [
    section.startPoint,
    ...(section.bendPoints ?? []),
    section.endPoint,
  ]);
  const place = edge?.labels?.[0];
  const label = wire.label && place ? { ...wire.label, x: place.x ?? 0, y: place.y ?? 0 } : undefined;
  const framed = wire.kind !== 'initial' && wire.anchor !== undefined;
  return {
    kind: wire.kind,
    from: wire.anchor ?? wire.from,
    to: wire.to,
    points: framed ? fromFrame(points, frameOf(wire.anchor ?? ''), direction) : points,
    refs: wire.line?.members.map(({ transition }) => transition.ref) ?? [],
    ...(label ? { label } : {}),
  };
}

/** Begins a line at the frame: nothing lies between that and its anchor. */
function fromFrame(points: readonly Point[], { x, y }: Point, direction: Direction): Point[] {
  const [first, ...rest] = points;
  if (!first) return [];
  return [direction === 'DOWN' ? { x: first.x, y } : { x, y: first.y }, ...rest];
}
