import type { KvStatus } from '@synod/kv';
import { isSynodError } from '@synod/protocol';
import type { NodeInfo } from './connect.ts';
import { table } from './output.ts';

/** Milliseconds a node may take to tell its status. */
const STATUS_MS = 2_000;

/** What is known of a node of a key-value store, and what it tells itself. */
export type KvNodeStatus = NodeInfo & { readonly status: KvStatus | null };

/** Nodes of which only the endpoint is known. */
export const strangers = (endpoints: readonly string[]): NodeInfo[] => {
  const unknown = { node: '', up: true, paused: false, group: null, pid: null, ended: null, sees: null };
  return endpoints.map((api) => ({ ...unknown, api }));
};

/** Asks all nodes that can answer. */
export async function statusOf(nodes: readonly NodeInfo[]): Promise<KvNodeStatus[]> {
  const { createKvClient } = await import('@synod/kv/client');
  return Promise.all(
    nodes.map(async (info) => {
      if (!info.up || info.paused || info.api === null) return { ...info, status: null };
      const client = createKvClient({ endpoints: [info.api], timeoutMs: STATUS_MS });
      const status = await client.status().catch((error: unknown) => {
        if (isSynodError(error, 'KV_ENDPOINT_INVALID')) throw error;
        return null;
      });
      return { ...info, node: info.node || (status?.node ?? '?'), status };
    }),
  );
}

type Style = 'green' | 'red' | 'yellow' | undefined;
const STYLES: Readonly<Record<string, Style>> = { leader: 'green', down: 'red', silent: 'yellow', paused: 'yellow' };
const byState = ([, state = '']: readonly string[]): Style => STYLES[state];

/** The nodes of a key-value store, for people. */
export function kvTable(nodes: readonly KvNodeStatus[]): string {
  const rows = nodes.map(({ node, up, paused, pid, api, ended, status }) => {
    if (!up) return [node, 'down', '', '', '', '', ended ?? ''];
    const { role = paused ? 'paused' : 'silent', term = '', commitIndex = '', lastApplied = '' } = status ?? {};
    return [node, role, `${term}`, `${commitIndex}`, `${lastApplied}`, `${pid ?? ''}`, api ?? ''];
  });
  return table([['NODE', 'ROLE', 'TERM', 'COMMITTED', 'APPLIED', 'PID', 'API'], ...rows], byState);
}

/** The members of a cluster, for people: how each sees the others. */
export function memberTable(nodes: readonly NodeInfo[]): string {
  const rows = nodes.map(({ node, up, paused, group, pid, ended, sees }) => {
    const letter = group === null ? '' : String.fromCharCode(65 + (group % 26));
    if (!up) return [node, 'down', letter, '', '', '', '', '', ended ?? ''];
    const { alive = '', suspect = '', dead = '', left = '' } = sees ?? {};
    return [node, paused ? 'paused' : 'up', letter, ...[alive, suspect, dead, left].map(String), `${pid ?? ''}`, ''];
  });
  return table([['NODE', 'STATE', 'GROUP', 'ALIVE', 'SUSPECT', 'DEAD', 'LEFT', 'PID', ''], ...rows], byState);
}
