import { relative } from 'node:path';
import type { Specification } from '@synod/protocol';
import {
  type SeedRange,
  type SimulationResult,
  type SpecificationReference,
  type SwarmResult,
  swarm,
} from '@synod/simulator';
import { writeText } from '../files/files.ts';
import { interruptible } from '../interrupt.ts';
import { EXIT, type Output, paint } from '../output.ts';
import { progressOf, statusOf } from '../progress.ts';
import { describeProgress, describeRun, describeSize, describeSwarm } from './describe.ts';
import { runSimulation, type SimOutcome } from './run.ts';
import type { SimTask } from './task.ts';

/** What the command line asked for. */
export interface SimPlan {
  readonly specification: Specification;
  readonly reference: SpecificationReference;
  readonly seed: number;
  /** Many runs in the place of one. */
  readonly seeds?: SeedRange;
  readonly workers: number;
  readonly shrink: boolean;
  /** A path; true: a path of the command's choice for a run that fails. */
  readonly save: string | boolean;
  readonly trace?: string;
  readonly options: Omit<SimTask['options'], 'seed'>;
}

/** Simulated seconds that a worker takes at a time: Ctrl-C waits for what is under way. */
const CHUNK_SECONDS = 60;

/** One run. Returns the exit status. */
export async function runOne(plan: SimPlan, output: Output): Promise<number> {
  const { seed, options } = plan;
  return interruptible(async (signal) => {
    output.remark(`${headline(plan)}, seed ${seed}`);
    const begun = performance.now();
    const outcome = await simulateAndShrink(plan, seed, output, signal);
    const { result } = outcome;
    const about = { protocol: plan.specification.name, ...options, seed };
    if (!result) {
      const wallSeconds = (performance.now() - begun) / 1_000;
      const text = `seed ${seed}: stopped by Ctrl-C after ${wallSeconds.toFixed(1)} s; no promise is known to be broken.`;
      const nothing = { steps: null, simulatedSeconds: null, violations: [], wallSeconds, complete: false };
      output.result(text, { ...about, ...nothing, replay: null });
      return EXIT.unknown;
    }
    const replay = save(plan, seed, outcome, output);
    output.result(describeRun(result), { ...about, ...result, complete: true, replay: replay ?? null });
    return result.violations.length > 0 ? EXIT.failed : EXIT.ok;
  });
}

/** A range of seeds. Returns the exit status. */
export async function runSwarm(plan: SimPlan, output: Output): Promise<number> {
  const { reference, options, workers, seeds = { from: plan.seed, to: plan.seed } } = plan;
  const range = `${seeds.from}..${seeds.to}`;
  return interruptible(async (signal) => {
    output.remark(`${headline(plan)}, seeds ${range}, ${workers} worker${workers === 1 ? '' : 's'}`);
    const progress = progressOf(output, seeds.to - seeds.from + 1, 'runs');
    let result: SwarmResult;
    try {
      result = await swarm(reference, {
        ...options,
        seeds,
        workers,
        signal,
        chunk: Math.max(1, Math.round(CHUNK_SECONDS / (options.seconds ?? CHUNK_SECONDS))),
        onProgress: (now) => progress.update(now.runs, describeProgress(now)),
      });
    } finally {
      progress.stop();
    }
    const first = result.failing[0]?.seed;
    const outcome =
      first === undefined || plan.save === false || signal.aborted
        ? undefined
        : await simulateAndShrink(plan, first, output, signal);
    const replay = first === undefined || !outcome ? undefined : save(plan, first, outcome, output);
    const violations = result.failing.flatMap(({ seed, violations }) => violations.map((each) => ({ seed, ...each })));
    const about = { protocol: plan.specification.name, ...options, seed: seeds.from, seeds };
    output.result(describeSwarm(result, range), { ...about, ...result, violations, replay: replay ?? null });
    if (result.failing.length > 0) return EXIT.failed;
    return result.complete ? EXIT.ok : EXIT.unknown;
  });
}

function headline({ specification, options }: SimPlan): string {
  const { simulation, nodes, clients, seconds, mutant } = options;
  const mistake = mutant === undefined ? '' : `, mutant ${mutant}`;
  return `${specification.title}, simulation ${simulation}${mistake}: ${nodes} nodes, ${clients} clients, ${seconds} s`;
}

async function simulateAndShrink(
  plan: SimPlan,
  seed: number,
  output: Output,
  signal: AbortSignal,
): Promise<SimOutcome> {
  const { reference, options, shrink, save: wanted, trace, specification } = plan;
  const task: SimTask = {
    reference,
    options: { ...options, seed },
    shrink,
    replay: wanted === false ? 'never' : wanted === true ? 'violation' : 'always',
    about: { protocol: specification.name, seed, ...options },
    ...(trace !== undefined && { traceFile: trace }),
  };
  const status = statusOf(output);
  return runSimulation(task, {
    signal,
    onResult: ({ violations }: SimulationResult) => {
      if (violations.length > 0 && shrink && task.replay !== 'never')
        output.remark(paint('dim', `seed ${seed} breaks ${violations[0]?.property}; making it smaller …`));
    },
    onShrinking: (size) => {
      status.update(`${describeSize(size)} (${size.runs} runs)`);
    },
  }).finally(status.stop);
}

/** Saves the replay, and says where. Returns the path. */
function save(plan: SimPlan, seed: number, { replay, result }: SimOutcome, output: Output): string | undefined {
  if (!replay) {
    if (result && result.violations.length > 0 && plan.save !== false)
      output.remark('Stopped before the replay file was made; --no-shrink makes it at once.');
    return undefined;
  }
  const path = typeof plan.save === 'string' ? plan.save : `synod-${plan.specification.name}-${seed}.json`;
  writeText(path, replay.text);
  const { before, after } = replay;
  if (before && after) output.remark(`Made smaller: ${describeSize(before)} → ${describeSize(after)}.`);
  const shown = relative('', path) || path;
  const module = plan.reference.from === undefined ? ` --module ${relative('', plan.reference.module)}` : '';
  output.remark(`Saved ${shown}. See it: synod replay ${shown}${module} (--inspect for the inspector)`);
  return path;
}
