import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyOf,
  crossOf,
  disjointQuorums,
  grid,
  intersects,
  isQuorum,
  joint,
  majority,
  membersOf,
  QuorumError,
  type QuorumSystem,
  quorumsOf,
  readWrite,
  squareGrid,
  validate,
  weighted,
} from '../src/index.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const members = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 });
const simple: fc.Arbitrary<QuorumSystem> = fc.oneof(
  members.map(majority),
  members.chain((names) => fc.integer({ min: 1, max: names.length }).map((count) => anyOf(names, count))),
  fc
    .dictionary(fc.constantFrom(...NAMES), fc.nat({ max: 4 }), { minKeys: 1, noNullPrototype: true })
    .filter((votes) => total(votes) > 0)
    .chain((votes) => fc.integer({ min: 1, max: total(votes) }).map((need) => weighted(votes, need))),
  fc
    .tuple(members, fc.constantFrom('cross', 'row', 'column'))
    .map(([names, take]) => squareGrid(names, take as 'cross')),
);
const system: fc.Arbitrary<QuorumSystem> = fc.oneof(
  simple,
  fc.array(simple, { minLength: 1, maxLength: 3 }).map((systems) => joint(...systems)),
);

const total = (votes: Readonly<Record<string, number>>): number => Object.values(votes).reduce((sum, n) => sum + n, 0);

/** All sets of nodes, the empty one too. */
const subsets = (names: readonly string[]): readonly (readonly string[])[] =>
  names.reduce<readonly (readonly string[])[]>((sets, name) => sets.concat(sets.map((set) => [...set, name])), [[]]);

const isWithin = (a: readonly string[], b: readonly string[]): boolean => a.every((node) => b.includes(node));
const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((node) => b.includes(node));

describe('isQuorum', () => {
  it('majority: more than half', () => {
    fc.assert(
      fc.property(members, fc.subarray([...NAMES]), (names, nodes) => {
        const count = names.filter((name) => nodes.includes(name)).length;
        expect(isQuorum(majority(names), nodes)).toBe(count > names.length / 2);
      }),
    );
  });

  it.each([
    [['a'], true],
    [['b', 'c'], true],
    [['b', 'd'], false],
    [['b', 'b', 'b', 'b'], false],
    [[], false],
  ])('weighted by three votes of five: %j is %s', (nodes, expected) => {
    expect(isQuorum(weighted({ a: 3, b: 1, c: 2, d: 0 }, 3), nodes)).toBe(expected);
  });

  const nine = grid([
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
    ['g', 'h', 'i'],
  ]);
  it.each([
    ['cross', ['d', 'e', 'f', 'b', 'h'], true],
    ['cross', ['d', 'e', 'f', 'b'], false],
    ['row', ['d', 'e', 'f'], true],
    ['row', ['b', 'e', 'h'], false],
    ['column', ['b', 'e', 'h'], true],
    ['column', ['d', 'e', 'f'], false],
  ] as const)('grid by %s: %j is %s', (take, nodes, expected) => {
    expect(isQuorum({ ...nine, take }, nodes)).toBe(expected);
  });

  it('joint: a quorum of each (Raft §6)', () => {
    const changing = joint(majority(['a', 'b', 'c']), majority(['c', 'd', 'e']));
    expect(isQuorum(changing, ['a', 'b', 'd'])).toBe(false);
    expect(isQuorum(changing, ['a', 'c', 'd'])).toBe(true);
  });

  it('with a set, each larger one; strangers do not count; all members are one', () => {
    fc.assert(
      fc.property(system, fc.subarray([...NAMES]), fc.constantFrom(...NAMES), (each, nodes, more) => {
        if (isQuorum(each, nodes)) expect(isQuorum(each, [...nodes, more])).toBe(true);
        expect(isQuorum(each, [...nodes, 'stranger'])).toBe(isQuorum(each, nodes));
        expect(isQuorum(each, new Set(membersOf(each)))).toBe(true);
        expect(isQuorum(each, [])).toBe(false);
      }),
    );
  });
});

describe('quorumsOf', () => {
  it('lists the quorums that have none within them, each once and sorted', () => {
    fc.assert(
      fc.property(system, (each) => {
        const all = subsets(membersOf(each)).filter((set) => isQuorum(each, set));
        const smallest = all.filter((set) => !all.some((other) => other.length < set.length && isWithin(other, set)));
        const found = quorumsOf(each);
        expect([...found].map(String).sort()).toEqual(smallest.map((set) => String([...set].sort())).sort());
        const lengths = found.map(({ length }) => length);
        expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
      }),
    );
  });

  it('in the same order whatever the order of the members', () => {
    expect(quorumsOf(majority(['c', 'a', 'b']))).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
    expect(quorumsOf(weighted({ d: 1, c: 1, b: 1, a: 2 }, 3))).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'd'],
      ['b', 'c', 'd'],
    ]);
  });

  it('refuses what would be too many', () => {
    const many = Array.from({ length: 21 }, (_, index) => `n${index}`);
    expect(() => quorumsOf(majority(many))).toThrow(expect.objectContaining({ code: 'QUORUM_TOO_LARGE' }));
  });
});

describe('intersects', () => {
  it('exactly if any quorum of the one meets any quorum of the other', () => {
    fc.assert(
      fc.property(system, system, (a, b) => {
        const [ours, theirs] = [a, b].map((each) => subsets([...NAMES]).filter((set) => isQuorum(each, set)));
        const expected = (ours ?? []).every((one) => (theirs ?? []).every((other) => meet(one, other)));
        expect(intersects(a, b)).toBe(expected);
        expect(intersects(b, a)).toBe(expected);
        const found = disjointQuorums(a, b);
        expect(found === undefined).toBe(expected);
        if (!found) return;
        expect(isQuorum(a, found[0]) && isQuorum(b, found[1])).toBe(true);
        expect(meet(...found)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('majorities of the same members; and what has more members than can be gone through', () => {
    const many = Array.from({ length: 101 }, (_, index) => `n${index}`);
    expect(intersects(majority(many), majority(many))).toBe(true);
    expect(intersects(anyOf(many, 50), anyOf(many, 52))).toBe(true);
    expect(intersects(anyOf(many, 50), anyOf(many, 51))).toBe(false);
    expect(() => intersects(squareGrid(many), majority(many))).toThrow(
      expect.objectContaining({ code: 'QUORUM_TOO_LARGE' }),
    );
  });

  it('crosses of a grid, also with a shorter last row (Maekawa); rows and columns, but not two rows', () => {
    for (const size of [1, 2, 3, 4, 5, 6, 7, 9, 10]) {
      const names = Array.from({ length: size }, (_, index) => `n${index}`);
      expect(intersects(squareGrid(names), squareGrid(names))).toBe(true);
    }
    const six = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(intersects(squareGrid(six, 'row'), squareGrid(six, 'column'))).toBe(true);
    expect(intersects(squareGrid(six, 'row'), squareGrid(six, 'row'))).toBe(false);
  });

  it("each node's own cross is a quorum, and any two meet", () => {
    const system = squareGrid(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const crosses = membersOf(system).map((node) => crossOf(system, node));
    expect(crosses[4]).toEqual(['b', 'd', 'e', 'f']);
    for (const cross of crosses) {
      expect(isQuorum(system, cross)).toBe(true);
      for (const other of crosses) expect(meet(cross, other)).toBe(true);
    }
    expect(() => crossOf(system, 'z')).toThrow(QuorumError);
  });
});

describe('readWrite', () => {
  it('gives the two once they are proved to meet', () => {
    const [read, write] = [anyOf(['a', 'b', 'c'], 1), anyOf(['a', 'b', 'c'], 3)];
    expect(readWrite(read, write)).toEqual({ read, write });
  });

  it('refuses a system that does not, and names two quorums', () => {
    expect(() => readWrite(anyOf(['a', 'b', 'c'], 1), majority(['a', 'b', 'c']))).toThrow(
      expect.objectContaining({
        code: 'QUORUM_DISJOINT',
        message: 'Read quorum {a} and write quorum {b,c} do not meet; ask for more members in one of them.',
        details: { read: ['a'], write: ['b', 'c'] },
      }),
    );
    const many = Array.from({ length: 30 }, (_, index) => `n${index}`);
    expect(() => readWrite(anyOf(many, 15), anyOf(many, 15))).toThrow(/Some read and write quorums do not meet/);
  });
});

describe('validation', () => {
  it.each([
    ['no members', () => majority([])],
    ['a member twice', () => majority(['a', 'b', 'a'])],
    ['a member twice', () => anyOf(['a', 'a'], 1)],
    ['half a vote', () => weighted({ a: 0.5, b: 1 }, 1)],
    ['a negative vote', () => weighted({ a: -1, b: 3 }, 1)],
    ['nothing needed', () => weighted({ a: 1 }, 0)],
    ['more needed than there is', () => anyOf(['a', 'b'], 3)],
    ['uneven rows', () => grid([['a'], ['b', 'c']])],
    ['an empty grid', () => squareGrid([])],
    ['an empty last row', () => grid([['a'], []])],
    ['a grid taken in an unknown way', () => grid([['a']], 'diagonal' as 'row')],
    ['a joint system of none', () => joint()],
    ['a joint system of a bad one', () => joint({ kind: 'majority', members: [] })],
    ['an unknown kind', () => validate({ kind: 'dictator' } as unknown as QuorumSystem)],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'QuorumError', code: 'QUORUM_INVALID' }));
  });

  it('takes all that the makers make, after a way over the wire', () => {
    fc.assert(
      fc.property(system, (each) => {
        const received: QuorumSystem = JSON.parse(JSON.stringify(each));
        expect(validate(received)).toEqual(each);
      }),
    );
  });
});
