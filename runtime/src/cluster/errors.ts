import { SynodError } from '@synod/protocol';

export const seedsUnreachable = (node: string, timeoutMs: number | undefined) =>
  new SynodError(
    'SEEDS_UNREACHABLE',
    `No seed has let ${node} in within ${timeoutMs} ms; start one, or look at their addresses. Trying on.`,
    { definite: false },
  );

export const clusterLeft = (node: string) =>
  new SynodError('CLUSTER_LEFT', `${node} has left its cluster; create another system to join again.`);

export const leaveTimeout = (node: string) =>
  new SynodError('LEAVE_TIMEOUT', `${node} leaves without knowing that others heard of it; they will find it dead.`);

export const clusterDowned = (node: string, why: string) =>
  new SynodError('CLUSTER_DOWNED', `${node} was cut off, and ${why}; start it again when the network is whole.`);

export const stoppedBefore = () =>
  new SynodError('SYSTEM_STOPPED', 'The actor system stopped before it was in its cluster.');
