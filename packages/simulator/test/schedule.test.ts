import { describe, expect, it } from 'vitest';
import { BUSIEST, type Fault, nodesOf } from '../src/faults.ts';
import { drawSchedule, FAULT_NAMES, parseFaults, parseSchedule, simulate } from '../src/index.ts';
import { specification as toys } from './fixtures/toys.mjs';

const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];
const crash = { kind: 'crash', atMs: 10, forMs: 10, nodes: ['n1'] };

describe('a schedule by hand', () => {
  it('is taken as it is when it is valid', () => {
    expect(parseSchedule([crash], NODES)).toEqual([crash]);
  });

  it.each([
    ['no list', {}, /array/i],
    ['an unknown fault', [{ ...crash, kind: 'flood' }], /0\.kind/],
    ['a field too many', [{ ...crash, when: 3 }], /0\.when/],
    ['a negative time', [crash, { ...crash, atMs: -1 }], /1\.atMs/],
    ['a chance above 1', [{ kind: 'drop', atMs: 0, forMs: 1, chance: 2 }], /0\.chance/],
    ['a clock that would stand still', [{ ...crash, kind: 'skew', drift: -1 }], /0\.drift/],
    ['an unknown shape', [{ kind: 'partition', atMs: 0, forMs: 1, between: { shape: 'star' } }], /0\.between\.shape/],
    ['bounds the wrong way round', [{ kind: 'delay', atMs: 0, forMs: 1, addMs: [5, 1] }], /0\.addMs/],
    ['an unknown node', [{ ...crash, nodes: ['n9'] }], /0 \(crash at 10 ms\) names node "n9".*n1, n2/],
    [
      'an unknown node in a shape',
      [{ kind: 'partition', atMs: 0, forMs: 1, between: { shape: 'isolate', node: 'n9' } }],
      /"n9"/,
    ],
  ])('is refused, naming the part: %s', (_, schedule, part) => {
    expect(() => parseSchedule(schedule, NODES)).toThrow(expect.objectContaining({ code: 'SCHEDULE_INVALID' }));
    expect(() => parseSchedule(schedule, NODES)).toThrow(part);
  });

  it('is checked against the cluster before a run', () => {
    expect(() => simulate(toys, { schedule: [{ kind: 'pause', atMs: 0, forMs: 1, nodes: ['n7'] }] })).toThrow(
      expect.objectContaining({ code: 'SCHEDULE_INVALID' }),
    );
  });
});

describe('faults by name', () => {
  it('are of medium intensity unless it says otherwise', () => {
    expect(parseFaults('partition, crash:high,skew:none')).toEqual({
      partition: 'medium',
      crash: 'high',
      skew: 'none',
    });
    expect(Object.keys(parseFaults('all:low'))).toEqual([...FAULT_NAMES]);
    expect(parseFaults('none')).toEqual({});
  });

  it.each(['fire', 'crash:huge', 'crash:low:low', ':low'])('%j is refused', (text) => {
    expect(() => parseFaults(text)).toThrow(expect.objectContaining({ code: 'FAULT_UNKNOWN' }));
  });
});

describe('the nemesis', () => {
  const draw = (faults: string, seed = 1) =>
    drawSchedule({ seed, faults: parseFaults(faults), nodes: NODES, forMs: 60_000 });

  it('draws a valid schedule, the same for the same seed', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const schedule = draw('all:high', seed);
      expect(parseSchedule(structuredClone(schedule), NODES)).toEqual(schedule);
      expect(draw('all:high', seed)).toEqual(schedule);
    }
    expect(draw('all', 1)).not.toEqual(draw('all', 2));
  });

  it('draws one kind of fault in the same way whatever others there are', () => {
    const crashes = draw('all').filter(({ kind }) => kind === 'crash');
    expect(draw('crash')).toEqual(crashes);
  });

  it.each(FAULT_NAMES)('draws more of %s the more intense it is', (name) => {
    const counts = ['none', 'low', 'medium', 'high'].map((intensity) => draw(`${name}:${intensity}`).length);
    expect(counts[0]).toBe(0);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(new Set(counts).size).toBe(4);
  });

  it('draws every shape of partition, every trouble of disks, and now and then the busiest node', () => {
    const many = Array.from({ length: 100 }, (_, seed) => draw('all', seed)).flat();
    const shapes = many.flatMap((fault) => (fault.kind === 'partition' ? [fault.between.shape] : []));
    expect([...new Set(shapes)].sort()).toEqual([
      'bridge',
      'groups',
      'isolate',
      'majorityWithoutLeader',
      'oneWay',
      'ring',
    ]);
    expect(new Set(many.flatMap((fault) => (fault.kind === 'disk' ? [fault.mode] : []))).size).toBe(3);
    expect(many.some((fault: Fault) => nodesOf(fault).includes(BUSIEST))).toBe(true);
  });

  it.each([1, 2, 3])('knows what to do with %i nodes', (size) => {
    const nodes = NODES.slice(0, size);
    const schedule = drawSchedule({ seed: 3, faults: parseFaults('all:high'), nodes, forMs: 60_000 });
    expect(parseSchedule(schedule, nodes).length).toBeGreaterThan(50);
  });
});
