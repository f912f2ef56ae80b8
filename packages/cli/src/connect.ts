import { relative, resolve } from 'node:path';
import type { KvClient } from '@synod/kv/client';
import { SynodError } from '@synod/protocol';
import * as v from 'valibot';
import { askControl } from './launcher/control-client.ts';
import { findRunning } from './launcher/running.ts';
import type { ClusterState } from './launcher/state-file.ts';
import { DEFAULT_DATA } from './options.ts';

/** How a command finds its cluster. */
export interface ClusterOptions {
  /** Without one: whichever cluster runs on a default directory. */
  readonly data?: string;
  readonly endpoint?: readonly string[];
  readonly json?: boolean;
}

/** A cluster that runs, and its data directory. */
export interface Running extends ClusterState {
  readonly directory: string;
}

/** @throws SynodError `CLUSTER_NOT_RUNNING`, `CLUSTER_AMBIGUOUS`. */
export async function runningCluster({ data }: ClusterOptions): Promise<Running> {
  const directories = (data === undefined ? Object.values(DEFAULT_DATA) : [data]).map((path) => resolve(path));
  const found = await Promise.all(
    directories.map(async (directory) => {
      const state = await findRunning(directory);
      return state ? [{ ...state, directory }] : [];
    }),
  );
  const [first, second] = found.flat();
  if (first && !second) return first;
  if (first && second) {
    const places = [first, second].map(({ directory }) => relative(process.cwd(), directory));
    throw new SynodError('CLUSTER_AMBIGUOUS', `Clusters run on ${places.join(' and ')}; say which with --data.`);
  }
  throw new SynodError(
    'CLUSTER_NOT_RUNNING',
    `No cluster runs on ${directories.join(' or ')}; start one with "synod run kv" or "synod run swim", or say where with --data.`,
  );
}

/**
 * A client of the cluster, by its state file or by the endpoints given.
 * @throws SynodError `CLUSTER_NOT_RUNNING`, `CLUSTER_STARTING`, `CLUSTER_KIND`, `KV_ENDPOINT_INVALID`.
 */
export async function kvClient(
  { data = DEFAULT_DATA.kv, endpoint }: ClusterOptions,
  timeoutMs: number,
): Promise<KvClient> {
  const { createKvClient } = await import('@synod/kv/client');
  return createKvClient({ endpoints: endpoint ?? (await endpointsOn(data)), timeoutMs });
}

async function endpointsOn(data: string): Promise<readonly string[]> {
  const { kind, apis, directory } = await runningCluster({ data });
  if (kind !== 'kv')
    throw new SynodError(
      'CLUSTER_KIND',
      `The cluster on ${directory} is of ${kind} and has no keys; start one that has with "synod run kv".`,
    );
  const endpoints = Object.values(apis);
  if (endpoints.length === 0)
    throw new SynodError('CLUSTER_STARTING', 'The cluster is still starting; try again in a few seconds.');
  return endpoints;
}

const count = v.pipe(v.number(), v.integer());
const info = v.object({
  node: v.string(),
  up: v.boolean(),
  paused: v.boolean(),
  group: v.nullable(v.number()),
  pid: v.nullable(v.number()),
  api: v.nullable(v.string()),
  ended: v.nullable(v.string()),
  sees: v.nullable(v.object({ alive: count, suspect: count, dead: count, left: count })),
});
export type NodeInfo = v.InferOutput<typeof info>;

/** The nodes as their launcher knows them. @throws SynodError `CLUSTER_NOT_RUNNING`. */
export const nodesOf = async ({ control }: Running): Promise<NodeInfo[]> =>
  v.parse(v.array(info), await askControl(control, 'GET', '/nodes'));
