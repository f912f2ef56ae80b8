import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { SynodError } from '@synod/protocol';
import Tinypool from 'tinypool';
import type { SpecificationReference } from './load.ts';
import { addSeeds, checkSeeds, type SeedRange, type SeedsResult } from './seeds.ts';
import type { Task, TaskOptions, TaskResult } from './worker.ts';

export interface SwarmOptions extends TaskOptions {
  readonly seeds: SeedRange;
  /** Worker threads; default as many as there are processors. */
  readonly workers?: number;
  /** Seeds that a worker takes at a time. Default as many as make progress visible. */
  readonly chunk?: number;
  /** Called after each chunk. */
  readonly onProgress?: (progress: SwarmProgress) => void;
  /** Ends the swarm: what has been run until then is the result. */
  readonly signal?: AbortSignal;
}

export interface SwarmProgress extends SeedsResult {
  /** Seeds in all. */
  readonly of: number;
  readonly wallSeconds: number;
}

export interface SwarmResult extends SwarmProgress {
  /** False when it was ended before its time. */
  readonly complete: boolean;
}

/** The worker is plain JavaScript: beside the sources, which only a tool can load, it is the one that was built. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(FROM_SOURCE ? '../dist/worker.js' : './worker.js', import.meta.url);

/**
 * Runs a range of seeds over worker threads. The result is the same for any number of them, but for its `wallSeconds`.
 * @throws SynodError `SEEDS_INVALID`, `SPECIFICATION_NOT_FOUND`, and what `simulate` throws.
 */
export async function swarm(reference: SpecificationReference, given: SwarmOptions): Promise<SwarmResult> {
  const { seeds, workers = availableParallelism(), chunk, onProgress, signal, ...options } = given;
  const { from, to } = checkSeeds(seeds);
  if (!Number.isInteger(workers) || workers < 1) {
    throw new SynodError('SIMULATION_INVALID', `The swarm cannot have ${workers} workers; give a whole number from 1.`);
  }
  if (chunk !== undefined && !(Number.isInteger(chunk) && chunk >= 1)) {
    throw new SynodError(
      'SIMULATION_INVALID',
      `The swarm cannot have chunks of ${chunk} seeds; give a whole number from 1.`,
    );
  }
  const of = to - from + 1;
  const size = chunk ?? Math.max(1, Math.min(50, Math.ceil(of / (workers * 4))));
  const started = performance.now();
  let total: SeedsResult | undefined;
  const progress = (sum: SeedsResult): SwarmProgress => ({
    ...sum,
    failing: [...sum.failing].sort((a, b) => a.seed - b.seed),
    of,
    wallSeconds: (performance.now() - started) / 1_000,
  });
  const pool = new Tinypool({
    filename: fileURLToPath(WORKER),
    name: 'runTask',
    runtime: 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
    // The tool's own conditions would lead the worker back to the sources.
    ...(FROM_SOURCE ? { execArgv: [] } : {}),
  });
  let next = from;
  const work = async (): Promise<void> => {
    while (next <= to && !signal?.aborted) {
      const share = { from: next, to: Math.min(to, next + size - 1) };
      next = share.to + 1;
      const task: Task = { reference, seeds: share, options };
      const result = (await pool.run(task)) as TaskResult;
      if ('refused' in result) throw new SynodError(result.refused.code, result.refused.message);
      total = total ? addSeeds(total, result.seeds) : result.seeds;
      onProgress?.(progress(total));
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    next = to + 1;
    await pool.destroy();
  }
  const { runs = 0 } = total ?? {};
  if (!total) throw new SynodError('SIMULATION_ABORTED', 'The swarm was ended before its first runs were done.');
  return { ...progress(total), complete: runs === of };
}
