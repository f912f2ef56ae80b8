import { expect, it } from 'vitest';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'seed %i: no promise is broken under faults, and once they are over all trust',
  (seed) => {
    expect(simulate(specification, { seed, seconds: 60 }).violations).toEqual([]);
  },
);
