import { describe, expect, it } from 'vitest';
import { check } from '../../packages/checker/src/index.ts';
import { specifications } from './support/specifications.ts';

/** Each model in the first size that it tells of, or with MODELS=all in every size. */
const table = specifications.flatMap(({ name, roles, models }) =>
  models.flatMap((model) =>
    model.expected
      .slice(0, process.env.MODELS === 'all' ? undefined : 1)
      .map((expected) => ({ name, roles, model, expected })),
  ),
);

describe('every model has the states that are known of it, and breaks what it is known to break', () => {
  it.each(table.map((row) => [`${row.name} ${row.model.name}, ${row.expected.nodes} nodes`, row] as const))(
    '%s',
    (_, { roles, model, expected }) => {
      const { distinct, depth, complete, properties } = check(model.configure(expected.nodes), roles);
      const violated = properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
      expect({ distinct, depth, complete, violated }).toEqual({
        distinct: expected.distinct,
        depth: expected.depth,
        complete: true,
        violated: expected.violates ?? [],
      });
    },
    60_000,
  );

  it('is a table of more than nothing', () => {
    for (const { name, models } of specifications) expect(models.length, name).toBeGreaterThan(0);
  });
});
