import { specification as raft } from '@synod/machines/raft';
import { createSubject, type Generated, generateClusterTests, generateTests, mutationScore } from '@synod/testgen';
import { LIMIT, type Measured } from './machine.ts';
import { rateOf } from './rate.ts';
import type { Row } from './row.ts';

const BOUNDS = { worlds: LIMIT, patience: LIMIT, depth: LIMIT };

/** Tests of full transition coverage, by Synod. */
export async function ours({ machine, payloads }: Measured): Promise<Row> {
  const begun = performance.now();
  const { tests, coverage } = generateTests(machine, { coverage: ['transitions'], payloads, bounds: BOUNDS });
  const ms = performance.now() - begun;
  return {
    tests: tests.length,
    steps: tests.reduce((sum, { steps }) => sum + steps.length, 0),
    ms,
    transitions: coverage[0]?.covered ?? 0,
    score: await scoreAt('transitions', { machine, payloads }),
    ...exploring({ machine, payloads }),
  };
}

/** What the tests of a kind of coverage are worth; those of pairs notice most. */
export async function scoreAt(kind: 'transitions' | 'pairs', { machine, payloads }: Measured): Promise<number> {
  const { scores } = await mutationScore(machine, { coverage: [kind], payloads, bounds: BOUNDS });
  return scores[0]?.score ?? 0;
}

/** All worlds of a machine: something that never comes is looked for in every one, and that it did not come is explained. */
function exploring({ machine, payloads }: Measured): Partial<Row> {
  const subject = createSubject(machine);
  const explore = (): Generated =>
    generateTests(subject, {
      coverage: ['sometimes'],
      sometimes: [{ name: 'never', holds: () => false }],
      payloads,
      bounds: BOUNDS,
    });
  return explore().ended === 'exhausted' ? rateOf(() => explore().worlds) : {};
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
