import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

describe('in simulated time, under every fault', () => {
  const table = specification.simulations.flatMap(({ name }) => [1, 2, 3].map((seed) => [name, seed] as const));
  it.each(table)('%s, seed %i: what is promised holds, and all come to agree', (simulation, seed) => {
    const { violations, steps } = simulate(specification, { simulation, seed, seconds: 30 });
    expect(violations).toEqual([]);
    expect(steps).toBeGreaterThan(300);
  });

  it('the same seed is the same run', () => {
    const run = () => {
      const { wallSeconds: _, ...result } = simulate(specification, { seed: 5, seconds: 10 });
      return JSON.stringify(result);
    };
    expect(run()).toBe(run());
  });
});
