import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/simulate.ts';
import { specification } from '../specification.ts';

describe('in simulated time, under every fault', () => {
  it.each([1, 2, 3])('seed %i: what is promised holds, and the cluster recovers', (seed) => {
    const { violations, coverage } = simulate(specification, { seed, seconds: 20 });
    expect(violations).toEqual([]);
    expect(coverage.sometimes).toEqual({ 'Command Applied': true });
  });
});
