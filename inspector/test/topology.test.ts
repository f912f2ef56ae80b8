import { describe, expect, it } from 'vitest';
import { shownLine, sidesOf } from '../page/views/topology/cut.ts';
import { curveBetween, placeNodes, pointOn } from '../page/views/topology/geometry.ts';
import { placePlates } from '../page/views/topology/plates.ts';
import { type Records, trafficOf } from '../page/views/topology/traffic.ts';
import { amount, latencyClass, linkWords, shortFaults, shortMs } from '../page/views/topology/words.ts';
import { noFaults } from '../src/world/controls.ts';

interface Row {
  readonly at: number;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly link?: number;
}

const send = (at: number, from: string, to: string, link = -1): Row => ({ at, kind: 'send', from, to, link });
const end = (at: number, kind: 'deliver' | 'drop', from: string, to: string, link: number): Row => ({
  at,
  kind,
  from,
  to,
  link,
});

/** Columns as a story has them. */
const columns = (rows: readonly Row[], first = 0): Records => {
  const row = (index: number) => rows[index - first] as Row;
  return {
    first,
    length: first + rows.length,
    at: (index) => row(index).at,
    kind: (index) => row(index).kind,
    actor: (index) => (row(index).kind === 'send' ? `a@${row(index).from}` : `a@${row(index).to}`),
    other: (index) => (row(index).kind === 'send' ? `a@${row(index).to}` : `a@${row(index).from}`),
    link: (index) => row(index).link ?? -1,
  };
};

describe('traffic', () => {
  const records = columns([
    send(0, 'n1', 'n2', 2),
    send(1, 'n1', 'n2', 3),
    end(4, 'deliver', 'n1', 'n2', 0),
    end(11, 'deliver', 'n1', 'n2', 1),
    end(12, 'deliver', 'n1', 'n2', 1),
    send(13, 'n2', 'n1', 6),
    end(20, 'drop', 'n2', 'n1', 5),
    send(21, 'n2', 'n1'),
    send(22, 'n1', 'n1', 9),
    end(23, 'deliver', 'n1', 'n1', 8),
  ]);

  it('is counted between actors, too, where there is but one node', () => {
    const row = (kind: string, actor: string, other: string, link: number) => ({ kind, actor, other, link });
    const rows = [
      row('send', 'shop@app', 'stock@app', 1),
      row('deliver', 'stock@app', 'shop@app', 0),
      row('send', 'stock@app', 'stock@app', -1),
    ];
    const within: Records = {
      first: 0,
      length: rows.length,
      at: (index) => index,
      kind: (index) => rows[index]?.kind ?? '',
      actor: (index) => rows[index]?.actor ?? '',
      other: (index) => rows[index]?.other ?? '',
      link: (index) => rows[index]?.link ?? -1,
    };
    expect(trafficOf(within, rows.length, 1_000).links.size).toBe(0);
    expect([...trafficOf(within, rows.length, 1_000, 'actor').links.values()]).toEqual([
      { from: 'shop@app', to: 'stock@app', sent: 1, delivered: 1, lost: 0, twice: 0, underWay: 0, latencyMs: 1 },
    ]);
  });

  it('counts what was sent, delivered, delivered twice, lost and is under way, for each direction', () => {
    const { links } = trafficOf(records, records.length, 1_000);
    expect([...links.values()]).toEqual(
      expect.arrayContaining([
        { from: 'n1', to: 'n2', sent: 2, delivered: 2, lost: 0, twice: 1, underWay: 0, latencyMs: 10 },
        { from: 'n2', to: 'n1', sent: 2, delivered: 0, lost: 1, twice: 0, underWay: 1, latencyMs: undefined },
      ]),
    );
    expect(links.size).toBe(2);
  });

  it('knows at a place in the past only what had happened by then', () => {
    const { links } = trafficOf(records, 3, 1_000);
    expect([...links.values()]).toMatchObject([{ sent: 2, delivered: 1, underWay: 1, latencyMs: 4 }]);
  });

  it('looks at the window only, and rates are by the time that there is', () => {
    const { links, spanMs } = trafficOf(records, records.length, 10);
    expect([...links.values()]).toMatchObject([{ from: 'n2', sent: 2 }]);
    expect(spanMs).toBe(10);
    expect(trafficOf(records, records.length, 1_000).spanMs).toBe(23);
  });

  it.each([
    { what: 'no records', of: columns([]), until: 0 },
    { what: 'none before the place', of: records, until: 0 },
  ])('with $what is none', ({ of, until }) => {
    expect(trafficOf(of, until, 1_000).links.size).toBe(0);
  });

  it('goes on when the oldest records are forgotten, and a delivery comes before its send', () => {
    const kept = columns(
      [end(5, 'deliver', 'n1', 'n2', 40), end(6, 'deliver', 'n2', 'n1', 102), send(7, 'n2', 'n1', 101)],
      100,
    );
    const { links } = trafficOf(kept, kept.length, 1_000);
    expect([...links.values()]).toMatchObject([{ from: 'n2', sent: 1, delivered: 1, latencyMs: 0 }]);
  });
});

describe('the geometry', () => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at + 1}`);

  it.each([1, 2, 3, 5, 9, 50, 100])('%i nodes stand apart, within the drawing', (count) => {
    const { at, radius } = placeNodes(names(count), 700, 500);
    const points = [...at.values()];
    for (const [index, { x, y }] of points.entries()) {
      expect(x >= radius && x <= 700 - radius && y >= radius && y <= 500 - radius).toBe(true);
      for (const other of points.slice(index + 1)) {
        expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(2 * radius - 0.5);
      }
    }
    expect(points).toHaveLength(count);
  });

  it('the two directions of a link do not lie on each other', () => {
    const [a, b] = [
      { x: 0, y: 0 },
      { x: 200, y: 0 },
    ];
    const there = pointOn(curveBetween(a, b, 20), 0.5);
    const back = pointOn(curveBetween(b, a, 20), 0.5);
    expect(there.y - back.y).toBeGreaterThan(12);
  });
});

describe('the plates of links', () => {
  it.each([4, 5])('of %i nodes that all talk with one do not lie on each other', (count) => {
    const nodes = Array.from({ length: count }, (_, at) => `n${at + 1}`);
    const { at, radius } = placeNodes(nodes, 560, 480);
    const others = nodes.filter((node) => node !== 'n3');
    const pairs = others.flatMap((node) => [
      [node, 'n3'],
      ['n3', node],
    ]);
    const plates = placePlates(
      pairs.map(([from, to]) => ({
        curve: curveBetween(at.get(from as string) as never, at.get(to as string) as never, radius),
        width: 84,
        height: 15,
      })),
    );
    for (const [index, { x, y }] of plates.entries())
      for (const other of plates.slice(0, index))
        expect(Math.abs(other.x - x) >= 84 || Math.abs(other.y - y) >= 15, `${index}`).toBe(true);
  });
});

describe('what is drawn to part nodes', () => {
  // n1 above, n2 to the right, n3 below, n4 to the left.
  const places = placeNodes(['n1', 'n2', 'n3', 'n4'], 600, 600);
  const { x: middle, y: top } = places.at.get('n1') as { x: number; y: number };
  const path = (...points: readonly (readonly [number, number])[]) => points.map(([x, y]) => ({ x, y }));
  const down = path([330, 10], [335, 300], [330, 590]);
  const about = path(
    [middle - 60, top - 40],
    [middle + 60, top - 40],
    [middle + 60, top + 60],
    [middle - 60, top + 60],
    [middle - 60, top],
  );
  const reversed = (points: typeof down) => points.toReversed();

  it.each([
    ['a line parts those on its left from those on its right', down, [['n2'], ['n1', 'n3', 'n4']]],
    ['drawn the other way, too', reversed(down), [['n1', 'n3', 'n4'], ['n2']]],
    ['a ring parts those within from those without', about, [['n1'], ['n2', 'n3', 'n4']]],
    ['drawn the other way, too', reversed(about), [['n1'], ['n2', 'n3', 'n4']]],
    ['a line with all on one side parts nothing', path([1, 0], [1, 600]), undefined],
    ['what is too short is no line', path([330, 10], [330, 15]), undefined],
    ['nor is a point', path([330, 10]), undefined],
    ['a ring about nobody parts nothing', path([280, 280], [320, 280], [320, 320], [280, 320], [280, 281]), undefined],
    ['a ring about all parts nothing', path([0, 0], [600, 0], [600, 600], [0, 600], [0, 10]), undefined],
    ['there and back again is a ring about nobody', path([330, 10], [330, 590], [330, 12]), undefined],
  ])('%s', (_, line, sides) => expect(sidesOf(places, line)).toEqual(sides));

  it('a short line is shown across all, a ring as it is', () => {
    expect(shownLine(path([10, 0], [14, 1], [20, 0]), 100)).toEqual(path([-90, 0], [120, 0]));
    expect(shownLine(about, 100)).toBe(about);
  });
});

describe('words', () => {
  it.each([
    [0.5, '500 µs'],
    [4.04, '4.0 ms'],
    [150.4, '150 ms'],
    [12_340, '12.3 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(shortMs(ms)).toBe(text);
  });

  it.each([
    [undefined, undefined],
    [0, 0],
    [1, 1],
    [99, 2],
    [5_000, 4],
  ])('a latency of %s is of class %s', (ms, at) => {
    expect(latencyClass(ms)).toBe(at);
  });

  it('of a link tell all that is known of it', () => {
    const link = { from: 'n1', to: 'n2', sent: 20, delivered: 17, lost: 2, twice: 1, underWay: 1, latencyMs: 3 };
    const faults = {
      ...noFaults,
      groups: [['n1'], ['n2']],
      links: [{ kind: 'drop', chance: 0.3 } as const, { kind: 'delay', from: ['n2'], addMs: [1, 2] } as const],
    };
    expect(linkWords('n1', 'n2', link, faults, { ms: 2_000, unit: 'ms' })).toBe(
      'n1 → n2: 10/s sent, median latency 3.0 ms, 1 under way, 2 lost, 1 delivered twice, cut by a partition, drop 30 %',
    );
    expect(shortFaults(faults.links)).toBe('drop 30 %, +1–2 ms');
    expect(amount(7, { ms: 10, unit: 'step' })).toBe('7');
  });
});
