import type { Specification } from '@synod/protocol';
import { loadSpecification, type SpecificationReference } from '@synod/simulator';
import { interruptible } from '../interrupt.ts';
import { usage } from '../options.ts';
import { EXIT, type Output } from '../output.ts';
import { progressOf } from '../progress.ts';
import { loadAll, referenceOf } from '../specifications.ts';
import { jobsOf } from './jobs.ts';
import { type Done, doJobs } from './pool.ts';
import { describeReports, mutantReports, rightReports } from './report.ts';

export interface MutantsOptions {
  readonly only?: readonly string[];
  readonly out: string;
  readonly workers: number;
  readonly shrink: boolean;
  readonly json?: boolean;
}

interface Loaded {
  readonly specification: Specification;
  readonly reference: SpecificationReference;
}

/** Looks for the seeded mistakes of protocols, all of them where none is named; answers the exit status. */
export const runMutants = async (
  protocols: readonly string[],
  options: MutantsOptions,
  output: Output,
): Promise<number> => run(await loaded(protocols), options, output);

async function run(all: readonly Loaded[], options: MutantsOptions, output: Output): Promise<number> {
  const { only = [], out, workers, shrink } = options;
  const specifications = all.map(({ specification }) => specification);
  for (const name of only)
    if (!specifications.some(({ mutants }) => mutants.some((mutant) => mutant.name === name)))
      throw usage(`There is no mutant "${name}"; synod sim lists them.`);
  const jobs = all.flatMap(({ specification, reference }) =>
    jobsOf(specification, reference, { only, directory: out, shrink }),
  );
  const done = await interruptible(async (signal) => {
    const progress = progressOf(output, jobs.length, 'jobs');
    const onDone = (so: readonly Done[]) => progress.update(so.length, describeLast(so));
    try {
      return await doJobs(jobs, { workers, signal, onDone });
    } finally {
      progress.stop();
    }
  });
  const complete = done.length === jobs.length;
  const mutants = mutantReports(specifications, jobs, done);
  const right = rightReports(done);
  const text = [
    describeReports(mutants, right),
    `Counterexamples and replays: ${out}/PROTOCOL/MUTANT.check.json and .sim.json; synod replay shows them.`,
    ...(complete ? [] : ['Stopped by Ctrl-C; this is what is known so far.']),
  ];
  output.result(text.join('\n'), { complete, mutants, right });
  if (right.some(({ passes }) => !passes)) return EXIT.failed;
  if (!complete) return EXIT.unknown;
  return mutants.every(({ found }) => found) ? EXIT.ok : EXIT.failed;
}

function describeLast(done: readonly Done[]): string {
  const last = done.at(-1);
  if (!last) return '';
  const { job, result } = last;
  return `${job.protocol} ${job.mutant ?? 'without a mistake'}, ${job.tool}: ${result.property ?? 'nothing broken'}`;
}

async function loaded(protocols: readonly string[]): Promise<readonly Loaded[]> {
  if (protocols.length > 0)
    return Promise.all(
      protocols.map(async (name) => {
        const reference = referenceOf(name);
        return { reference, specification: await loadSpecification(reference) };
      }),
    );
  const all = await loadAll();
  return all.flatMap((each) => ('refused' in each ? [] : [{ specification: each, reference: referenceOf(each.name) }]));
}
