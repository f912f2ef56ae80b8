import { describe, expect, it } from 'vitest';
import type { PartitionShape } from '../src/faults.ts';
import { cutOf } from '../src/partition.ts';

const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5', 'c1'];
const movable = [0, 1, 2, 3, 4];

/** Whom each node's messages reach. */
function reach(shape: PartitionShape): Record<string, string> {
  const cut = cutOf(shape, (name) => NAMES.indexOf(name), movable);
  return Object.fromEntries(
    NAMES.map((name, from) => {
      const reached = NAMES.filter((_, to) => to !== from && !cut(from, to));
      return [name, reached.join(' ')];
    }),
  );
}

describe('a partition', () => {
  it('isolates one node, though not from clients', () => {
    expect(reach({ shape: 'isolate', node: 'n2' })).toEqual({
      n1: 'n3 n4 n5 c1',
      n2: 'c1',
      n3: 'n1 n4 n5 c1',
      n4: 'n1 n3 n5 c1',
      n5: 'n1 n3 n4 c1',
      c1: 'n1 n2 n3 n4 n5',
    });
  });

  it('parts groups, and a node in none of them sees all', () => {
    const parted = reach({
      shape: 'groups',
      groups: [
        ['n1', 'n2'],
        ['n3', 'n4'],
      ],
    });
    expect([parted.n1, parted.n3, parted.n5]).toEqual(['n2 n5 c1', 'n4 n5 c1', 'n1 n2 n3 n4 c1']);
  });

  it('leaves a bridge between two halves', () => {
    const parted = reach({ shape: 'bridge', left: ['n1', 'n2'], right: ['n4', 'n5'], bridge: 'n3' });
    expect([parted.n1, parted.n3, parted.n5]).toEqual(['n2 n3 c1', 'n1 n2 n4 n5 c1', 'n3 n4 c1']);
  });

  it('leaves a ring, in which each sees its two neighbours', () => {
    const parted = reach({ shape: 'ring', order: ['n1', 'n2', 'n3', 'n4', 'n5'] });
    expect([parted.n1, parted.n3, parted.n5]).toEqual(['n2 n5 c1', 'n2 n4 c1', 'n1 n4 c1']);
  });

  it('cuts one way only', () => {
    const parted = reach({ shape: 'oneWay', from: ['n1'], to: ['n2', 'n3'] });
    expect([parted.n1, parted.n2, parted.n3]).toEqual(['n4 n5 c1', 'n1 n3 n4 n5 c1', 'n1 n2 n4 n5 c1']);
  });

  it('keeps a leader from a majority, whose members all see each other', () => {
    const parted = reach({ shape: 'majorityWithoutLeader', leader: 'n1' });
    expect([parted.n1, parted.n2, parted.n5]).toEqual(['n2 c1', 'n1 n3 n4 n5 c1', 'n2 n3 n4 c1']);
  });
});
