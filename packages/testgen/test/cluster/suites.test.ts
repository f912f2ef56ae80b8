import { specification as raft } from '@synod/machines/raft';
import { specification as swim } from '@synod/machines/swim';
import { specification as threePhaseCommit } from '@synod/machines/three-phase-commit';
import { type Specification, withMutant } from '@synod/protocol';
import { clusterOf, type GeneratedCluster, generateClusterTests, playCluster } from '@synod/testgen';
import { describe, expect, it } from 'vitest';

// Every trace runs over real WebSockets through the scripting proxy. TESTGEN=all takes all models and simulations, and all mutants.

const isAll = process.env.TESTGEN === 'all';

const suites = [
  {
    specification: raft,
    models: [
      { name: 'election', nodes: 3 },
      { name: 'crashes', nodes: 2 },
      { name: 'suspicion', nodes: 2 },
      { name: 'replication', nodes: 2 },
    ],
    mutants: ['forgets-vote', 'grants-without-up-to-date-check', 'commits-by-half', 'leads-by-half', 'applies-twice'],
    // What they do wrong shows with messages of particular contents, in states in which such messages come anyhow.
    survivors: [
      'votes-by-length-alone',
      'commits-old-terms',
      'counts-late-votes',
      'truncates-always',
      'commits-what-it-lacks',
    ],
  },
  {
    specification: threePhaseCommit,
    models: [
      { name: 'crashes', nodes: 2 },
      { name: 'quorum-recovery', nodes: 2 },
    ],
    mutants: [
      'one-vote-is-enough',
      'commits-though-uncertain',
      'commits-without-a-quorum',
      'forgets-what-it-is-prepared-for',
    ],
    survivors: [],
  },
  {
    specification: swim,
    models: [
      { name: 'refutation', nodes: 2 },
      { name: 'crash', nodes: 2 },
      { name: 'indirect', nodes: 3 },
    ],
    mutants: ['refutes-in-vain', 'asks-nobody', 'suspects-for-ever', 'forgets-incarnation'],
    // The first needs a claim that is both late and refuted, the second a third member that says the same twice.
    survivors: ['stale-alive-wins', 'confirms-itself'],
  },
] as const;

for (const { specification, models, mutants, survivors } of suites) {
  const generated = generateClusterTests(specification, isAll ? {} : { models, maxWorlds: 2_000 });

  describe(`${specification.title} over WebSockets`, () => {
    it.each(generated.tests)('$model of $nodes: $name', async (test) => {
      const played = await playCluster(clusterOf(specification, test.model, test.nodes), test);
      expect(played.steps).toBe(test.steps.length);
    });

    const wanted = isAll ? specification.mutants.map(({ name }) => name) : mutants;
    const killed = wanted.filter((name) => !survivors.some((survivor) => survivor === name));
    it.each(killed)('fails on the mutant %s', async (name) => {
      expect(await failureOf(mutated(specification, name), generated)).toMatchObject({
        code: expect.stringMatching(/^CLUSTER_(STEP_FAILED|STEP_IMPOSSIBLE|MEMBER_FAILED)$/),
      });
    });

    it.runIf(isAll).each([...survivors])('does not see the mutant %s', async (name) => {
      expect(await failureOf(mutated(specification, name), generated)).toBeUndefined();
    });
  });
}

const mutated = (specification: Specification, name: string): Specification => {
  const mutant = specification.mutants.find((each) => each.name === name);
  if (!mutant) throw new Error(`no mutant ${name}`);
  return withMutant(specification, mutant);
};

/** The first failure of a suite. */
async function failureOf(specification: Specification, { tests }: GeneratedCluster): Promise<unknown> {
  for (const test of tests) {
    try {
      await playCluster(clusterOf(specification, test.model, test.nodes), test);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}
