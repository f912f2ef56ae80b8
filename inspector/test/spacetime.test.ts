import type { TraceRecord } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrowsIn } from '../src/spacetime/arrows.ts';
import { Causality } from '../src/spacetime/causality.ts';
import { densityOf } from '../src/spacetime/density.ts';
import { lanesOf, MOST_LANES } from '../src/spacetime/lanes.ts';
import { type Choice, Marks } from '../src/spacetime/marks.ts';
import { DOWN } from '../src/spacetime/phases.ts';
import { Idle, orderScale, timeScale } from '../src/spacetime/scale.ts';
import { Story } from '../src/story/story.ts';
import { emptyWorld, withRecords } from '../src/world/world.ts';
import { longRun, runOf, storyOf } from './support/runs.ts';
import { note, spawn, turn } from './support.ts';

const plain: Choice = { by: 'node', hidden: new Set(), timers: true };

function marksOf(story: Story, choice: Partial<Choice> = {}): Marks {
  const marks = new Marks(story, { ...plain, ...choice });
  marks.go();
  return marks;
}

const act = fc.tuple(
  fc.constantFrom('send', 'send', 'send', 'deliver', 'deliver', 'again', 'drop', 'step', 'restart'),
  fc.nat(3),
  fc.nat(20),
);
const acts = fc.array(act, { minLength: 1, maxLength: 70 });
const runs = acts.map((each) => runOf(each as Parameters<typeof runOf>[0], { nodes: 4 }));

describe('what happened before a record', () => {
  const own = (record: TraceRecord): number => record.clock[record.node] ?? Number.NaN;

  /** As vector clocks have it, record by record; on one node, one thing happens after the other. */
  function relationOf(records: readonly TraceRecord[], a: number, b: number): string {
    const [one, other] = [records[a] as TraceRecord, records[b] as TraceRecord];
    if (a === b) return 'self';
    if (one.node === other.node) return a < b ? 'past' : 'future';
    if (own(one) <= (other.clock[one.node] ?? Number.NEGATIVE_INFINITY)) return 'past';
    return own(other) <= (one.clock[other.node] ?? Number.NEGATIVE_INFINITY) ? 'future' : 'concurrent';
  }

  it('is what a comparison with every record finds, over several lives of a node', () => {
    fc.assert(
      fc.property(runs, fc.nat(), (records, pick) => {
        fc.pre(records.length > 0);
        const selected = pick % records.length;
        const marks = marksOf(storyOf(records));
        const causality = new Causality(marks, selected);
        const expected = records.map((_, index) => relationOf(records, index, selected));
        expect(records.map((_, index) => causality.relation(index))).toEqual(expected);
        const count = (relation: string) => expected.filter((each) => each === relation).length;
        expect(causality.counts()).toEqual({
          past: count('past'),
          future: count('future'),
          concurrent: count('concurrent'),
        });
      }),
      { numRuns: 300 },
    );
  });

  it('reads few of many records', () => {
    const story = storyOf(longRun(30_000, 8));
    const marks = marksOf(story);
    let read = 0;
    const record = story.record.bind(story);
    story.record = (index) => {
      read++;
      return record(index);
    };
    const causality = new Causality(marks, 15_000);
    const { past, future, concurrent } = causality.counts();
    expect(past + future + concurrent).toBe(marks.all.length - 1);
    expect(Math.min(past, future)).toBeGreaterThan(10_000);
    expect(read).toBeLessThan(8 * 40);
  });

  it('is not known of records without clocks, and nothing is claimed', () => {
    const { clock: _, ...rest } = note('elsewhere', 'x');
    const story = storyOf([spawn('n1'), { ...rest, clock: {} } as TraceRecord, turn('n1', 'green', 1)]);
    const marks = marksOf(story);
    expect(new Causality(marks, 0).relation(1)).toBe('unknown');
    const blind = new Causality(marks, 1);
    expect([blind.isClocked, blind.relation(0)]).toEqual([false, 'unknown']);
  });
});

describe('marks', () => {
  it('know the state in which an actor was before the first record', () => {
    const base = withRecords(emptyWorld, [spawn('n1'), turn('n1', 'green', 1)]);
    const story = new Story({ base });
    story.append([JSON.stringify(turn('n2', 'red', 1))]);
    const phases = marksOf(story).phases.of(story.names.number('light@n1'));
    expect(phases?.state.map((state) => story.states.text(state))).toEqual(['green']);
  });

  it('are the same, however often and in how many turns they are looked for', () => {
    const records = longRun(3_000, 5);
    const whole = marksOf(storyOf(records));
    const story = storyOf([]);
    const pieces = new Marks(story, plain);
    for (let at = 0; at < records.length; at += 700) {
      story.append(records.slice(at, at + 700).map((record) => JSON.stringify(record)));
      do pieces.go(() => true);
      while (!pieces.isDone);
    }
    const told = ({ all, lanes }: Marks) => [all.length, [...lanes.values()].map(({ marks }) => marks.length)];
    expect(told(pieces)).toEqual(told(whole));
    expect(whole.all.length).toBe(records.length);
  });

  it('leave out hidden types, count them nonetheless, and keep what is on its way far longer than all else', () => {
    const records = longRun(2_000, 4);
    const story = storyOf(records);
    const marks = marksOf(story, { hidden: new Set(['Ping']) });
    const sent = (type: string) =>
      records.filter((record) => record.type === 'send' && record.message.type === type).length;
    expect([marks.types.get('Ping'), marks.types.get('Data')]).toEqual([sent('Ping'), sent('Data')]);
    expect(marks.sends.length).toBe(sent('Data'));
    for (let place = 0; place < marks.ends.length; place++) expect(story.label(marks.ends.at(place))).toBe('Data');
  });

  it('follow the states of actors to their ends', () => {
    const crash = { ...note('n1', ''), type: 'crash', reason: 'fault' } as TraceRecord;
    const story = storyOf([spawn('n1'), turn('n1', 'red', 1), turn('n1', 'green', 2), crash, spawn('n1')]);
    const phases = marksOf(story).phases.of(story.names.known('light@n1') ?? 0);
    expect(phases?.index).toEqual([0, 2, 3, 4]);
    expect(phases?.state.map((state) => (state === DOWN ? 'down' : story.states.text(state)))).toEqual([
      'red',
      'green',
      'down',
      'red',
    ]);
  });

  it('go with what the story forgets', () => {
    const records = longRun(9_000, 3);
    const full = storyOf(records);
    const story = new (full.constructor as typeof Story)({ maxBytes: full.bytes / 3 });
    const marks = new Marks(story, plain);
    for (let at = 0; at < records.length; at += 1_000) {
      story.append(records.slice(at, at + 1_000).map((record) => JSON.stringify(record)));
      marks.go();
    }
    expect(story.first).toBeGreaterThan(0);
    expect(marks.all.at(0)).toBe(story.first);
    expect(marks.all.length).toBe(story.length - story.first);
    const scale = timeScale(marks);
    for (const { send, end } of arrowsIn(marks, scale, scale.start, scale.end, 1e6).all) {
      for (const index of [send, end]) expect(index === -1 || index >= story.first).toBe(true);
    }
  });

  it('stand on as many lanes as can be told apart: those with the most traffic, by name', () => {
    const nodes = MOST_LANES + 20;
    const marks = marksOf(storyOf([...longRun(4_000, nodes), spawn('quiet')]));
    const { lanes, beyond, quiet } = lanesOf(marks, true);
    expect([lanes.length, quiet]).toEqual([MOST_LANES, 1]);
    expect(beyond).toBe(marks.lanes.size - 1 - MOST_LANES);
    const least = Math.min(...lanes.map(({ traffic }) => traffic));
    for (const lane of marks.lanes.values()) if (!lanes.includes(lane)) expect(lane.traffic).toBeLessThanOrEqual(least);
    const numbers = lanes.map(({ name }) => Number(name.slice(1)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });
});

describe('arrows', () => {
  const every = 1e6;

  it('are those that touch what is to be seen, each once; in a sample, one of so many', () => {
    fc.assert(
      fc.property(runs, fc.nat(70), fc.nat(30), (records, start, length) => {
        const story = storyOf(records);
        const marks = marksOf(story);
        const scale = timeScale(marks);
        const [from, to] = [start, start + length];
        const found = arrowsIn(marks, scale, from, to, every).all;
        const keys = found.map(({ send, end }) => `${send} ${end}`);
        expect(new Set(keys).size).toBe(keys.length);
        const ends = records.flatMap(({ type }, index) => (type === 'deliver' || type === 'drop' ? [index] : []));
        for (const end of ends) {
          const send = story.link(end);
          const isSeen = story.at(send) <= to && story.at(end) >= from;
          if (isSeen) expect(keys).toContain(`${send} ${end}`);
        }
      }),
      { numRuns: 200 },
    );
    const marks = marksOf(storyOf(longRun(20_000, 5)));
    const scale = timeScale(marks);
    const { all, sampled } = arrowsIn(marks, scale, scale.start, scale.end, 500);
    expect(sampled).toBeGreaterThan(8);
    expect(all.length).toBeLessThan(1_200);
    expect(all.length * sampled).toBeGreaterThan(marks.sends.length * 0.8);
  });

  it('lead from a send that is in sight to all that came of it, also when what came once is lost the second time', () => {
    const acts: Parameters<typeof runOf>[0] = [
      ['send', 0, 1],
      ['again', 0, 0],
      ['drop', 0, 0],
    ];
    const story = storyOf(runOf(acts, { nodes: 2 }));
    const marks = marksOf(story);
    const scale = timeScale(marks);
    const { all } = arrowsIn(marks, scale, 0, scale.place(0), every);
    expect(all.map(({ send, end, isLost }) => [send, end, isLost])).toEqual([
      [0, 1, false],
      [0, 2, true],
    ]);
  });

  it('tell what was lost, what came twice, and what is on its way', () => {
    const story = storyOf(
      runOf(
        [
          ['send', 0, 1],
          ['again', 0, 0],
          ['deliver', 0, 0],
          ['send', 0, 1],
          ['drop', 0, 0],
          ['send', 1, 1],
        ],
        { nodes: 2 },
      ),
    );
    const marks = marksOf(story);
    const { all } = arrowsIn(marks, timeScale(marks), 0, 100, every);
    expect(all).toEqual([
      { send: 0, end: 1, isLost: false, isDuplicate: false },
      { send: 3, end: 4, isLost: true, isDuplicate: false },
      { send: 5, end: -1, isLost: false, isDuplicate: false },
      { send: 0, end: 2, isLost: false, isDuplicate: true },
    ]);
  });
});

describe('bars', () => {
  it('count each event once, by time as by order, in whatever pieces', () => {
    fc.assert(
      fc.property(runs, fc.double({ min: 0.3, max: 9, noNaN: true }), fc.boolean(), (records, size, byOrder) => {
        const marks = marksOf(storyOf(records));
        fc.pre(marks.all.length > 0);
        const scale = byOrder ? orderScale(marks) : timeScale(marks);
        const from = scale.start - 1;
        const bins = Math.ceil((scale.end - from) / size) + 2;
        for (const { marks: list } of marks.lanes.values()) {
          const counts = densityOf(list, scale, from, size, bins);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(list.length);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a scale', () => {
  it('without idle time is shorter, keeps what follows what, and finds its way back', () => {
    const gaps = (at: number) => (at % 40 === 39 ? 5_000 : 2);
    const marks = marksOf(storyOf(longRun(2_000, 3, gaps)));
    const idle = new Idle(marks);
    idle.grow(marks);
    const [plainTime, busy] = [timeScale(marks), timeScale(marks, idle)];
    expect(busy.end - busy.start).toBeLessThan((plainTime.end - plainTime.start) / 2);
    expect(busy.breaks(busy.start, busy.end).length).toBeGreaterThan(20);
    let last = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < marks.all.length; place++) {
      const index = marks.all.at(place);
      const here = busy.place(index);
      expect(here).toBeGreaterThanOrEqual(last);
      expect(busy.moment(here)).toBeCloseTo(marks.story.at(index), 6);
      last = here;
    }
  });

  it('finds all that stands between two places, also where times go back', () => {
    const shuffled = fc.array(fc.record({ ms: fc.nat(400), late: fc.nat(30) }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(shuffled, fc.nat(400), fc.nat(100), (steps, from, length) => {
        const sorted = steps.map(({ ms }) => ms).sort((a, b) => a - b);
        const times = sorted.map((ms, at) => Math.max(0, ms - (steps[at]?.late ?? 0)));
        // Each on a node of its own, since a node's own times never go back.
        const story = storyOf(times.map((at, index) => ({ ...note(`n${index}`, 'x'), at }) as TraceRecord));
        const marks = marksOf(story);
        const [first, last] = timeScale(marks).range(from, from + length);
        for (const [index, at] of times.entries())
          if (at >= from && at <= from + length) expect(index >= first && index < last).toBe(true);
      }),
    );
  });

  it('by order stands one record below the other', () => {
    const marks = marksOf(storyOf(longRun(50, 3)));
    const scale = orderScale(marks);
    for (let place = 0; place < marks.all.length; place++) expect(scale.place(marks.all.at(place))).toBe(place);
    expect(scale.end).toBe(marks.all.length - 1);
  });
});
