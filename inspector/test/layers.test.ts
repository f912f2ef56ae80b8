import { describe, expect, it } from 'vitest';
import { choicesShown, placeWords } from '../page/views/lab/filter.ts';
import { layersOf, neighbour } from '../page/views/lab/layers.ts';
import type { LabGraph } from '../src/world/lab.ts';

const state = (depth: number) => ({ depth, broken: [], outside: false });
const edge = (from: number, to: number, text = 'a') => ({ from, to, text });

/** A first state with three followers; the last of them alone leads to the fourth, and back. */
const graph: LabGraph = {
  states: [state(0), state(1), state(1), state(1), state(2), state(2)],
  edges: [edge(0, 1), edge(0, 2), edge(0, 3), edge(3, 4), edge(1, 5), edge(4, 0), edge(1, 1), edge(0, 1, 'b')],
};

describe('the layout of a graph', () => {
  it('puts each state as deep as its shortest runs are long, none upon another and all within the drawing', () => {
    const { states, width, height } = layersOf(graph);
    const depths = states.map(({ y }) => y);
    expect(depths[0]).toBeLessThan(depths[1] ?? 0);
    expect(new Set(depths.slice(1, 4)).size).toBe(1);
    expect(new Set(states.map(({ x, y }) => `${x} ${y}`)).size).toBe(states.length);
    for (const { x, y } of states) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(width);
      expect(y).toBeLessThan(height);
    }
  });

  it('orders a layer so that lines do not cross without need', () => {
    const { states } = layersOf(graph);
    const x = (at: number) => states[at]?.x ?? Number.NaN;
    // 1 leads to 5 and 3 to 4: in each layer on the same side.
    expect(Math.sign(x(3) - x(1))).toBe(Math.sign(x(4) - x(5)));
  });

  it('has one line for all that leads from one state to another, and none from a state to itself', () => {
    const { edges } = layersOf(graph);
    expect(edges).toHaveLength(6);
    expect(edges.find(({ from, to }) => from === 0 && to === 1)?.texts).toEqual(['a', 'b']);
  });

  it('is walked through by arrow keys', () => {
    const layers = layersOf(graph);
    const [left = -1, middle = -1] = layers.layers[1] ?? [];
    expect(neighbour(layers, left, 'ArrowRight')).toBe(middle);
    expect(neighbour(layers, left, 'ArrowLeft')).toBeUndefined();
    expect(neighbour(layers, left, 'ArrowUp')).toBe(0);
    expect(layers.layers[1]).toContain(neighbour(layers, 0, 'ArrowDown'));
    expect(neighbour(layers, 0, 'ArrowUp')).toBeUndefined();
    expect(neighbour(layers, 0, 'x')).toBeUndefined();
  });

  it('of a wide model of 300 states is there at once', () => {
    const states = Array.from({ length: 300 }, (_, index) => state(index === 0 ? 0 : 1 + (index % 3)));
    const edges = states.slice(1).map((_, index) => edge(index, index + 1));
    const before = performance.now();
    layersOf({ states, edges });
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('the list of choices', () => {
  const choices = [
    { id: '1', kind: 'deliver', node: 'n1', text: 'Vote from b@n2 to a@n1' },
    { id: '2', kind: 'crash', node: 'n2', text: 'n2 crashes' },
  ];

  it('shows those in which every word is found', () => {
    const shown = (query: string) => choicesShown(choices, query).map(({ id }) => id);
    expect([shown(''), shown('n2'), shown('DELIVER vote'), shown('crash vote')]).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1'],
      [],
    ]);
  });

  it('says where the choices begin, and how many are left out', () => {
    expect(placeWords(10, 10, 3, 3)).toBe('3 choices');
    expect(placeWords(1_010, 1_012, 3, 2)).toBe('2 of 3 choices, after 1,010 records: the end of the last whole step');
  });
});
