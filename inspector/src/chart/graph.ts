import type { ChartState } from '@synod/protocol';
import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import type { Placed } from './block.ts';
import { isLoop, labelOf, type Sizing } from './boxes.ts';
import type { Edge, Label } from './drawing.ts';
import type { Line } from './routes.ts';

// One island as a graph for ELK: the children of a state, and in place those that a line enters or leaves.

export const DOT = 10;
export const CONTENT = 14;

export type Direction = 'DOWN' | 'RIGHT';

/** How ELK is asked. */
export interface Style {
  readonly direction: Direction;
  /** Keep document order; ELK throws with it where an edge crosses a frame. */
  readonly ordered: boolean;
}

/** A line of the island, and what it becomes. */
export interface Wire {
  readonly id: string;
  readonly kind: Edge['kind'];
  readonly line?: Line;
  /** The state whose frame or initial dot it begins at. */
  readonly anchor?: string;
  readonly from: string;
  readonly to: string;
  readonly label?: Label;
  /** Whether it leads to what stands later in the document. */
  readonly forward: boolean;
}

export interface Island {
  readonly graph: ElkNode;
  readonly wires: readonly Wire[];
}

/** The graph of what is in `state`, whose inner boxes are `blocks`. */
export function islandOf(state: ChartState, blocks: ReadonlyMap<string, Placed>, style: Style, sizing: Sizing): Island {
  const open = openStates(state, sizing);
  const wires = wiresOf(open, sizing);
  const graph: ElkNode = {
    id: 'island',
    layoutOptions: { ...optionsFor(style, open.length > 1), ...effortFor(wires.length, sizing.routes.lines.length) },
    children: nodes(state, blocks, wires, sizing, true),
    edges: wires.map(edge),
  };
  return { graph, wires };
}

/** `state` and the states within that share its graph. */
function openStates(state: ChartState, sizing: Sizing): ChartState[] {
  const inner = state.states.filter((child) => sizing.routes.pierced.has(child.id));
  return [state, ...inner.flatMap((child) => openStates(child, sizing))];
}

function wiresOf(open: readonly ChartState[], sizing: Sizing): Wire[] {
  const ids = new Set(open.map((state) => state.id));
  const lines = sizing.routes.lines.filter(
    (line) => ids.has(line.within) && !(sizing.detail !== 'full' && isLoop(line)),
  );
  const initial = open.flatMap((state): Wire[] => {
    const first = state.kind === 'compound' ? firstChild(state, sizing) : undefined;
    return first
      ? [
          {
            id: `initial:${state.id}`,
            kind: 'initial',
            anchor: state.id,
            from: `dot:${state.id}`,
            to: first,
            forward: true,
          },
        ]
      : [];
  });
  const order = [...sizing.routes.byId.keys()];
  const drawn = lines.map((line, index): Wire => {
    const label = line.kind !== 'transition' ? undefined : labelOf(line, sizing);
    const framed = line.from === line.within;
    return {
      id: `line:${index}`,
      kind: line.kind,
      line,
      ...(framed ? { anchor: line.within } : {}),
      from: framed ? `frame:${index}` : line.from,
      to: line.to,
      forward: framed || order.indexOf(line.from) < order.indexOf(line.to),
      ...(label ? { label } : {}),
    };
  });
  return [...initial, ...drawn];
}

/** The child in which the initial state lies. */
function firstChild(state: ChartState, { routes }: Sizing): string | undefined {
  let id = state.initial;
  while (id !== undefined && routes.parentOf.get(id)?.id !== state.id) id = routes.parentOf.get(id)?.id;
  return id;
}

function nodes(
  state: ChartState,
  blocks: ReadonlyMap<string, Placed>,
  wires: readonly Wire[],
  sizing: Sizing,
  top: boolean,
): ElkNode[] {
  const anchors = wires
    .filter((wire) => wire.anchor === state.id)
    .map((wire): ElkNode => {
      const size = wire.kind === 'initial' ? DOT : 1;
      return {
        id: wire.from,
        width: size,
        height: size,
        // FIRST_SEPARATE throws below the top of a graph with INCLUDE_CHILDREN (elkjs 0.12.1).
        layoutOptions: { 'elk.layered.layering.layerConstraint': top ? 'FIRST_SEPARATE' : 'FIRST' },
      };
    });
  const children = state.states.map((child): ElkNode => {
    const block = blocks.get(child.id);
    const { width = 0, height = 0, header = 0 } = block ? { ...block, header: block.boxes[0]?.header } : {};
    if (!sizing.routes.pierced.has(child.id)) return { id: child.id, width, height };
    return {
      id: child.id,
      children: nodes(child, blocks, wires, sizing, false),
      layoutOptions: {
        'elk.padding': `[top=${header + CONTENT},left=${CONTENT},bottom=${CONTENT},right=${CONTENT}]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${width},${height})`,
      },
    };
  });
  return [...anchors, ...children];
}

const edge = ({ id, forward, from, to, label }: Wire): ElkExtendedEdge => ({
  id,
  sources: [from],
  targets: [to],
  // Where ELK cannot keep document order, it is at least told which lines run along it: others are turned first.
  ...(forward ? { layoutOptions: { 'elk.layered.priority.direction': '10' } } : {}),
  ...(label
    ? {
        labels: [
          {
            id: `${id}:label`,
            text: '-',
            width: label.width,
            height: label.height,
            layoutOptions: { 'elk.edgeLabels.inline': String(from !== to), 'elk.edgeLabels.placement': 'CENTER' },
          },
        ],
      }
    : {}),
});

/** Lines of a chart and of an island up to which its nodes are placed by network simplex: the time of that grows with the square of what is placed, and more. */
const FEW = { chart: 60, island: 24 };
/** Lines of a chart from which on it is laid out in one direction only, and with the least effort. */
export const MANY_LINES = 100;

/** What ELK may spend on an island of so many lines, in a chart of so many. */
function effortFor(lines: number, all: number): LayoutOptions {
  if (lines <= FEW.island && all <= FEW.chart)
    return {
      'elk.layered.thoroughness': '7',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
    };
  return {
    'elk.layered.thoroughness': all < MANY_LINES ? '3' : '1',
    'elk.layered.nodePlacement.strategy': 'LINEAR_SEGMENTS',
    'elk.layered.compaction.postCompaction.strategy': 'EDGE_LENGTH',
  };
}

function optionsFor({ direction, ordered }: Style, nested: boolean): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.direction': direction,
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.json.shapeCoords': 'ROOT',
    'elk.json.edgeCoords': 'ROOT',
    'elk.padding': `[top=${CONTENT},left=${CONTENT},bottom=${CONTENT},right=${CONTENT}]`,
    'elk.hierarchyHandling': nested ? 'INCLUDE_CHILDREN' : 'SEPARATE_CHILDREN',
    'elk.randomSeed': '1',
    'elk.spacing.nodeNode': '24',
    'elk.spacing.edgeNode': '18',
    'elk.spacing.edgeEdge': '12',
    'elk.spacing.edgeLabel': '6',
    'elk.spacing.labelLabel': '8',
    'elk.spacing.nodeSelfLoop': '12',
    'elk.layered.spacing.nodeNodeBetweenLayers': '22',
    'elk.layered.spacing.edgeNodeBetweenLayers': '16',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
    'elk.layered.feedbackEdges': 'false',
    ...(ordered
      ? {
          'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
          'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
        }
      : {}),
  };
}
