import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { chartIn, mermaidSequence, select } from '../../src/export/index.ts';
import { traces } from './traces.ts';

const raft = traces.raft ?? [];
const chosen = (selection: Parameters<typeof select>[1]): readonly TraceRecord[] => [...select(raft, selection)];
const code = (expected: string, says: RegExp) =>
  expect.objectContaining({ code: expected, message: expect.stringMatching(says) });

describe('a part of a trace', () => {
  it('is that between two records, both counted', () => {
    expect(chosen({ from: { record: 10 }, to: { record: 12 } })).toEqual(raft.slice(9, 12));
    expect(chosen({})).toEqual(raft);
  });

  it('is that between two times', () => {
    const expected = raft.filter(({ at }) => at >= 1_000 && at <= 2_000);
    expect(expected.length).toBeGreaterThan(10);
    expect(chosen({ from: { ms: 1_000 }, to: { ms: 2_000 } })).toEqual(expected);
  });

  it('of an actor has both ends of its messages, and what happens to its node', () => {
    const records = chosen({ actors: ['raft@n1'] });
    for (const record of records) expect(JSON.stringify(record)).toMatch(/raft@n1|"node":"n1"/);
    const ends = raft.filter((record) => record.type === 'send' && [record.from, record.to].includes('raft@n1'));
    expect(records.filter(({ type }) => type === 'send')).toEqual(ends);
  });

  it('of nodes has the records of these', () => {
    expect(chosen({ nodes: ['n1', 'n2'] })).toEqual(raft.filter(({ node }) => node === 'n1' || node === 'n2'));
  });

  it('may begin with the actors as they are by then', () => {
    const from = { record: 300 };
    const [before, after] = [chosen({ from }), chosen({ from, present: true })];
    const living = after.slice(0, after.length - before.length);
    expect(living.map(({ type }) => type)).toEqual(living.map(() => 'spawn'));
    for (const record of living) {
      const { actor, state } = record as TraceRecord & { actor: string; state: unknown };
      const last = raft
        .slice(0, 299)
        .findLast((each) => (each.type === 'spawn' || each.type === 'transition') && each.actor === actor);
      expect(state).toEqual((last as { state?: unknown }).state);
    }
    expect(living.length).toBeGreaterThan(3);
  });

  it('that has nothing, or nobody of that name, is refused with what to do', () => {
    expect(() => chosen({ from: { record: 1_000_000 } })).toThrow(code('EXPORT_EMPTY', /choose a wider range/));
    for (const selection of [{}, { actors: ['raft@n1'] }])
      expect(() => [...select([], selection)]).toThrow(code('EXPORT_EMPTY', /no records/));
    expect(() => chosen({ actors: ['nobody@n1'] })).toThrow(code('EXPORT_UNKNOWN', /no nobody@n1; it has .*raft@n1/));
    expect(() => chosen({ nodes: ['n99'] })).toThrow(code('EXPORT_UNKNOWN', /no n99; it has .*n1/));
  });
});

describe('the chart in a trace', () => {
  it('is that of the actor that is named', () => {
    expect(chartIn(raft, { actor: 'raft@n1' }).chart.id).toBe('raft');
    expect(chartIn(raft, { actor: 'client@c1' }).chart.id).toBe('client');
  });

  it('needs no name where there is only one', () => {
    expect(chartIn([...select(raft, { nodes: ['n1', 'n2'] })]).chart.id).toBe('raft');
  });

  it('comes with its actor as it is at the end, or at a place before', () => {
    const toldOf = (actor: string, records: readonly TraceRecord[]) =>
      records.findLast((each) => (each.type === 'spawn' || each.type === 'transition') && each.actor === actor);
    for (const count of [200, 500, raft.length]) {
      const to = { record: count };
      const { actors } = chartIn(raft, { actor: 'raft@n2', ...(count < raft.length && { to }) });
      expect(actors).toMatchObject([{ state: (toldOf('raft@n2', raft.slice(0, count)) as { state?: unknown }).state }]);
    }
    const until = raft.filter(({ at }) => at <= 1_000);
    const { actors } = chartIn(raft, { actor: 'raft@n2', to: { ms: 1_000 } });
    expect(actors).toMatchObject([{ state: (toldOf('raft@n2', until) as { state?: unknown }).state }]);
  });

  it('comes with all that have it, where none is named', () => {
    const { actors } = chartIn([...select(raft, { nodes: ['n1', 'n2'] })]);
    expect(actors.map(({ address }) => address)).toEqual(['raft@n1', 'raft@n2']);
  });

  it('is refused where nothing says which, or there is none', () => {
    expect(() => chartIn(raft)).toThrow(
      code('EXPORT_SEVERAL_CHARTS', /raft of raft@n1, client of client@c1; name an actor/),
    );
    expect(() => chartIn(raft.filter(({ type }) => type !== 'spawn'))).toThrow(
      code('EXPORT_NO_CHART', /MODULE#EXPORT/),
    );
    expect(() => chartIn(raft, { actor: 'x@y' })).toThrow(code('EXPORT_UNKNOWN', /no x@y; it has raft@n1/));
    expect(() => chartIn(raft, { actor: 'raft@n1', to: { record: 0 } })).toThrow(
      code('EXPORT_NO_CHART', /by then; choose a later place/),
    );
  });
});

describe('a chart that is none', () => {
  const [first] = raft;
  const { chart } = first as TraceRecord & { chart: { root: { states: object[] } } };
  const deep = (levels: number): object => ({ ...chart.root, states: levels === 0 ? [] : [deep(levels - 1)] });
  it.each([
    ['without states', { id: 'x', root: { id: 'x' } }],
    ['with a text that is none', { ...chart, root: { ...chart.root, description: {} } }],
    [
      'with a guard that is none',
      {
        ...chart,
        root: {
          ...chart.root,
          transitions: [{ ref: 'x', kind: 'event', event: 'x', guard: 5, actions: [], targets: [] }],
        },
      },
    ],
    ['with an invocation that is none', { ...chart, root: { ...chart.root, invoke: [7] } }],
    ['deeper than any', { ...chart, root: deep(60) }],
  ])('%s is refused by all that would draw it', (_, none) => {
    const records = [{ ...first, chart: none } as unknown as TraceRecord, ...raft.slice(1, 9)];
    const refusal = code('TRACE_INVALID', /^In record 1 the chart of raft@n1 is none/);
    expect(() => chartIn(records)).toThrow(refusal);
    expect(() => [...select(records, {})]).toThrow(refusal);
  });
});

describe('a sequence diagram', () => {
  it('that Mermaid would not draw is refused, with how many records fit', () => {
    let fits = 0;
    try {
      mermaidSequence(raft, { characters: 5_000 });
    } catch (error) {
      expect(error).toEqual(code('EXPORT_TOO_LONG', /longer than the 5000 characters.*\d+ of the records fit/));
      fits = (error as { details: { fits: number } }).details.fits;
    }
    expect(fits).toBeGreaterThan(10);
    const text = mermaidSequence(raft.slice(0, fits), { characters: 5_000 });
    expect(text.length).toBeLessThanOrEqual(5_000);
    expect(() => mermaidSequence(raft.slice(0, fits + 1), { characters: 5_000 })).toThrow(code('EXPORT_TOO_LONG', /./));
  });
});
