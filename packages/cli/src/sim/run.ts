import { Worker } from 'node:worker_threads';
import { SynodError } from '@synod/protocol';
import type { ShrinkSize, SimulationResult } from '@synod/simulator';
import type { SimNews, SimTask } from './task.ts';

/** What is known of a run when it is over, or was ended before its time. */
export interface SimOutcome {
  readonly result?: SimulationResult;
  readonly replay?: { readonly text: string; readonly before?: ShrinkSize; readonly after?: ShrinkSize };
  readonly complete: boolean;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onResult?: (result: SimulationResult) => void;
  readonly onShrinking?: (size: ShrinkSize) => void;
}

/**
 * Runs a task in a thread of its own.
 * @throws SynodError what the task was refused with.
 */
export async function runSimulation(task: SimTask, options: RunOptions): Promise<SimOutcome> {
  const { signal, onResult, onShrinking } = options;
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task });
  let outcome: SimOutcome = { complete: false };
  const ended = new Promise<SimOutcome>((resolve, reject) => {
    worker.on('message', (news: SimNews) => {
      switch (news.type) {
        case 'result':
          outcome = { ...outcome, result: news.result };
          return onResult?.(news.result);
        case 'shrinking':
          return onShrinking?.(news.size);
        case 'replay':
          outcome = { ...outcome, replay: news };
          return;
        case 'refused':
          reject(new SynodError(news.code, news.message));
      }
    });
    worker.once('error', reject);
    worker.once('exit', (status) => resolve({ ...outcome, complete: status === 0 }));
  });
  const end = () => void worker.terminate();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await ended;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
