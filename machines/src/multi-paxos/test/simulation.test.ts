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

describe('the simulator comes across mistakes', () => {
  const mutants = specification.mutants.flatMap(({ name, violates, simulate: how }) =>
    how ? [{ name, violates, how }] : [],
  );
  it.each(mutants)('$name', ({ name, violates, how }) => {
    const { nodes, faults, seconds, seeds } = how;
    for (let seed = 1; seed <= seeds; seed++) {
      const options = {
        seed,
        seconds,
        faults,
        mutant: name,
        coverage: false,
        ...(nodes === undefined ? {} : { nodes }),
      };
      const [violation] = simulate(specification, options).violations;
      if (!violation) continue;
      if (violation.kind !== 'assertion') expect(violates).toContain(violation.property);
      return;
    }
    expect.unreachable(`${seeds} seeds, and nothing broken`);
  });
});
