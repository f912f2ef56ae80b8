import { type Mutant, type Specification, withMutant } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { ASSERTIONS, check } from '../../packages/checker/src/index.ts';
import { simulate } from '../../packages/simulator/src/index.ts';
import { specifications } from './support/specifications.ts';

/** Each mutant that a tool looks for, by `protocol mutant`. */
const table = (tool: 'check' | 'simulate') =>
  specifications.flatMap((specification) =>
    specification.mutants
      .filter((mutant) => mutant[tool])
      .map((mutant): [string, Specification, Mutant] => [
        `${specification.name} ${mutant.name}`,
        specification,
        mutant,
      ]),
  );

describe('the checker refutes each seeded mistake that a small world can show', () => {
  it.each(table('check'))(
    '%s',
    (_, specification, mutant) => {
      const model = specification.models.find(({ name }) => name === mutant.check?.model);
      const configuration = model?.configure(mutant.check?.nodes ?? model.nodes.default);
      const { roles } = withMutant(specification, mutant);
      // What a sound machine ignores for good, a mistaken one may not.
      const { properties } = check(configuration as never, roles, { stopAtFirst: true, reduction: false });
      // What a model refutes on purpose says nothing of a mutant.
      const refuted = model?.expected.flatMap(({ violates = [] }) => violates) ?? [];
      const violated = properties.filter(({ verdict, name }) => verdict === 'violated' && !refuted.includes(name));
      expect(violated.length).toBeGreaterThan(0);
      for (const { name } of violated) expect([...mutant.violates, ASSERTIONS]).toContain(name);
    },
    60_000,
  );
});

describe('the simulator comes across mistakes', () => {
  it.each(table('simulate'))(
    '%s',
    (_, specification, { name, violates, simulate: how }) => {
      for (let seed = 1; seed <= (how?.seeds ?? 0); seed++) {
        const [violation] = simulate(specification, { ...how, seed, mutant: name, coverage: false }).violations;
        if (!violation) continue;
        if (violation.kind !== 'assertion') expect(violates).toContain(violation.property);
        return;
      }
      expect.unreachable(`${how?.seeds} seeds, and nothing broken`);
    },
    60_000,
  );
});
