import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KvStatus } from '@synod/kv';
import { decodeTrace, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { askControl } from '../src/launcher/control-client.ts';
import { type ClusterState, readState } from '../src/launcher/state-file.ts';
import { emptyDirectory, runCluster } from './support/synod.ts';

const WITHIN = { timeout: 30_000 };
const NODES = ['n1', 'n2', 'n3'];

/** Three processes, what each says of itself, and the trace that it keeps. */
async function traced() {
  const directory = await emptyDirectory();
  const traces = join(directory, 'traces');
  const cluster = await runCluster(directory, '--nodes', '3', '--trace', traces);
  // Asked as the commands ask, without a process for each time.
  const { control, apis } = (await readState(cluster.data)) as ClusterState;
  const act = (path: string, content: object = {}) => askControl(control, 'POST', path, { content });
  const statuses = async (): Promise<KvStatus[]> =>
    Promise.all(NODES.map(async (node) => (await (await fetch(`${apis[node]}/v1/status`)).json()) as KvStatus));
  const leader = async (): Promise<string> => {
    const leading = (await statuses()).filter(({ role }) => role === 'leader').sort((a, b) => b.term - a.term);
    return leading[0]?.node ?? 'nobody';
  };
  const trace = async (node: string): Promise<TraceRecord[]> => {
    const text = await readFile(join(traces, `${node}.jsonl`), 'utf8');
    // The last line may still be on its way to the file.
    const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').filter(Boolean);
    return lines.map(decodeTrace).filter((record) => record.type !== 'header') as TraceRecord[];
  };
  const noted = async (node: string, code: string) =>
    (await trace(node)).flatMap((record) => (record.type === 'note' && record.code === code ? [record.text] : []));
  const lost = async (node: string) =>
    (await trace(node)).filter((record) => record.type === 'drop' && record.reason === 'fault').length;
  return { cluster, act, statuses, leader, noted, lost };
}

describe('faults between the processes of a key-value store', { timeout: 120_000 }, () => {
  it('a leader parted from the others is replaced, writes go on, and it follows once the network is whole', async () => {
    const { cluster, act, statuses, leader, noted, lost } = await traced();
    await expect.poll(leader, WITHIN).toMatch(/^n\d$/);
    const old = await leader();
    await expect(act('/heal')).rejects.toMatchObject({ code: 'NOT_PARTITIONED' });
    expect(await cluster.synod('partition', old)).toMatchObject({ code: 0 });
    await expect.poll(leader, WITHIN).not.toBe(old);
    expect(await cluster.synod('put', 'k', 'while parted')).toMatchObject({ code: 0 });
    expect(await lost(old)).toBeGreaterThan(0);
    const rest = NODES.filter((node) => node !== old);
    for (const node of NODES) expect(await noted(node, 'FAULT')).toEqual([`partition ${old} | ${rest.join(', ')}`]);

    await act('/heal');
    const roles = async () => (await statuses()).map(({ role }) => role).sort();
    await expect.poll(roles, WITHIN).toEqual(['follower', 'follower', 'leader']);
    const applied = async () => new Set((await statuses()).map(({ lastApplied }) => lastApplied)).size;
    await expect.poll(applied, WITHIN).toBe(1);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('links lose, hold and double messages, and clocks run fast, until all is cleared; a node that restarts has them too', async () => {
    const { cluster, act, leader, noted, lost } = await traced();
    await expect.poll(leader, WITHIN).toMatch(/^n\d$/);
    const led = await leader();
    const [other, third] = NODES.filter((node) => node !== led) as [string, string];
    expect(await cluster.synod('drop', led, other, '0.5')).toMatchObject({ code: 0 });
    expect(await cluster.synod('delay', other, 'all', '20', '30')).toMatchObject({ code: 0 });
    expect(await cluster.synod('skew', third, '1.25')).toMatchObject({ code: 0 });
    await act('/links', { kind: 'duplicate', from: [led], to: [other], chance: 1 });
    await expect.poll(() => lost(led), WITHIN).toBeGreaterThan(0);
    await expect.poll(async () => (await noted(led, 'DUPLICATED')).length, WITHIN).toBeGreaterThan(0);
    await expect.poll(async () => (await noted(other, 'DELAYED')).length, WITHIN).toBeGreaterThan(0);
    await expect.poll(() => noted(third, 'FAULT'), WITHIN).toContain(`skew ${third} to 1.25 times the true speed`);

    await act(`/restart/${other}`);
    const before = (await noted(other, 'DELAYED')).length;
    await expect.poll(async () => (await noted(other, 'DELAYED')).length, WITHIN).toBeGreaterThan(before);

    expect(await cluster.synod('clear')).toMatchObject({ code: 0 });
    await expect.poll(() => noted(led, 'FAULT'), WITHIN).toContain('clear');
    const unknown = { kind: 'drop', from: ['n9'], chance: 0.5 };
    await expect(act('/links', unknown)).rejects.toMatchObject({ code: 'NODE_UNKNOWN' });
    expect((await cluster.stop()).code).toBe(0);
  });
});
