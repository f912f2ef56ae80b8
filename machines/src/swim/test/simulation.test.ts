import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

describe.each(['group', 'joining'])('%s', (simulation) => {
  it.each([1, 2, 3, 4, 5, 6])(
    'seed %i: no promise is broken under faults, and once they are over all agree',
    (seed) => {
      expect(simulate(specification, { simulation, seed, seconds: 60 }).violations).toEqual([]);
    },
  );
});
