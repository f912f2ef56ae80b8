import { specification as raft } from '@synod/machines/raft';
import { generateClusterTests, generateTests, mutationScore } from '@synod/testgen';
import { LIMIT, type Measured } from './machine.ts';
import type { Row } from './row.ts';

/** Tests of full transition coverage, by Synod. */
export async function ours({ machine, payloads }: Measured): Promise<Row> {
  const bounds = { worlds: LIMIT, patience: LIMIT, depth: LIMIT };
  const begun = performance.now();
  const { tests, coverage } = generateTests(machine, { coverage: ['transitions'], payloads, bounds });
  const ms = performance.now() - begun;
  const { scores } = await mutationScore(machine, { coverage: ['transitions'], payloads, bounds });
  return {
    tests: tests.length,
    steps: tests.reduce((sum, { steps }) => sum + steps.length, 0),
    ms,
    transitions: coverage[0]?.covered ?? 0,
    score: scores[0]?.score ?? 0,
    ...explored(),
  };

  /** Something that never comes is looked for in every world. */
  function explored(): Partial<Row> {
    const from = performance.now();
    const { worlds, ended } = generateTests(machine, {
      coverage: ['sometimes'],
      sometimes: [{ name: 'never', holds: () => false }],
      payloads,
      bounds,
    });
    if (ended !== 'exhausted') return {};
    return { states: worlds, statesPerSecond: (worlds / (performance.now() - from)) * 1_000 };
  }
}

/** Tests of several machines together: three servers of Raft that elect a leader. */
export function oursOfCluster(): Row {
  const begun = performance.now();
  const { tests, coverage } = generateClusterTests(raft, { models: [{ name: 'election', nodes: 3 }] });
  return {
    tests: tests.length,
    steps: tests.reduce((sum, { steps }) => sum + steps.length, 0),
    ms: performance.now() - begun,
    transitions: coverage.find(({ kind }) => kind === 'transitions')?.covered ?? 0,
  };
}
