import { check } from '@synod/checker';
import {
  type CheckConfiguration,
  isSynodError,
  type Model,
  type Mutant,
  type Specification,
  withMutant,
} from '@synod/protocol';
import {
  encodeReplay,
  loadSpecification,
  recordReplay,
  type SimulateOptions,
  shrink,
  simulate,
  type Violation,
} from '@synod/simulator';
import { counterexampleFile, encodeCounterexample } from '../files/counterexample-file.ts';
import { writeText } from '../files/files.ts';
import type { CheckJob, Job, JobResult, SimulateJob } from './jobs.ts';

/** The bounds of a search, of mutants and of the right machine alike. */
const BOUNDS = { maxStates: 3_000_000, maxSeconds: 120 } as const;

/** The bounds within which a failing run is made smaller. */
const SHRINKING = { runs: 200, wallSeconds: 10 } as const;

/** A coded error as data, since of an error only the message gets from thread to thread. */
export type Answer = JobResult | { readonly refused: { readonly code: string; readonly message: string } };

/** Does a job, in a worker thread. */
export async function doJob(job: Job): Promise<Answer> {
  try {
    const specification = await loadSpecification(job.reference);
    const mutant = specification.mutants.find(({ name }) => name === job.mutant);
    return job.tool === 'check' ? checkOne(specification, mutant, job) : simulateMany(specification, mutant, job);
  } catch (error) {
    if (!isSynodError(error)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

function checkOne(specification: Specification, mutant: Mutant | undefined, job: CheckJob): JobResult {
  const { protocol, nodes, file } = job;
  const model = specification.models.find(({ name }) => name === job.model) as Model;
  const { roles } = mutant ? withMutant(specification, mutant) : specification;
  // What a sound machine ignores for good, a mistaken one may not: the model's claim of stale messages is about the sound one.
  const options = { ...BOUNDS, stopAtFirst: true, reduction: mutant === undefined };
  const result = check(configurationOf(model, nodes, mutant), roles, options);
  const { distinct: states, seconds, complete } = result;
  const broken = result.properties.find(({ verdict }) => verdict === 'violated');
  if (!broken) return { states, seconds, complete };
  const mistake = mutant ? ` --mutant ${mutant.name}` : '';
  const command = `synod check ${protocol} --model ${model.name} --nodes ${nodes}${mistake}`;
  const about = { protocol, model: model.name, nodes, ...(mutant && { mutant: mutant.name }), command };
  const run = counterexampleFile(about, broken, result.properties);
  if (run) writeText(file, encodeCounterexample(run));
  const { name: property, message } = broken;
  return { states, seconds, complete, property, ...(message !== undefined && { message }), ...(run && { file }) };
}

/** Only what the mutant may break is judged; and never what the model refutes on purpose. */
function configurationOf(model: Model, nodes: number, mutant: Mutant | undefined): CheckConfiguration {
  const configuration = model.configure(nodes);
  const refuted = model.expected.flatMap(({ violates = [] }) => violates);
  const properties = configuration.properties.filter(
    ({ name }) => !refuted.includes(name) && (!mutant || mutant.violates.includes(name)),
  );
  return { ...configuration, properties };
}

function simulateMany(specification: Specification, mutant: Mutant | undefined, job: SimulateJob): JobResult {
  const begun = performance.now();
  const { simulation, nodes, faults, seconds } = job;
  const [from, to] = job.seeds;
  const plain = { simulation, nodes, faults, seconds, coverage: false, ...(mutant && { mutant: mutant.name }) };
  let other: { readonly seed: number; readonly violation: Violation } | undefined;
  const since = () => (performance.now() - begun) / 1_000;
  for (let seed = from; seed <= to; seed++) {
    const [violation] = simulate(specification, { ...plain, seed }).violations;
    if (!violation) continue;
    other ??= { seed, violation };
    if (mutant && !isMeant(violation, mutant)) continue;
    return found(specification, { ...plain, seed }, violation, job, since());
  }
  // What the mutant is not said to break is better than nothing: the right machine does not break it.
  if (other) return found(specification, { ...plain, seed: other.seed }, other.violation, job, since());
  return { runs: to - from + 1, seconds: since() };
}

/** A history is judged under no property's name. */
const isMeant = ({ kind, property }: Violation, { violates }: Mutant): boolean =>
  kind === 'assertion' ||
  violates.includes(property) ||
  (kind === 'history' && violates.some((name) => /linearizab/i.test(name)));

function found(
  specification: Specification,
  options: SimulateOptions & { readonly seed: number },
  { property, message }: Violation,
  { file, seeds, shrink: isShrunk }: SimulateJob,
  seconds: number,
): JobResult {
  const smaller = isShrunk ? shrink(specification, options, SHRINKING) : undefined;
  writeText(file, encodeReplay(recordReplay(specification, smaller?.options ?? options)));
  const { seed } = options;
  return { property, message, file, runs: seed - seeds[0] + 1, seed, seconds };
}
