import type { Protocol } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { ASSERTIONS, check } from '../../../../packages/checker/src/index.ts';
import type { StateMachine } from '../../replicated/index.ts';
import { models } from '../model.ts';
import { mutantsOf } from '../mutants.ts';
import { journal, protocol } from './support.ts';

const replica = protocol as unknown as Protocol;

describe('over every schedule of a small world', () => {
  const pinned = models.flatMap((model) => model.expected.slice(0, 1).map((expected) => ({ model, expected })));
  it.each(pinned)('$model.name, of $expected.nodes replicas: $expected.distinct states', ({ model, expected }) => {
    const { properties, ...found } = check(model.configure(expected.nodes), { replica });
    expect(properties.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(found).toMatchObject({ complete: true, distinct: expected.distinct, depth: expected.depth });
  });
});

describe('the checker refutes each seeded mistake that a small world can show', () => {
  const mutants = mutantsOf(journal as unknown as StateMachine).filter((mutant) => mutant.check);
  it.each(mutants)('$name', (mutant) => {
    const model = models.find(({ name }) => name === mutant.check?.model);
    const configuration = model?.configure(mutant.check?.nodes ?? model.nodes.default);
    expect(configuration).toBeDefined();
    if (!configuration) return;
    const { properties } = check(
      configuration,
      { replica: mutant.mutate(replica) },
      { stopAtFirst: true, maxSeconds: 15 },
    );
    const violated = properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
    expect(violated.length).toBeGreaterThan(0);
    for (const name of violated) expect([...mutant.violates, ASSERTIONS]).toContain(name);
  });
});
