import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

describe('in simulated time, under every fault', () => {
  const table = specification.simulations.flatMap(({ name }) => [1, 2, 3].map((seed) => [name, seed] as const));
  it.each(table)('%s, seed %i: what is promised holds, and the cluster recovers', (simulation, seed) => {
    const { violations, coverage } = simulate(specification, { simulation, seed, seconds: 20 });
    expect(violations).toEqual([]);
    expect(coverage.sometimes).toEqual({ 'Command Applied': true });
  });

  it('clients of the store are answered, and their histories judged', () => {
    const { historyJudged, coverage } = simulate(specification, { seconds: 20 });
    expect(historyJudged).toBe(true);
    expect(coverage.operations.returned).toBeGreaterThan(50);
  });
});
