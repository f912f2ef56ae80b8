import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Side, type SplitBrainStrategy } from '../../src/cluster/split-brain.ts';

/** `a b | c d+`: who is here and who is there; `+` for one that joins; `a2`: of age 2; `a:db`: of role db. */
const sides = (text: string): Side[] =>
  text.split('|').flatMap((side, index) =>
    side
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => {
        const [, node, age, role, joining] = /^([a-z])(\d*)(?::([a-z]+))?(\+?)$/.exec(word) as unknown as string[];
        return {
          node: node as string,
          isReachable: index === 0,
          isJoining: joining === '+',
          role,
          age: age ? Number(age) : undefined,
        };
      }),
  );

const majority = { strategy: 'keep-majority' } as const;
const quorum = (quorumSize: number) => ({ strategy: 'static-quorum', quorumSize }) as const;
const oldest = { strategy: 'keep-oldest' } as const;

describe('of a split cluster', () => {
  it.each<[string, SplitBrainStrategy, string, 'stay' | 'down']>([
    ['the majority stays', majority, 'c d e | a b', 'stay'],
    ['the minority stops', majority, 'a b | c d e', 'down'],
    ['of two halves, the one with the lowest name stays', majority, 'a d | b c', 'stay'],
    ['of two halves, the other stops', majority, 'b c | a d', 'down'],
    ['of two members, the lower name stays', majority, 'a | b', 'stay'],
    ['of two members, the higher name stops', majority, 'b | a', 'down'],
    ['one that joins here does not count', majority, 'b x+ | a', 'down'],
    ['one that joins there does not count', majority, 'a b | c x+ y+', 'stay'],
    ['those of one role alone count', { ...majority, role: 'db' }, 'a:db | b c d:web', 'stay'],
    ['those of one role alone break a tie', { ...majority, role: 'db' }, 'a c:db | b:db', 'down'],
    ['where nobody has the role, all stop', { ...majority, role: 'db' }, 'a b c | d', 'down'],
    ['where all join, all stop', majority, 'a+ b+ | c+', 'down'],

    ['a quorum stays', quorum(3), 'a b c | d e', 'stay'],
    ['less than a quorum stops', quorum(3), 'd e | a b c', 'down'],
    ['both sides stop where neither has a quorum', quorum(3), 'a b | c d', 'down'],
    ['no side stays where two could have a quorum', quorum(2), 'a b c | d', 'down'],
    ['a quorum of one role', { ...quorum(2), role: 'db' }, 'a:db b:db | c d e', 'stay'],

    ['the side of the oldest stays, however small', oldest, 'c1 d4 | a2 b3 e5', 'stay'],
    ['the other side stops, however large', oldest, 'a2 b3 e5 | c1 d4', 'down'],
    ['an oldest that is alone stops', oldest, 'c1 | a2 b3', 'down'],
    ['and the rest stays', oldest, 'a2 b3 | c1', 'stay'],
    ['of two, the oldest stays though it is alone', oldest, 'b1 | a2', 'stay'],
    ['of two, the other stops', oldest, 'a2 | b1', 'down'],
    ['an oldest that is alone stays if it is told so', { ...oldest, downIfAlone: false }, 'c1 | a2 b3', 'stay'],
    ['of the same age, the lowest name is the oldest', oldest, 'a1 c1 | b1 d1', 'stay'],
    ['who has no age yet is the youngest', oldest, 'a c | b7 d', 'down'],

    ['nobody stays', { strategy: 'down-all' }, 'a b c | d', 'down'],
  ])('%s', (_, strategy, text, decision) => {
    expect(decide(strategy, sides(text))).toBe(decision);
  });

  const members = fc.uniqueArray(fc.stringMatching(/^[a-z]$/), { minLength: 2, maxLength: 9 });
  const strategies = fc.oneof(
    fc.constant(majority),
    fc.integer({ min: 1, max: 9 }).map(quorum),
    fc.boolean().map((downIfAlone) => ({ ...oldest, downIfAlone })),
    fc.constant({ strategy: 'down-all' } as const),
  );

  it('two sides never both stay; majority and oldest leave one of them', () => {
    fc.assert(
      fc.property(members, strategies, fc.infiniteStream(fc.nat(5)), (nodes, strategy, draws) => {
        const here = new Set(nodes.filter(() => (draws.next().value as number) % 2 === 0));
        const ages = new Map(nodes.map((node) => [node, draws.next().value as number]));
        const view = (isHere: boolean) =>
          nodes.map((node) => ({
            node,
            isReachable: here.has(node) === isHere,
            isJoining: false,
            role: undefined,
            age: ages.get(node) || undefined,
          }));
        fc.pre(here.size > 0 && here.size < nodes.length);
        const staying = [true, false].filter((side) => decide(strategy, view(side)) === 'stay').length;
        const isSure = strategy.strategy === 'keep-majority' || strategy.strategy === 'keep-oldest';
        expect(staying).toBeLessThanOrEqual(1);
        if (isSure) expect(staying).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});
