import { fileURLToPath } from 'node:url';
import { SynodError } from '@synod/protocol';
import Tinypool from 'tinypool';
import type { Job, JobResult } from './jobs.ts';
import type { Answer } from './worker.ts';

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

export interface Done {
  readonly job: Job;
  readonly result: JobResult;
}

/**
 * Does jobs in worker threads, until all are done or the signal ends them. Returns those that are done.
 * @throws SynodError what a job was refused with.
 */
export async function doJobs(
  jobs: readonly Job[],
  { workers, signal, onDone }: { workers: number; signal: AbortSignal; onDone: (done: readonly Done[]) => void },
): Promise<readonly Done[]> {
  const pool = new Tinypool({
    filename: WORKER,
    name: 'doJob',
    runtime: 'worker_threads',
    minThreads: workers,
    maxThreads: workers,
  });
  const done: Done[] = [];
  const waiting = jobs.values();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const work = async (): Promise<void> => {
    for (const job of waiting) {
      if (signal.aborted) return;
      const answer = (await pool.run(job)) as Answer;
      if ('refused' in answer) throw new SynodError(answer.refused.code, answer.refused.message);
      done.push({ job, result: answer });
      onDone(done);
    }
  };
  const all = Promise.all(Array.from({ length: workers }, work));
  try {
    await Promise.race([all, aborted]);
  } finally {
    // What is under way is refused by this, and nobody waits for it any more.
    all.catch(() => {});
    await pool.destroy();
  }
  return done;
}
