import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

describe('five servers in simulated time, under every fault', () => {
  const table = specification.simulations.flatMap(({ name }) => [1, 2].map((seed) => [name, seed] as const));
  it.each(table)(
    '%s, seed %i: figure 3 holds, histories are linearizable, and the cluster recovers',
    (simulation, seed) => {
      const { violations, coverage } = simulate(specification, { simulation, seed, seconds: 20 });
      expect(violations).toEqual([]);
      expect(coverage.operations.returned).toBeGreaterThan(20);
    },
  );
});
