import { resolve } from 'node:path';
import { createKvClient, type KvClient } from '@synod/kv/client';
import { SynodError } from '@synod/protocol';
import * as v from 'valibot';
import { askControl } from './launcher/control-client.ts';
import { findRunning } from './launcher/running.ts';
import type { ClusterState } from './launcher/state-file.ts';

/** How a command finds its cluster. */
export interface ClusterOptions {
  readonly data: string;
  readonly endpoint?: readonly string[];
  readonly json?: boolean;
}

/** @throws SynodError `CLUSTER_NOT_RUNNING`. */
export async function runningCluster({ data }: ClusterOptions): Promise<ClusterState> {
  const state = await findRunning(resolve(data));
  if (state) return state;
  throw new SynodError(
    'CLUSTER_NOT_RUNNING',
    `No cluster runs on ${resolve(data)}; start one with "synod run kv", or say where with --data or --endpoint.`,
  );
}

/**
 * A client of the cluster, by its state file or by the endpoints given.
 * @throws SynodError `CLUSTER_NOT_RUNNING`, `CLUSTER_STARTING`, `KV_ENDPOINT_INVALID`.
 */
export async function kvClient(options: ClusterOptions, timeoutMs: number): Promise<KvClient> {
  const endpoints = options.endpoint ?? Object.values((await runningCluster(options)).apis);
  if (endpoints.length === 0)
    throw new SynodError('CLUSTER_STARTING', 'The cluster is still starting; try again in a few seconds.');
  return createKvClient({ endpoints, timeoutMs });
}

const info = v.object({
  node: v.string(),
  up: v.boolean(),
  pid: v.nullable(v.number()),
  api: v.nullable(v.string()),
  ended: v.nullable(v.string()),
});
export type NodeInfo = v.InferOutput<typeof info>;

/** The nodes as their launcher knows them. @throws SynodError `CLUSTER_NOT_RUNNING`. */
export async function nodesOf(options: ClusterOptions): Promise<NodeInfo[]> {
  const { control } = await runningCluster(options);
  return v.parse(v.array(info), await askControl(control, 'GET', '/nodes'));
}
