import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { alone, begin, emptyDirectory, runCluster } from './support/synod.ts';
import { lost, Writer } from './support/writer.ts';

const WITHIN = { timeout: 30_000, interval: 200 };
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('processes on loopback WebSockets and LMDB', { timeout: 120_000 }, () => {
  it('five of them: put, get, compare-and-set, delete and status, from another terminal', async () => {
    const cluster = await runCluster(await emptyDirectory());
    const terminal = (...args: string[]) => alone(...args, '--data', cluster.data);
    expect(await terminal('get', 'greeting')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/KV_KEY_NOT_FOUND/),
    });
    const { revision } = JSON.parse((await terminal('put', 'greeting', 'hello', '--json')).out);
    expect(await terminal('get', 'greeting')).toMatchObject({ code: 0, out: 'hello\n' });
    const stale = ['put', 'greeting', 'x', '--if-revision', String(revision + 1)];
    expect(await terminal(...stale)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/KV_REVISION_MISMATCH/),
    });
    expect(await terminal('put', 'greeting', 'hi', '--if-revision', String(revision))).toMatchObject({ code: 0 });
    expect(await terminal('delete', 'greeting')).toMatchObject({ code: 0 });
    expect(await begin(['put', 'piped', '-', '--data', cluster.data], 'from a pipe').ended).toMatchObject({ code: 0 });
    expect(await terminal('get', 'piped')).toMatchObject({ out: 'from a pipe\n' });

    const nodes = await cluster.nodes();
    expect(nodes.map(({ node, up }) => [node, up])).toEqual(['n1', 'n2', 'n3', 'n4', 'n5'].map((node) => [node, true]));
    expect(nodes.map(({ node }) => node)).toContain(await cluster.leader());
    const told = JSON.parse((await terminal('status', '--json')).out);
    expect(told).toMatchObject({ nodes: nodes.map(({ node, up, pid, api }) => ({ node, up, pid, api })) });
    expect((await terminal('status')).out).toMatch(/^NODE +ROLE +TERM/);
    expect((await terminal('inspect')).out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
    expect(await terminal('kill', 'n9')).toMatchObject({ code: 2, err: expect.stringMatching(/NODE_UNKNOWN/) });
    expect(await terminal('run', 'kv', '--port', '0')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/CLUSTER_RUNNING/),
    });

    const { code } = await cluster.stop();
    expect(code).toBe(0);
    expect(nodes.filter(({ pid }) => pid !== null && alive(pid))).toEqual([]);
    expect(await terminal('status')).toMatchObject({ code: 4 });
  });

  it('the leader is killed while a client writes: nothing acknowledged is lost, and the node catches up from its disk', async () => {
    const cluster = await runCluster(await emptyDirectory());
    const endpoints = (await cluster.nodes()).flatMap(({ api }) => api ?? []);
    const writer = new Writer(endpoints, 'w');
    writer.start();
    await expect.poll(() => writer.acknowledged.size, WITHIN).toBeGreaterThan(20);
    // While nobody leads there is nobody to kill.
    const killed = async () => /^(n\d) killed/.exec((await cluster.synod('kill', 'leader')).out)?.[1];
    const old = await vi.waitUntil(killed, WITHIN);
    const atKill = writer.acknowledged.size;
    await expect.poll(() => writer.acknowledged.size, WITHIN).toBeGreaterThan(atKill + 20);
    expect(await cluster.leader()).not.toBe(old);
    expect((await cluster.synod('restart', old)).code).toBe(0);
    await writer.stop();
    expect(writer.failed).toBe(0);
    expect(await lost(endpoints, writer.acknowledged)).toEqual([]);
    await expect
      .poll(async () => {
        const applied = (await cluster.nodes()).map(({ status }) => status?.lastApplied);
        return new Set(applied).size;
      }, WITHIN)
      .toBe(1);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('all five are killed at once, then started: every acknowledged write is there', async () => {
    const cluster = await runCluster(await emptyDirectory());
    const nodes = await cluster.nodes();
    const endpoints = nodes.flatMap(({ api }) => api ?? []);
    const writers = ['a', 'b', 'c'].map((prefix) => new Writer(endpoints, prefix));
    for (const writer of writers) writer.start();
    await expect
      .poll(() => Math.min(...writers.map(({ acknowledged }) => acknowledged.size)), WITHIN)
      .toBeGreaterThan(15);
    for (const { pid } of nodes) process.kill(pid as number, 'SIGKILL');
    const acknowledged = new Map(writers.flatMap((writer) => [...writer.acknowledged]));
    await expect.poll(async () => (await cluster.nodes()).filter(({ up }) => up).length, WITHIN).toBe(0);
    expect((await cluster.synod('restart', 'all')).code).toBe(0);
    await Promise.all(writers.map((writer) => writer.stop()));
    expect(acknowledged.size).toBeGreaterThan(45);
    expect(await lost(endpoints, acknowledged)).toEqual([]);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('data survives a stop of the whole; nodes of a killed launcher end by themselves', async () => {
    const directory = await emptyDirectory();
    const first = await runCluster(directory, '--nodes', '3');
    await first.synod('put', 'kept', 'yes');
    const pids = (await first.nodes()).flatMap(({ pid }) => pid ?? []);
    first.launcher.child.kill('SIGKILL');
    await expect.poll(() => pids.filter(alive), WITHIN).toEqual([]);
    const second = await runCluster(directory, '--nodes', '3');
    expect((await second.synod('get', 'kept')).out).toBe('yes\n');
    expect((await second.synod('stop')).code).toBe(0);
    expect((await second.launcher.ended).code).toBe(0);
  });

  it("one node's database is damaged: that node says so and stays down, its file is left alone, the others serve", async () => {
    const directory = await emptyDirectory();
    const first = await runCluster(directory, '--nodes', '3');
    await first.synod('put', 'kept', 'yes');
    await first.stop();
    const file = join(first.data, 'n2', 'data.mdb');
    const whole = await readFile(file);
    const damaged = Buffer.from(whole).fill(0xaa, 0, 12_288);
    await writeFile(file, damaged);
    const second = await runCluster(directory, '--nodes', '3');
    await second.launcher.saw(/n2 did not start: STORAGE_CORRUPT: /);
    expect((await second.synod('get', 'kept')).out).toBe('yes\n');
    expect((await second.nodes()).filter(({ up }) => up).map(({ node }) => node)).toEqual(['n1', 'n3']);
    expect(await second.synod('restart', 'n2')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/error STORAGE_CORRUPT: /),
    });
    expect((await readFile(file)).equals(damaged)).toBe(true);
    expect((await second.stop()).code).toBe(0);
  });
});
