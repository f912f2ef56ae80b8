import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

describe('in simulated time, under every fault', () => {
  it.each([1, 2, 3])('seed %i: what is promised holds, nothing is lost, and all locks are free at last', (seed) => {
    const { violations, steps } = simulate(specification, { seed, seconds: 20 });
    expect(violations).toEqual([]);
    expect(steps).toBeGreaterThan(1_000);
  });
});
