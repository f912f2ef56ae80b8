import { parentPort, workerData } from 'node:worker_threads';
import { isSynodError } from '@synod/protocol';
import { runTask, type SimTask } from './task.ts';

// A run takes the thread it runs in: in one of its own, the command still hears Ctrl-C.
try {
  await runTask(workerData as SimTask, (news) => parentPort?.postMessage(news));
} catch (error) {
  if (!isSynodError(error)) throw error;
  const { code, message } = error;
  parentPort?.postMessage({ type: 'refused', code, message });
}
