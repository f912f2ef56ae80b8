import { type Chart, type ChartState, chartOf } from '@synod/protocol';
import elkjs from 'elkjs/lib/elk.bundled.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import type { Detail, Drawing, Point, Rect } from '../src/chart/drawing.ts';
import { faultsOf } from '../src/chart/faults.ts';
import { layoutChart } from '../src/chart/layout.ts';
import { routesOf } from '../src/chart/routes.ts';
import { estimate } from '../src/chart/text.ts';
import { allCharts } from './support/all-charts.ts';

const elk = new elkjs.default();
const draw = (chart: Chart, detail: Detail = 'full') => layoutChart(chart, { elk, measure: estimate, detail });

const everyState = (state: ChartState): ChartState[] => [state, ...state.states.flatMap(everyState)];

/** Every transition that has a picture: on a line, as a row, or counted with its state. */
const drawnRefs = ({ boxes, edges }: Drawing): Set<string> =>
  new Set([
    ...edges.flatMap((edge) => edge.refs),
    ...boxes.flatMap((box) => [...box.hidden, ...box.rows.flatMap((row) => row.ref ?? [])]),
  ]);

const contains = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

const apart = (a: Rect, b: Rect): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

/** Whether a point lies on the border of a box, give or take a pixel. */
const touches = (point: Point | undefined, box: Rect | undefined): boolean => {
  if (!point || !box) return false;
  const within = contains({ x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }, dotAt(point));
  return (
    within && !contains({ x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4 }, dotAt(point))
  );
};
const dotAt = ({ x, y }: Point): Rect => ({ x, y, width: 0, height: 0 });

/** What must hold of any drawing of `chart`. */
function expectSound(chart: Chart, drawing: Drawing, detail: Detail = 'full'): void {
  expect(faultsOf(drawing)).toEqual([]);
  const states = everyState(chart.root);
  const box = new Map(drawing.boxes.map((each) => [each.id, each]));
  expect([...box.keys()].sort()).toEqual(states.map(({ id }) => id).sort());
  const refs = drawnRefs(drawing);
  for (const { transitions } of states) for (const { ref } of transitions) expect(refs).toContain(ref);
  for (const state of states) {
    const own = box.get(state.id) as Rect & { header: number };
    const children = state.states.flatMap(({ id }) => box.get(id) ?? []);
    for (const [index, child] of children.entries()) {
      expect(contains(own, child), `${child.id} lies in ${state.id}`).toBe(true);
      expect(child.y, `${child.id} lies below the title of ${state.id}`).toBeGreaterThanOrEqual(own.y + own.header);
      for (const other of children.slice(index + 1))
        expect(apart(child, other), `${child.id} and ${other.id} lie apart`).toBe(true);
    }
    if (state.kind === 'compound' && detail !== 'names') expect(drawing.dots.map(({ of }) => of)).toContain(state.id);
  }
  for (const { kind, from, to, points } of drawing.edges) {
    const [source, target] = [box.get(from), box.get(to)] as [Rect, Rect];
    // What begins at a dot, or at the frame around its target, begins within its source.
    const inside = kind === 'initial' || (from !== to && contains(source, target));
    if (!inside) expect(touches(points[0], source), `the line ${from} -> ${to} begins at its source`).toBe(true);
    expect(touches(points.at(-1), target), `the line ${from} -> ${to} ends at its target`).toBe(true);
  }
  const page = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  for (const { points, label } of drawing.edges)
    for (const rect of [...points.map((point) => ({ ...point, width: 0, height: 0 })), ...(label ? [label] : [])])
      expect(contains(page, rect), 'lines and labels lie within the drawing').toBe(true);
}

const every = await allCharts();
const charts = Object.fromEntries(every) as Record<string, Chart> & {
  raftLike: Chart;
  parallel: Chart;
  hostile: Chart;
};

const drawings = new Map<string, Promise<Drawing>>();

/** The drawing of a chart, made once. */
function drawn(name: string, chart: Chart, detail: Detail) {
  const key = `${detail} ${name}`;
  const known = drawings.get(key);
  if (known) return known;
  const made = draw(chart, detail);
  drawings.set(key, made);
  return made;
}

describe.each(Object.entries(charts))('the chart %s', (name, chart) => {
  it.each(['full', 'compact', 'outline', 'names'] as const)('is drawn soundly: %s', async (detail) => {
    expectSound(chart, await drawn(name, chart, detail), detail);
  });

  it('has a line for whatever leads from one state to another', async () => {
    const { edges } = await drawn(name, chart, 'full');
    expect(edges.filter(({ kind }) => kind !== 'initial')).toHaveLength(routesOf(chart).lines.length);
  });
});

it.each(['raftLike', 'parallel', 'nested'])('the chart %s is drawn the same every time', async (name) => {
  const chart = charts[name] as Chart;
  expect(await draw(chart)).toEqual(await drawn(name, chart, 'full'));
});

describe('a drawing', () => {
  it('gathers the transitions between the same two states in one label', async () => {
    const { edges } = await draw(charts.raftLike);
    const line = edges.filter(({ from, to }) => from === 'roles.leader' && to === 'roles.follower');
    expect(line).toHaveLength(1);
    expect(line[0]?.label?.rows.map((row) => row.spans[0]?.text)).toEqual(['LeaseLost', 'TransferLeadership']);
  });

  it('names a timer by its delay, with a clock, and says always', async () => {
    const { edges } = await draw(charts.raftLike);
    const rows = edges.flatMap(({ label }) => label?.rows ?? []);
    const timer = rows.find(({ ref }) => ref?.startsWith('roles.follower#xstate.after'));
    expect(timer).toMatchObject({ kind: 'after', icon: 'clock', spans: [{ text: 'electionTimeout' }] });
    expect(rows.find(({ kind }) => kind === 'always')).toMatchObject({
      icon: 'bolt',
      spans: [{ text: 'always' }, { text: '[hasMajority]' }],
    });
  });

  it('writes what leaves a parallel region as a row, with a dotted line to where it leads', async () => {
    const { boxes, edges } = await draw(charts.parallel);
    const joint = boxes.find(({ id }) => id === 'engine.running.membership.joint');
    expect(joint?.rows.map((row) => [row.icon, row.spans.at(-1)?.text])).toContainEqual(['out', '→ stopped']);
    expect(edges).toContainEqual(
      expect.objectContaining({ kind: 'hint', from: 'engine.running', to: 'engine.stopped' }),
    );
  });

  it('cuts names that would spoil it', async () => {
    const { width } = await draw(charts.hostile);
    expect(width).toBeLessThan(1_600);
  });

  it('that is to be seen from afar takes less room: without labels, and less with the names of states alone', async () => {
    for (const [name, chart] of Object.entries(charts)) {
      const sizes = [];
      for (const detail of ['compact', 'outline', 'names'] as const) {
        const { width, height, edges } = await drawn(name, chart, detail);
        sizes.push(Math.max(width, height * 1.3));
        if (detail === 'outline') expect(edges.filter(({ label }) => label)).toEqual([]);
        if (detail === 'names') expect(edges).toEqual([]);
      }
      expect(sizes, name).toEqual(sizes.toSorted((a, b) => b - a));
    }
  });

  it('of five nodes fits a window: it is laid out in the better of two directions', async () => {
    const { width, height } = await draw(charts.raftLike, 'compact');
    expect(Math.max(width / height, height / width)).toBeLessThan(3);
  });
});

describe('when ELK fails', () => {
  const failing = { layout: () => Promise.reject(new Error('no layout')) };
  it.each(Object.entries(charts))(
    '%s is drawn without lines, and every transition can still be read',
    async (_, chart) => {
      const drawing = await layoutChart(chart, { elk: failing, measure: estimate, detail: 'full' });
      expect(faultsOf(drawing)).toEqual([]);
      const refs = drawnRefs(drawing);
      for (const { transitions } of everyState(chart.root))
        for (const { ref } of transitions) expect(refs).toContain(ref);
    },
  );
});

describe('what must not be in a drawing', () => {
  const sound = () => draw(charts.raftLike);
  it.each<[string, (drawing: Drawing) => Drawing['edges']]>([
    ['has no course', ({ edges }) => edges.map((edge, index) => (index === 3 ? { ...edge, points: [] } : edge))],
    [
      'is nowhere',
      ({ edges }) => edges.map((edge) => ({ ...edge, points: [...edge.points, { x: Number.NaN, y: 0 }] })),
    ],
    [
      'covers roles.candidate',
      ({ edges, boxes }) =>
        moveLabels(
          edges,
          boxes.find(({ key }) => key === 'candidate'),
        ),
    ],
    ['covers that of', ({ edges }) => moveLabels(edges, { x: 0, y: 0 })],
    ['covers the title of roles', ({ edges }) => moveLabels(edges, { x: 4, y: 4 })],
    ['runs through', ({ edges, width, height }) => crossAll(edges, width, height)],
  ])('a line or label that %s is found', async (fault, spoil) => {
    const drawing = await sound();
    expect(faultsOf({ ...drawing, edges: spoil(drawing) }).join('\n')).toContain(fault);
  });
});

const moveLabels = (edges: Drawing['edges'], to: Point = { x: 0, y: 0 }): Drawing['edges'] =>
  edges.map((edge) => (edge.label ? { ...edge, label: { ...edge.label, x: to.x, y: to.y } } : edge));

const crossAll = (edges: Drawing['edges'], x: number, y: number): Drawing['edges'] =>
  edges.map((edge) => ({
    ...edge,
    points: [
      { x: 0, y: 0 },
      { x, y },
    ],
  }));

describe('any chart', () => {
  it('is drawn soundly', async () => {
    const target = fc.nat(11);
    const shape = fc.array(
      fc.record({
        parent: fc.option(fc.nat(11)),
        to: fc.array(target, { maxLength: 3 }),
        wide: fc.nat(3),
        remembers: fc.boolean(),
      }),
      {
        minLength: 2,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.constantFrom<Detail>('full', 'compact', 'outline', 'names'),
        async (states, detail) => {
          const chart = chartOf(random(states));
          expectSound(chart, await draw(chart, detail), detail);
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);
});

interface Shape {
  readonly parent: number | null;
  readonly to: readonly number[];
  /** 0: its children are regions. */
  readonly wide: number;
  /** Whether it has a history state, if it has any; then what leads to it leads there. */
  readonly remembers: boolean;
}

/** A machine from a list of states: each one's parent stands before it. */
function random(states: readonly Shape[]) {
  const children = (of: number | undefined): number[] =>
    states.flatMap(({ parent }, index) =>
      (parent === null || parent >= index ? undefined : parent) === of ? [index] : [],
    );
  const remembers = (index: number): boolean => states[index]?.remembers === true && children(index).length > 0;
  const config = (index: number): object => {
    const targets = (states[index]?.to ?? []).map((to) => to % states.length);
    const on = Object.fromEntries(
      targets.map((to, place) => [`Event${place}`, { target: remembers(to) ? `#h${to}` : `#s${to}` }]),
    );
    return { id: `s${index}`, on, ...inner(index) };
  };
  const inner = (of: number | undefined): object => {
    const keys = children(of);
    if (keys.length === 0) return {};
    const kind = of !== undefined && states[of]?.wide === 0 ? { type: 'parallel' } : { initial: `s${keys[0]}` };
    const history = of !== undefined && remembers(of) ? { h: { type: 'history', id: `h${of}` } } : {};
    return { ...kind, states: { ...Object.fromEntries(keys.map((key) => [`s${key}`, config(key)])), ...history } };
  };
  return createMachine({ id: 'random', ...inner(undefined) });
}

describe('a folded state', () => {
  const [chart, state] = [charts.parallel, 'engine.running'];
  const folded = () => layoutChart(chart, { elk, measure: estimate, detail: 'full', folded: new Set([state]) });

  it('is a box without states in it, and what leads to and from it still does', async () => {
    const drawing = await folded();
    expect(faultsOf(drawing)).toEqual([]);
    expect(drawing.boxes.map(({ id }) => id)).toEqual(['engine', state, 'engine.crashed', 'engine.stopped']);
    expect(drawing.boxes.find(({ id }) => id === state)).toMatchObject({ folded: 10, folds: true });
    const lines = drawing.edges.map(({ from, to }) => `${from} -> ${to}`);
    for (const [from, to] of [
      ['running', 'crashed'],
      ['crashed', 'running'],
      ['running', 'stopped'],
    ])
      expect(lines).toContain(`engine.${from} -> engine.${to}`);
  });

  it('keeps a picture of every transition, so that each can be lit', async () => {
    const refs = drawnRefs(await folded());
    for (const { transitions } of everyState(chart.root))
      for (const { ref } of transitions) expect(refs).toContain(ref);
  });

  it('may be any of any chart', async () => {
    for (const each of every.values()) {
      const ids = everyState(each.root).filter(({ states }) => states.length > 0);
      const all = new Set(ids.map(({ id }) => id));
      const drawing = await layoutChart(each, { elk, measure: estimate, detail: 'full', folded: all });
      expect(faultsOf(drawing)).toEqual([]);
      const refs = drawnRefs(drawing);
      for (const { transitions } of everyState(each.root))
        for (const { ref } of transitions) expect(refs).toContain(ref);
    }
  });
});

describe('what a chart tells beyond its states', () => {
  const of = (config: object) => draw(chartOf(createMachine({ id: 'm', ...config })));

  it('is drawn: history, what it leads to at first, invoked actors by their logic', async () => {
    const { boxes, edges } = await of({
      initial: 'a',
      states: {
        a: {
          initial: 'one',
          invoke: { src: 'worker', onDone: 'b' },
          states: {
            one: {},
            two: {},
            last: { type: 'history', target: 'two' },
            all: { type: 'history', history: 'deep' },
          },
        },
        b: { on: { BACK: 'a.last', ALL: 'a.all' } },
      },
    });
    const byKey = new Map(boxes.map((box) => [box.key, box]));
    expect([byKey.get('last')?.history, byKey.get('all')?.history]).toEqual(['shallow', 'deep']);
    expect(edges.filter(({ kind }) => kind === 'otherwise').map(({ from, to }) => [from, to])).toEqual([
      ['m.a.last', 'm.a.two'],
    ]);
    expect(byKey.get('a')?.rows.find(({ kind }) => kind === 'invoke')).toMatchObject({
      icon: 'invoke',
      spans: [{ text: 'worker' }],
    });
    const done = edges.flatMap(({ label }) => label?.rows ?? []).find(({ kind }) => kind === 'done');
    expect(done?.spans[0]?.text).toBe('worker done');
  });

  it('is drawn: the history of a parallel state as a sign, not as one more region', async () => {
    const region = { initial: 'one', states: { one: {}, two: {} } };
    const chart = chartOf(
      createMachine({
        id: 'm',
        initial: 'a',
        states: {
          a: { type: 'parallel', states: { last: { type: 'history', history: 'deep' }, left: region, right: region } },
          b: { on: { BACK: 'a.last' } },
        },
      }),
    );
    const drawing = await draw(chart);
    expectSound(chart, drawing);
    const last = drawing.boxes.find(({ key }) => key === 'last');
    expect(last).toMatchObject({ region: false, width: last?.height });
    const a = drawing.boxes.find(({ key }) => key === 'a');
    expect(drawing.boxes.filter(({ region }) => region).map(({ key }) => key)).toEqual(['left', 'right']);
    expect((last?.width ?? 0) * 4).toBeLessThan(a?.width ?? 0);
  });
});
