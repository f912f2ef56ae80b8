import { withMutant } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { ASSERTIONS, check } from '../../../../packages/checker/src/index.ts';
import { simulate } from '../../../../packages/simulator/src/index.ts';
import { specification } from '../specification.ts';

const { models, mutants } = specification;

describe('the checker refutes each seeded mistake', () => {
  it.each(mutants.filter((mutant) => mutant.check))('$name', (mutant) => {
    const model = models.find(({ name }) => name === mutant.check?.model);
    const configuration = model?.configure(mutant.check?.nodes ?? model.nodes.default);
    const { roles } = withMutant(specification, mutant);
    const { properties } = check(configuration as never, roles, { stopAtFirst: true, reduction: false });
    const violated = properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
    expect(violated.length).toBeGreaterThan(0);
    for (const name of violated) expect([...mutant.violates, ASSERTIONS]).toContain(name);
  });
});

describe('in simulated time, under every fault', () => {
  it.each([1, 2, 3])('seed %i: what is promised holds, and all learn every decree', (seed) => {
    const { violations, steps } = simulate(specification, { seed, seconds: 20 });
    expect(violations).toEqual([]);
    expect(steps).toBeGreaterThan(1_000);
  });

  const found = mutants.flatMap((mutant) => (mutant.simulate ? [{ ...mutant, how: mutant.simulate }] : []));
  it.each(found)('the simulator comes across $name', ({ name, violates, how }) => {
    for (let seed = 1; seed <= how.seeds; seed++) {
      const [violation] = simulate(specification, { ...how, seed, mutant: name, coverage: false }).violations;
      if (!violation) continue;
      if (violation.kind !== 'assertion') expect(violates).toContain(violation.property);
      return;
    }
    expect.unreachable(`${how.seeds} seeds, and nothing broken`);
  });
});
