import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastCover } from '../../src/cluster/cover.ts';

const candidates = fc.array(
  fc.record({
    covers: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')).map((names) => new Set(names)),
    weight: fc.nat(9),
  }),
  { maxLength: 8 },
);

/** The size and weight of the best choice, by trying them all. */
function bestOf(all: readonly { readonly covers: ReadonlySet<string>; readonly weight: number }[]) {
  const wanted = new Set(all.flatMap(({ covers }) => [...covers])).size;
  let best = { size: Number.POSITIVE_INFINITY, weight: Number.POSITIVE_INFINITY };
  for (let bits = 0; bits < 2 ** all.length; bits++) {
    const chosen = all.filter((_, at) => (bits >> at) & 1);
    if (new Set(chosen.flatMap(({ covers }) => [...covers])).size < wanted) continue;
    const weight = chosen.reduce((sum, each) => sum + each.weight, 0);
    if (chosen.length < best.size || (chosen.length === best.size && weight < best.weight))
      best = { size: chosen.length, weight };
  }
  return best;
}

describe('the least cover', () => {
  it('covers all that can be covered, with the fewest candidates and of those the lightest', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const { chosen, atLeast } = leastCover(all);
        const best = bestOf(all);
        const weight = chosen.reduce((sum, at) => sum + (all[at]?.weight ?? 0), 0);
        expect({ size: chosen.length, weight }).toEqual(best);
        expect(atLeast).toBe(chosen.length);
        expect(new Set(chosen.flatMap((at) => [...(all[at]?.covers ?? [])]))).toEqual(
          new Set(all.flatMap(({ covers }) => [...covers])),
        );
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('gives a bound where there are too many choices to try', () => {
    const points = Array.from({ length: 40 }, (_, index) => index);
    const all = points.map((at) => ({ covers: new Set([at, at + 1, at + 7].map((x) => `p${x % 40}`)), weight: 1 }));
    const { chosen, atLeast } = leastCover(all);
    expect(atLeast).toBeGreaterThan(0);
    expect(atLeast).toBeLessThanOrEqual(chosen.length);
    expect(leastCover(all)).toEqual({ chosen, atLeast });
  });
});
