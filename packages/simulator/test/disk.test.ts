import type { DurableChange } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { Disk } from '../src/disk.ts';
import { simulate } from '../src/index.ts';
import { streamOf } from '../src/random.ts';
import { specification as toys } from './fixtures/toys.mjs';

const value = (n: number): DurableChange[] => [{ field: 'n', kind: 'value', value: n }];
const disk = (seed = 1) => new Disk(streamOf(seed, 'disk'));

/** Four writes in a sync that a power failure cuts short. */
function cutShort(seed: number, torn: boolean): unknown {
  const cut = disk(seed);
  cut.torn = torn ? 1 : 0;
  cut.write(0, value(0));
  cut.begin();
  cut.end();
  for (const n of [1, 2, 3, 4]) cut.write(0, value(n));
  cut.begin();
  cut.crash();
  return cut.recover(0)?.n;
}

describe('a disk', () => {
  it('makes durable with one sync all that was written before it began', () => {
    const one = disk();
    one.write(0, value(1));
    one.write(1, value(2));
    one.begin();
    const late = one.write(0, value(3));
    one.end();
    expect([one.recover(0), one.recover(1), one.synced < late]).toEqual([{ n: 1 }, { n: 2 }, true]);
    one.begin();
    one.end();
    expect([one.recover(0), one.synced]).toEqual([{ n: 3 }, late]);
  });

  it('finds nothing where nothing was ever durable', () => {
    const one = disk();
    one.write(0, value(1));
    expect(one.recover(0)).toBeUndefined();
  });

  it('loses at a crash what no sync has covered, the one in progress included', () => {
    for (let seed = 1; seed <= 20; seed++) expect(cutShort(seed, false)).toBe(0);
  });

  it('recovers a torn record as absent, and what stands behind it, whole or not', () => {
    const found = new Set(Array.from({ length: 50 }, (_, seed) => cutShort(seed, true)));
    expect([...found].sort()).toEqual([0, 1, 2, 3]);
  });

  it('takes as much longer as it is slow', () => {
    const [usual, slow] = [disk(), disk()];
    slow.slowness = 50;
    usual.write(0, value(1));
    slow.write(0, value(1));
    expect(slow.begin() / usual.begin()).toBeCloseTo(50, 0);
  });
});

describe('what a step sends', () => {
  const run = (schedule: Parameters<typeof simulate>[1]) =>
    simulate(toys, { simulation: 'registers', seconds: 2, trace: true, ...schedule }).trace ?? [];

  it('leaves only after what it changed is durable', () => {
    // Each step of the register but for ignored ones answers once, in order: the k-th reply is the k-th answering step's.
    const records = run({ faults: [] }).filter(({ node }) => node === 'n1');
    const needed: number[] = [];
    let writes = 1;
    let synced = 0;
    let replies = 0;
    for (const record of records) {
      if (record.type === 'transition' && record.transitions.length > 0) {
        if ('store' in record.changed) writes++;
        needed.push(writes);
      } else if (record.type === 'durable') synced++;
      else if (record.type === 'send') expect(synced).toBeGreaterThanOrEqual(needed[replies++] as number);
    }
    expect(writes).toBeGreaterThan(50);
    expect(replies).toBeGreaterThan(writes);
  });

  it('waits longer for a slow disk', () => {
    const fast = run({ faults: [] });
    const slow = run({
      schedule: [{ kind: 'disk', atMs: 0, forMs: 2_000, nodes: ['n1'], mode: 'slow', slowness: 100 }],
    });
    const replies = (trace: typeof fast) =>
      trace.filter(({ type, node, at }) => type === 'send' && node === 'n1' && at < 2_000);
    expect(replies(slow).length).toBeLessThan(replies(fast).length / 3);
  });

  it('never leaves a node whose disk is full: it halts, and comes back when there is room', () => {
    const trace = run({ schedule: [{ kind: 'disk', atMs: 500, forMs: 1_000, nodes: ['n1'], mode: 'full' }] });
    const crash = trace.find(({ type }) => type === 'crash');
    expect(crash).toMatchObject({ node: 'n1', reason: 'the disk is full' });
    const again = trace.find((record) => record.type === 'spawn' && record.recovered);
    expect(again).toMatchObject({ node: 'n1', at: 1_500 });
    const sent = trace.filter(
      ({ type, node, at }) => type === 'send' && node === 'n1' && at > (crash?.at ?? 0) && at < 1_500,
    );
    expect(sent).toEqual([]);
  });
});
