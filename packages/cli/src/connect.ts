import { resolve } from 'node:path';
import { createKvClient, type KvClient } from '@synod/kv';
import { SynodError } from '@synod/protocol';
import * as v from 'valibot';
import { askControl } from './launcher/control.ts';
import { type ClusterState, readState } from './launcher/state-file.ts';

/** How a command finds its cluster. */
export interface ClusterOptions {
  readonly data: string;
  readonly endpoint?: readonly string[];
  readonly json?: boolean;
}

/** @throws SynodError `CLUSTER_NOT_RUNNING`. */
export async function runningCluster({ data }: ClusterOptions): Promise<ClusterState> {
  const state = await readState(resolve(data));
  if (state) return state;
  throw new SynodError(
    'CLUSTER_NOT_RUNNING',
    `No cluster runs on ${resolve(data)}; start one with "synod run kv", or say where with --data or --endpoint.`,
  );
}

/** A client of the cluster, by its state file or by the endpoints given. */
export async function kvClient(options: ClusterOptions, timeoutMs: number): Promise<KvClient> {
  const endpoints = options.endpoint ?? Object.values((await runningCluster(options)).apis);
  return createKvClient({ endpoints, timeoutMs });
}

const info = v.array(
  v.object({
    node: v.string(),
    up: v.boolean(),
    pid: v.nullable(v.number()),
    api: v.nullable(v.string()),
    ended: v.nullable(v.string()),
  }),
);

/** The nodes as their launcher knows them. */
export async function nodesOf(state: ClusterState) {
  return v.parse(info, await askControl(state.control, 'GET', '/nodes'));
}
