import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

describe('in simulated time', () => {
  const faultsOf = (name: string) => (name === 'crashes' ? ['crash'] : undefined);
  const table = specification.simulations.flatMap(({ name }) => [1, 2, 3].map((seed) => [name, seed] as const));
  it.each(table)('%s, seed %i: what is promised holds, and all decide', (simulation, seed) => {
    const faults = faultsOf(simulation);
    const { violations, steps } = simulate(specification, { simulation, seed, seconds: 20, ...(faults && { faults }) });
    expect(violations).toEqual([]);
    expect(steps).toBeGreaterThan(300);
  });
});
