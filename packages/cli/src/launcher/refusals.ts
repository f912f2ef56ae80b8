import { SynodError } from '@synod/protocol';

// Why something cannot be done to a node: the same words for every kind of cluster.

export const nodeUnknown = (node: string, names: readonly string[]): SynodError => {
  const last = names.at(-1) ?? '';
  const known = names.length <= 9 ? names.join(', ') : `${names[0]} to ${last}`;
  return new SynodError('NODE_UNKNOWN', `There is no node "${node.slice(0, 50)}"; the nodes are ${known}.`);
};

export const nodeDown = (node: string): SynodError =>
  new SynodError('NODE_DOWN', `${node} is down already; "synod restart ${node}" starts it.`);

export const nodePaused = (node: string): SynodError =>
  new SynodError('NODE_PAUSED', `${node} is paused already; "synod resume ${node}" lets it go on.`);

export const nodeRunning = (node: string): SynodError =>
  new SynodError('NODE_RUNNING', `${node} is not paused; "synod pause ${node}" holds it.`);

export const clusterStopping = (): SynodError =>
  new SynodError('CLUSTER_STOPPING', 'The cluster is being stopped; start it again.');

export const notPartitioned = (): SynodError =>
  new SynodError('NOT_PARTITIONED', 'The network is whole; "synod partition n1,n2" parts it.');
