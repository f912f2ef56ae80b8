import { describe, expect, it } from 'vitest';
import { resourceManager, transactionManager } from '../../../machines/src/two-phase-commit/gray-lamport.ts';
import { grayLamport } from '../../../machines/src/two-phase-commit/gray-lamport-model.ts';
import { check } from '../src/index.ts';

const roles = { transactionManager, resourceManager };

describe('two-phase commit as in Gray and Lamport', () => {
  it.each(grayLamport.expected.slice(0, 4))(
    'has $distinct distinct states with $nodes managers, at depth $depth',
    ({ nodes, distinct, depth }) => {
      const result = check(grayLamport.configure(nodes), roles);
      expect(result).toMatchObject({ distinct, depth, complete: true });
      expect(result.properties.map(({ verdict }) => verdict)).toEqual(['holds', 'holds', 'holds', 'holds']);
    },
  );

  it.each([
    ['exact', { exact: true }],
    ['without a memo', { memo: 0 }],
    ['with a memo that is often forgotten', { memo: 3 }],
    ['depth first', { order: 'depth' as const }],
  ])('has the same states %s', (_, options) => {
    expect(check(grayLamport.configure(4), roles, options).distinct).toBe(1_568);
  });
});
