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
  const width = Math.max(own.width, answer.width ?? 0);
  const left = (width - (answer.width ?? 0)) / 2;
  const frames = new Map(inner.flatMap(({ boxes: [box] }) => (box ? [[box.id, frameOf(box, box, sizing)]] : [])));
  frames.set(state.id, frameOf(own, { x: -left, y: -own.header }, sizing));
  const edges = island.wires.map((wire) => drawn(wire, routes.get(wire.id), direction, frames));
  const lines: Placed = { width: 0, height: 0, boxes: [], edges, dots: dotsOf(island.wires, at) };
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

/** Where lines that begin at a state's frame may begin. */
interface Frame extends Point {
  /** Below the title, and the rows if there are any. */
  readonly header: number;
  /** To the right of this, nothing lies between the frame's top and its children; never, where there are rows or badges. */
  readonly free: number;
}

/** The frame of a state; that of the island itself ends above the graph, in which its header is not. */
function frameOf(own: Box, at: Point, { measure }: Sizing): Frame {
  const free = own.rows.length + own.badges.length > 0 ? Number.POSITIVE_INFINITY : measure(own.key, 'title') + 24;
  return { ...at, header: at.y + own.header, free: at.x + free };
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
  frames: ReadonlyMap<string, Frame>,
): Edge {
  const points = (edge?.sections ?? []).flatMap((section): Point[] => [
    section.startPoint,
    ...(section.bendPoints ?? []),
    section.endPoint,
  ]);
  const place = edge?.labels?.[0];
  const label = wire.label && place ? { ...wire.label, x: place.x ?? 0, y: place.y ?? 0 } : undefined;
  const frame = wire.kind === 'initial' ? undefined : frames.get(wire.anchor ?? '');
  return {
    kind: wire.kind,
    from: wire.anchor ?? wire.from,
    to: wire.to,
    points: frame ? fromFrame(points, frame, direction) : points,
    refs: wire.line?.members.map(({ transition }) => transition.ref) ?? [],
    ...(label ? { label } : {}),
  };
}

/** Begins a line at the frame: nothing lies between that and its anchor. */
function fromFrame(points: readonly Point[], { x, y, header, free }: Frame, direction: Direction): Point[] {
  const [first, ...rest] = points;
  if (!first) return [];
  return [direction === 'RIGHT' ? { x, y: first.y } : { x: first.x, y: first.x > free ? y : header }, ...rest];
}
