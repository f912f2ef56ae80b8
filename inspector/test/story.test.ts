import type { TraceRecord } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK } from '../src/story/block.ts';
import { Sift } from '../src/story/sift.ts';
import { Story } from '../src/story/story.ts';
import { timedLine } from '../src/world/lines.ts';
import { LineError } from '../src/world/read.ts';
import { emptyWorld, withRecord } from '../src/world/world.ts';
import { emitted, note, spawn, turn } from './support.ts';

const lines = (records: readonly TraceRecord[]): string[] => records.map((record) => JSON.stringify(record));

/** More blocks than a story keeps parsed. */
const LONG = 70 * BLOCK + 17;

const records: readonly TraceRecord[] = [
  spawn('n1'),
  spawn('n2'),
  ...Array.from({ length: LONG }, (_, index) => turn(`n${(index % 2) + 1}`, index % 3 === 0 ? 'green' : 'red', index)),
];

const whole = new Story();
whole.append(lines(records.slice(0, 700)));
whole.append(lines(records.slice(700)));

describe('a story', () => {
  it('gives each record as it came, also those that it has to read again', () => {
    expect(whole.length).toBe(records.length);
    fc.assert(
      fc.property(fc.nat(records.length - 1), (index) => {
        expect(whole.record(index)).toEqual(records[index]);
        expect(whole.line(index)).toBe(JSON.stringify(records[index]));
        expect(whole.node(index)).toBe(records[index]?.node);
      }),
      { numRuns: 60 },
    );
  });

  it('shows after any number of records what those records tell, and nothing of what follows', () => {
    fc.assert(
      fc.property(fc.nat(3_000), (count) => {
        expect(whole.worldAt(count)).toEqual(records.slice(0, count).reduce(withRecord, emptyWorld));
      }),
      { numRuns: 20 },
    );
    expect(whole.worldAt(records.length)).toMatchObject({
      n1: { actors: { 'light@n1': { state: expect.anything() } } },
    });
  });

  it('begins in another world where records were left out, and knows the one before', () => {
    const world = records.slice(0, 2_000).reduce(withRecord, emptyWorld);
    const story = new Story();
    story.append(lines(records.slice(0, 100)));
    story.jump(world);
    story.append(lines([emitted('n2', { type: 'TOLD' })]));
    expect(story.state(100)).toBe(world.n2?.actors['light@n2']?.state);
    story.append(lines(records.slice(2_000, 4_500)));
    const before = records.slice(0, 99).reduce(withRecord, emptyWorld);
    expect(story.worldAt(99)).toEqual(before);
    // The last place before the gap is the first after it: what is shown there is the present by then.
    expect(story.worldAt(100)).toEqual(world);
    const after = (index: number) => records.slice(2_000, 1_899 + index).reduce(withRecord, world);
    for (const index of [101, 1_500, 2_599]) expect(story.worldAt(index)).toEqual(after(index));
    expect(story.worldAt(99)).toEqual(before);
    expect(story.gaps).toMatchObject([{ index: 100, world }]);
  });

  it('is empty before its first record', () => {
    const story = new Story();
    expect([story.first, story.length, story.worldAt(0)]).toEqual([0, 0, {}]);
    expect(() => story.record(0)).toThrow(RangeError);
  });

  it('forgets the oldest beyond its measure, and knows the world from there on', () => {
    const maxBytes = 3 * BLOCK * 200;
    const story = new Story({ maxBytes });
    for (let at = 0; at < 10 * BLOCK; at += 500) story.append(lines(records.slice(at, at + 500)));
    expect(story.bytes).toBeLessThanOrEqual(maxBytes);
    expect(story.first).toBeGreaterThan(0);
    expect(() => story.record(story.first - 1)).toThrow(RangeError);
    expect(story.record(story.first)).toEqual(records[story.first]);
    const [middle, end] = [Math.floor((story.first + story.length) / 2), story.length];
    for (const count of [story.first, middle, end])
      expect(story.worldAt(count)).toEqual(records.slice(0, count).reduce(withRecord, emptyWorld));
  });

  it('finds what belongs to a message, whoever tells of it first', () => {
    const base = { at: 1, clock: {} };
    const send = {
      ...base,
      seq: 1,
      node: 'a',
      type: 'send',
      id: 'm1',
      from: 'x@a',
      to: 'x@b',
      message: { type: 'Ping' },
    };
    const deliver = { ...base, seq: 2, node: 'b', type: 'deliver', id: 'm1', from: 'x@a', to: 'x@b', message: 'Ping' };
    const drop = { ...base, seq: 3, node: 'b', type: 'drop', reason: 'fault', id: 'm1', from: 'x@a', to: 'x@b' };
    const told = (...order: object[]) => {
      const story = new Story();
      story.append(order.map((record) => JSON.stringify(record)));
      return order.map((_, index) => story.link(index));
    };
    expect(told(send, deliver)).toEqual([1, 0]);
    expect(told(deliver, send)).toEqual([1, 0]);
    expect(told(send, drop)).toEqual([1, 0]);
    expect(told(send, deliver, { ...deliver, seq: 4 })).toEqual([1, 0, 0]);
    expect(told(deliver)).toEqual([-1]);
  });

  it('has one axis of time: a line may bring its place, and a node that begins anew goes on where the axis stood', () => {
    const story = new Story();
    const at = (node: string, ms: number) => JSON.stringify({ ...note(node, 'x'), at: ms });
    story.append([at('a', 10), at('b', 30), at('a', 2), at('a', 5)]);
    expect([0, 1, 2, 3].map(story.at)).toEqual([10, 30, 30, 33]);
    const live = new Story();
    live.append([timedLine(500.25, at('a', 3)), timedLine(501, at('b', 9_000))]);
    expect([0, 1].map(live.at)).toEqual([500.25, 501]);
    expect(live.indexAt(500.5)).toBe(1);
  });

  it.each([
    ['no JSON', '{"seq":1', /not JSON/],
    ['no object', '[1]', /unknown type|no record/],
    ['an unknown type', JSON.stringify({ ...note('n1', 'x'), type: 'nonsense' }), /unknown type/],
    ['no node', JSON.stringify({ ...note('n1', 'x'), node: 7 }), /node, at or clock/],
    ['no time', JSON.stringify({ ...note('n1', 'x'), at: null }), /node, at or clock/],
    ['a note without its text', JSON.stringify({ ...note('n1', 'x'), text: 7 }), /text is missing or wrong/],
    ['a step without transitions', JSON.stringify({ ...turn('n1', 'red', 1), transitions: 'x' }), /transitions/],
    ['a chart that is none', JSON.stringify({ ...spawn('n1'), chart: { id: 'x', root: { id: 'x' } } }), /chart/],
    ['a place that is none', `abc\t${JSON.stringify(note('n1', 'x'))}`, /axis/],
  ])('refuses a line that is %s, and keeps what came before', (_, line, message) => {
    const story = new Story();
    expect(() => story.append([JSON.stringify(spawn('n1')), line, JSON.stringify(note('n1', 'y'))])).toThrow(message);
    expect(story.length).toBe(1);
    expect(story.worldAt(1)).toMatchObject({ n1: { actors: { 'light@n1': { state: 'red' } } } });
    expect(() => story.append([line])).toThrow(LineError);
  });

  it('tells a change of state from a step that stays', () => {
    const story = new Story();
    story.append(
      lines([turn('n1', 'red', 0), spawn('n1'), turn('n1', 'red', 1), turn('n1', 'green', 2), note('n1', 'x')]),
    );
    expect([0, 1, 2, 3, 4].map(story.weight)).toEqual(['detail', 'rare', 'detail', 'rare', 'rare']);
  });
});

describe('a sift', () => {
  it('finds what is wanted as a story grows and forgets, in as many turns as it is given', () => {
    const story = new Story({ maxBytes: 3 * BLOCK * 200 });
    const isGreen = (from: Story, index: number) => {
      const record = from.record(index);
      return record.type === 'transition' && record.state === 'green';
    };
    const sift = new Sift(story, isGreen);
    let turns = 0;
    for (let at = 0; at < 10 * BLOCK; at += 3_000) {
      story.append(lines(records.slice(at, at + 3_000)));
      do sift.go(() => true);
      while (!sift.isDone && ++turns);
    }
    expect(turns).toBeGreaterThan(10);
    const expected = Array.from({ length: story.length - story.first }, (_, at) => at + story.first).filter((index) =>
      isGreen(story, index),
    );
    expect(Array.from({ length: sift.length }, (_, place) => sift.at(place))).toEqual(expected);
    const middle = Math.floor((story.first + story.length) / 2);
    expect(sift.at(sift.placeOf(middle))).toBe(expected.find((index) => index >= middle));
    expect(sift.placeOf(story.length)).toBe(sift.length);
  });
});
