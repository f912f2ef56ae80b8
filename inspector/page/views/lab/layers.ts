import type { LabGraph } from '../../../src/world/lab.ts';

// The graph of a small model, laid out in layers: a state stands as deep as its shortest runs are long.

/** Pixels between states of a layer, and between layers. */
const BESIDE = 26;
const BELOW = 58;
const MARGIN = 24;

export interface PlacedState {
  readonly state: number;
  readonly x: number;
  readonly y: number;
}

/** All that leads from one state to another, as one line. */
export interface PlacedEdge {
  readonly from: number;
  readonly to: number;
  readonly texts: readonly string[];
}

export interface Layers {
  readonly width: number;
  readonly height: number;
  /** By number of the state. */
  readonly states: readonly PlacedState[];
  /** Without those from a state to itself. */
  readonly edges: readonly PlacedEdge[];
  /** By depth, the states from left to right. */
  readonly layers: readonly (readonly number[])[];
}

/** Sweeps that put states below the middle of those that lead to them, and above the middle of those they lead to. */
const SWEEPS = 8;

/** Where each state stands: the order within layers is that of Sugiyama's barycentres. */
export function layersOf({ states, edges }: LabGraph): Layers {
  const layers: number[][] = [];
  for (const [state, { depth }] of states.entries()) {
    const layer = layers[depth] ?? [];
    layers[depth] = layer;
    layer.push(state);
  }
  const above: number[][] = states.map(() => []);
  const below: number[][] = states.map(() => []);
  for (const { from, to } of edges) {
    if (states[to]?.depth !== (states[from]?.depth ?? 0) + 1) continue;
    above[to]?.push(from);
    below[from]?.push(to);
  }
  const places = new Float64Array(states.length);
  const settle = (layer: readonly number[]) => {
    for (const [index, state] of layer.entries()) places[state] = index - (layer.length - 1) / 2;
  };
  for (const layer of layers) settle(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : layers.toReversed()) {
      const wanted = new Map(layer.map((state) => [state, middle((down ? above : below)[state] ?? [], places, state)]));
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      settle(layer);
    }
  }
  const widest = Math.max(1, ...layers.map(({ length }) => length));
  const width = (widest - 1) * BESIDE + 2 * MARGIN;
  return {
    width,
    height: (layers.length - 1) * BELOW + 2 * MARGIN,
    states: states.map(({ depth }, state) => ({
      state,
      x: width / 2 + (places[state] as number) * BESIDE,
      y: MARGIN + depth * BELOW,
    })),
    edges: joined(edges),
    layers,
  };
}

const middle = (neighbours: readonly number[], places: Float64Array, state: number): number =>
  neighbours.length === 0
    ? (places[state] as number)
    : neighbours.reduce((sum, each) => sum + (places[each] as number), 0) / neighbours.length;

function joined(edges: LabGraph['edges']): readonly PlacedEdge[] {
  const lines = new Map<string, { readonly from: number; readonly to: number; readonly texts: string[] }>();
  for (const { from, to, text } of edges) {
    if (from === to) continue;
    const known = lines.get(`${from} ${to}`);
    if (known) known.texts.push(text);
    else lines.set(`${from} ${to}`, { from, to, texts: [text] });
  }
  return [...lines.values()];
}

/** The state that an arrow key leads to: the next one of its layer, or the nearest one of the layer above or below. */
export function neighbour({ layers, states }: Layers, state: number, key: string): number | undefined {
  const depth = layers.findIndex((layer) => layer.includes(state));
  const layer = layers[depth] ?? [];
  if (key === 'ArrowLeft' || key === 'ArrowRight') return layer[layer.indexOf(state) + (key === 'ArrowLeft' ? -1 : 1)];
  const other = layers[depth + (key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : Number.NaN)] ?? [];
  const x = states[state]?.x ?? 0;
  return other.toSorted((a, b) => Math.abs((states[a]?.x ?? 0) - x) - Math.abs((states[b]?.x ?? 0) - x))[0];
}
