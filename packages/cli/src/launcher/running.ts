import { isSynodError } from '@synod/protocol';
import { askControl } from './control-client.ts';
import { type ClusterState, codeOf, readState } from './state-file.ts';

/** Milliseconds a launcher has to answer; one that is there but silent counts as running. */
const ANSWER_MS = 3_000;

/**
 * The running cluster of a data directory; undefined when there is none, or only what a killed launcher left.
 * A process id alone proves nothing, since ids are used again: the launcher has to answer.
 * @throws SynodError `DATA_DIRECTORY_CORRUPT`, `DATA_DIRECTORY_UNUSABLE`.
 */
export async function findRunning(directory: string): Promise<ClusterState | undefined> {
  const known = await readState(directory);
  if (!known || !isAlive(known.pid)) return undefined;
  try {
    await askControl(known.control, 'GET', '/nodes', { timeoutMs: ANSWER_MS });
  } catch (error) {
    if (isSynodError(error, 'CLUSTER_NOT_RUNNING')) return undefined;
  }
  return known;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
