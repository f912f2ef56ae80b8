import { withMutant } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { ASSERTIONS, check } from '../../../../packages/checker/src/index.ts';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

const { models, mutants, simulations } = specification;

describe('the checker refutes each seeded mistake that a small world can show', () => {
  it.each(mutants.filter((mutant) => mutant.check))('$name', (mutant) => {
    const model = models.find(({ name }) => name === mutant.check?.model);
    const configuration = model?.configure(mutant.check?.nodes ?? model.nodes.default);
    const { roles } = withMutant(specification, mutant);
    // What a sound server ignores for good, a mistaken one may not.
    const { properties } = check(configuration as never, roles, { stopAtFirst: true, reduction: false });
    const violated = properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
    expect(violated.length).toBeGreaterThan(0);
    for (const name of violated) expect([...mutant.violates, ASSERTIONS]).toContain(name);
  });
});

describe('five servers in simulated time, under every fault', () => {
  const table = simulations.flatMap(({ name }) => [1, 2].map((seed) => [name, seed] as const));
  it.each(table)(
    '%s, seed %i: figure 3 holds, histories are linearizable, and the cluster recovers',
    (simulation, seed) => {
      const { violations, coverage } = simulate(specification, { simulation, seed, seconds: 20 });
      expect(violations).toEqual([]);
      expect(coverage.operations.returned).toBeGreaterThan(20);
    },
  );
});

describe('the simulator comes across mistakes', () => {
  const found = mutants.flatMap((mutant) => (mutant.simulate ? [{ ...mutant, how: mutant.simulate }] : []));
  it.each(found)('$name', ({ name, violates, how }) => {
    for (let seed = 1; seed <= how.seeds; seed++) {
      const [violation] = simulate(specification, { ...how, seed, mutant: name, coverage: false }).violations;
      if (!violation) continue;
      if (violation.kind !== 'assertion') expect(violates).toContain(violation.property);
      return;
    }
    expect.unreachable(`${how.seeds} seeds, and nothing broken`);
  });
});
