import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeTrace, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, runCluster } from './support/synod.ts';

const WITHIN = { timeout: 30_000 };
const NODES = ['n1', 'n2', 'n3'];

/** Three processes, and the trace that each keeps of itself. */
async function traced() {
  const directory = await emptyDirectory();
  const traces = join(directory, 'traces');
  const cluster = await runCluster(directory, '--nodes', '3', '--trace', traces);
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
  return { cluster, noted, lost };
}

describe('faults between the processes of a key-value store', { timeout: 120_000 }, () => {
  it('a leader parted from the others is replaced, writes go on, and it follows once the network is whole', async () => {
    const { cluster, noted, lost } = await traced();
    const old = (await cluster.leader()) as string;
    expect(await cluster.synod('heal')).toMatchObject({ code: 1, err: expect.stringMatching(/NOT_PARTITIONED: /) });
    expect(await cluster.synod('partition', old)).toMatchObject({ code: 0 });
    const leaders = async () =>
      (await cluster.nodes()).flatMap(({ node, status }) =>
        status?.role === 'leader' ? [{ node, term: status.term }] : [],
      );
    const newest = async () => (await leaders()).sort((a, b) => b.term - a.term)[0]?.node;
    await expect.poll(newest, WITHIN).not.toBe(old);
    expect(await cluster.synod('put', 'k', 'while parted')).toMatchObject({ code: 0 });
    expect(await lost(old)).toBeGreaterThan(0);
    const rest = NODES.filter((node) => node !== old);
    for (const node of NODES) expect(await noted(node, 'FAULT')).toEqual([`partition ${old} | ${rest.join(', ')}`]);

    expect(await cluster.synod('heal')).toMatchObject({ code: 0 });
    const roles = async () => (await cluster.nodes()).map(({ status }) => status?.role).sort();
    await expect.poll(roles, WITHIN).toEqual(['follower', 'follower', 'leader']);
    const applied = async () => new Set((await cluster.nodes()).map(({ status }) => status?.lastApplied)).size;
    await expect.poll(applied, WITHIN).toBe(1);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('links lose, hold and double messages, and clocks run fast, until all is cleared; a node that restarts has them too', async () => {
    const { cluster, noted, lost } = await traced();
    const led = (await cluster.leader()) as string;
    const [other, third] = NODES.filter((node) => node !== led) as [string, string];
    expect(await cluster.synod('drop', led, other, '0.5')).toMatchObject({ code: 0 });
    expect(await cluster.synod('duplicate', led, other, '1')).toMatchObject({ code: 0 });
    expect(await cluster.synod('delay', other, 'all', '20', '30')).toMatchObject({ code: 0 });
    expect(await cluster.synod('skew', third, '1.25')).toMatchObject({ code: 0 });
    await expect.poll(() => lost(led), WITHIN).toBeGreaterThan(0);
    await expect.poll(async () => (await noted(led, 'DUPLICATED')).length, WITHIN).toBeGreaterThan(0);
    await expect.poll(async () => (await noted(other, 'DELAYED')).length, WITHIN).toBeGreaterThan(0);
    expect(await noted(third, 'FAULT')).toContain(`skew ${third} to 1.25 times the true speed`);

    expect(await cluster.synod('restart', other)).toMatchObject({ code: 0 });
    const before = (await noted(other, 'DELAYED')).length;
    await expect.poll(async () => (await noted(other, 'DELAYED')).length, WITHIN).toBeGreaterThan(before);

    expect(await cluster.synod('clear')).toMatchObject({ code: 0 });
    expect(await noted(led, 'FAULT')).toContain('clear');
    expect(await cluster.synod('put', 'k', 'v')).toMatchObject({ code: 0 });
    expect(await cluster.synod('drop', 'n1', 'n9', '0.5')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/error NODE_UNKNOWN: /),
    });
    expect(await cluster.synod('delay', 'n1', 'n2', '30', '20')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/error FAULT_INVALID: /),
    });
    expect((await cluster.stop()).code).toBe(0);
  });
});
