import type { TraceRecord } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../page/story/histogram.ts';
import { Rates } from '../page/story/rates.ts';
import { Story } from '../page/story/story.ts';
import { Tally } from '../page/story/tally.ts';
import { coverageOf } from '../page/views/statistics/coverage.ts';
import { KINDS } from '../src/world/read.ts';
import { emitted, note, spawn, turn } from './support.ts';

const storyOf = (records: readonly TraceRecord[]): Story => {
  const story = new Story();
  story.append(records.map((record) => JSON.stringify(record)));
  return story;
};

/** Messages of two types, each with what became of it; in the order in which all that happened. */
const traffic = fc
  .array(
    fc.record({
      type: fc.constantFrom('Ping', 'Pong'),
      sentAt: fc.nat(1_000),
      fates: fc.array(fc.record({ lost: fc.boolean(), after: fc.integer({ min: 1, max: 500 }) }), { maxLength: 3 }),
    }),
    { maxLength: 20 },
  )
  .map((messages) =>
    messages
      .flatMap(({ type, sentAt, fates }, at): TraceRecord[] => {
        const common = { seq: 0, node: 'a', clock: {} };
        const ends = { id: `m${at}`, from: 'x@a', to: 'y@a' } as const;
        const base = { ...common, ...ends };
        return [
          { ...base, at: sentAt, type: 'send', message: { type } },
          ...fates.map(({ lost, after }): TraceRecord => {
            const end = { ...base, at: sentAt + after, message: type };
            return lost ? { ...end, type: 'drop', reason: 'fault' } : { ...end, type: 'deliver' };
          }),
        ];
      })
      .sort((a, b) => a.at - b.at),
  );

/** What the records of a type tell, counted by hand. */
function byHand(records: readonly TraceRecord[], name: string) {
  const sent = records.filter((record) => record.type === 'send' && record.message.type === name);
  const ends = records.filter(
    (record) => (record.type === 'deliver' || record.type === 'drop') && record.message === name,
  );
  const firsts = sent.map((send) => ends.find((end) => 'id' in end && 'id' in send && end.id === send.id));
  const deliveries = ends.filter(({ type }) => type === 'deliver');
  const again = deliveries.filter((end) =>
    firsts.some(
      (first) => first?.type === 'deliver' && first !== end && 'id' in first && 'id' in end && first.id === end.id,
    ),
  );
  const latencies = firsts.flatMap((first, at) =>
    first?.type === 'deliver' ? [first.at - (sent[at] as TraceRecord).at] : [],
  );
  return {
    sent: sent.length,
    delivered: deliveries.length - again.length,
    lost: ends.length - deliveries.length,
    again: again.length,
    least: latencies.length === 0 ? undefined : Math.min(...latencies),
    most: latencies.length === 0 ? undefined : Math.max(...latencies),
  };
}

describe('a tally', () => {
  it('counts what became of messages as one would by hand', () => {
    fc.assert(
      fc.property(traffic, (records) => {
        const story = storyOf(records);
        const tally = new Tally(story);
        do tally.go(() => true);
        while (!tally.isDone);
        for (const name of ['Ping', 'Pong']) {
          const { sent, delivered, lost, again, latencies } = tally.messages.get(story.names.known(name) ?? -1) ?? {
            sent: 0,
            delivered: 0,
            lost: 0,
            again: 0,
            latencies: new Histogram(),
          };
          const counted = { sent, delivered, lost, again, least: latencies.min, most: latencies.max };
          expect(counted).toEqual(byHand(records, name));
        }
        for (const [at, kind] of KINDS.entries())
          expect(tally.kinds[at]).toBe(records.filter(({ type }) => type === kind).length);
        expect(tally.all).toBe(records.length);
      }),
      { numRuns: 200 },
    );
  });

  it('counts up to a place, and goes on as a story grows', () => {
    const records = [spawn('n1'), turn('n1', 'green', 1), turn('n1', 'red', 2), emitted('n1', { type: 'x' })];
    const story = storyOf(records);
    const [part, whole] = [new Tally(story, 2), new Tally(story)];
    part.go();
    whole.go();
    expect([part.all, whole.all]).toEqual([2, 4]);
    story.append([JSON.stringify(note('n2', 'y'))]);
    expect([part.isDone, whole.isDone]).toEqual([true, false]);
    whole.go();
    expect([part.all, whole.all, whole.share]).toEqual([2, 5, 1]);
    expect([...whole.nodes.entries()].map(([at, count]) => [story.names.text(at), count])).toEqual([
      ['n1', 4],
      ['n2', 1],
    ]);
  });

  it('tells of each transition of a machine how often it was taken, those that never were too', () => {
    const beginning = spawn('n1') as Extract<TraceRecord, { type: 'spawn' }>;
    const transition = { kind: 'event', event: 'TURN', actions: [], targets: [], reenter: false } as const;
    const transitions = [0, 1].map((at) => ({ ...transition, ref: `light.red#TURN[${at}]` }));
    const chart = { ...beginning.chart, root: { ...beginning.chart.root, transitions } };
    const none = { ...turn('n1', 'red', 3), transitions: [] } as TraceRecord;
    const tally = new Tally(storyOf([{ ...beginning, chart }, turn('n1', 'green', 1), turn('n1', 'red', 2), none]));
    tally.go();
    const [coverage] = coverageOf([chart], tally.taken());
    expect(coverage).toMatchObject({ machine: 'light', taken: 1 });
    expect(coverage?.transitions.map(({ transition: { ref }, count }) => [ref, count])).toEqual([
      ['light.red#TURN[0]', 2],
      ['light.red#TURN[1]', 0],
    ]);
    expect(tally.ignored).toBe(1);
  });
});

describe('a histogram', () => {
  it('tells quantiles within 1.2 %', () => {
    const values = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0.5, 0.99, 1), (all, share) => {
        const histogram = new Histogram();
        for (const value of all) histogram.add(value);
        const sorted = all.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] as number;
        expect(Math.abs((histogram.quantile(share) as number) / exact - 1)).toBeLessThan(0.012);
        expect([histogram.min, histogram.max]).toEqual([sorted[0], sorted.at(-1)]);
      }),
    );
  });

  it('holds spans of no length, and tells nothing of nothing', () => {
    const histogram = new Histogram();
    expect([histogram.min, histogram.quantile(0.5)]).toEqual([undefined, undefined]);
    histogram.add(0);
    expect([histogram.quantile(0.5), histogram.max]).toEqual([0, 0]);
  });
});

describe('rates', () => {
  it('hold every count however long a run is, in spans of one length', () => {
    const times = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(times, (all) => {
        const sorted = all.toSorted((a, b) => a - b);
        const rates = new Rates(['x']);
        for (const at of sorted) rates.add('x', at);
        const [begin] = sorted as [number];
        const expected = rates
          .counts('x')
          .map((_, span) => sorted.filter((at) => Math.floor((at - begin) / rates.width) === span).length);
        expect(rates.counts('x')).toEqual(expected);
        expect(rates.counts('x').reduce((sum, count) => sum + count, 0)).toBe(all.length);
      }),
    );
  });
});
