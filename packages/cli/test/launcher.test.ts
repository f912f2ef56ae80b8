import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf, isAlive } from './support/processes.ts';
import { alone, begin, emptyDirectory, runCluster, synod } from './support/synod.ts';
import { lost, Writer } from './support/writer.ts';

const WITHIN = { timeout: 30_000, interval: 100 };

describe('the launcher', { timeout: 120_000 }, () => {
  it('ended while it starts: nothing is left behind', async () => {
    const data = join(await emptyDirectory(), 'kv');
    const launcher = begin(['run', 'kv', '--port', '0', '--data', data]);
    const pid = launcher.child.pid as number;
    await expect.poll(() => childrenOf(pid), WITHIN).toHaveLength(5);
    const processes = await childrenOf(pid);
    launcher.child.kill('SIGINT');
    const { code, out } = await launcher.ended;
    expect([code, out]).toEqual([0, '']);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(await readdir(data)).not.toContain('cluster.json');
  });

  it('a second signal forces the end', async () => {
    const cluster = await runCluster(await emptyDirectory(), '--nodes', '1');
    const [node] = await childrenOf(cluster.launcher.child.pid as number);
    process.kill(node as number, 'SIGSTOP');
    const insist = setInterval(() => cluster.launcher.child.kill('SIGINT'), 300);
    const { code, err } = await cluster.launcher.ended;
    clearInterval(insist);
    expect([code, err]).toEqual([130, expect.stringContaining('Forced to stop.')]);
    await expect.poll(() => isAlive(node as number), WITHIN).toBe(false);
  });

  it('one at a time on a directory, even when two are started at once', async () => {
    const data = join(await emptyDirectory(), 'kv');
    const both = [1, 2].map(() => begin(['run', 'kv', '--nodes', '1', '--port', '0', '--data', data]));
    const refused = await Promise.race(both.map(({ ended }) => ended));
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/error CLUSTER_RUNNING: /)]);
    await Promise.any(both.map(({ saw }) => saw(/Write a key/, 40_000)));
    expect((await synod('put', 'k', 'v', '--data', data)).code).toBe(0);
    expect((await synod('stop', '--data', data)).code).toBe(0);
    expect((await Promise.all(both.map(({ ended }) => ended))).map(({ code }) => code).sort()).toEqual([0, 1]);
  });

  it('a node that dies is shown as down, and two restarts at once make one process, at the same address', async () => {
    const cluster = await runCluster(await emptyDirectory(), '--nodes', '3');
    const before = await cluster.nodes();
    process.kill(before[1]?.pid as number, 'SIGKILL');
    await expect.poll(async () => (await cluster.nodes())[1], WITHIN).toMatchObject({ up: false, pid: null });
    expect((await cluster.synod('status')).out).toMatch(/^n2 +down .*ended by SIGKILL$/m);
    expect(await cluster.synod('kill', 'n2')).toMatchObject({ code: 1, err: expect.stringMatching(/error NODE_DOWN/) });
    const restarts = await Promise.all([1, 2].map(() => alone('restart', 'n2', '--data', cluster.data)));
    expect(restarts.map(({ code }) => code)).toEqual([0, 0]);
    expect((await cluster.nodes())[1]).toMatchObject({ up: true, api: before[1]?.api });
    expect(await childrenOf(cluster.launcher.child.pid as number)).toHaveLength(3);
    expect((await cluster.stop()).code).toBe(0);
  });

  it('a node that is paused does nothing, and goes on where it was', async () => {
    const cluster = await runCluster(await emptyDirectory(), '--nodes', '3');
    const led = await cluster.leader();
    const held = ['n1', 'n2', 'n3'].find((node) => node !== led) as string;
    expect(await cluster.synod('pause', held)).toMatchObject({ code: 0 });
    const paused = async () => (await cluster.nodes()).find(({ node }) => node === held);
    expect(await paused()).toMatchObject({ up: true, paused: true, status: null });
    expect((await cluster.synod('status')).out).toMatch(new RegExp(`^${held} +paused`, 'm'));
    expect(await cluster.synod('put', 'k', 'v')).toMatchObject({ code: 0 });
    expect(await cluster.synod('pause', held)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/error NODE_PAUSED: /),
    });
    expect(await cluster.synod('resume', held)).toMatchObject({ code: 0 });
    expect(await cluster.synod('resume', held)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/NODE_RUNNING: /),
    });
    await expect.poll(async () => (await paused())?.status?.lastApplied ?? 0, WITHIN).toBeGreaterThan(0);
    expect(await cluster.synod('pause', held)).toMatchObject({ code: 0 });
    expect(await cluster.synod('restart', held)).toMatchObject({ code: 0 });
    expect(await paused()).toMatchObject({ up: true, paused: false });
    expect((await cluster.stop()).code).toBe(0);
  });

  it('all six processes are killed at once: the next start has every acknowledged write', async () => {
    const directory = await emptyDirectory();
    const first = await runCluster(directory);
    const nodes = await first.nodes();
    const endpoints = nodes.flatMap(({ api }) => api ?? []);
    const writers = ['a', 'b'].map((prefix) => new Writer(endpoints, prefix, 1_000));
    for (const writer of writers) writer.start();
    await expect
      .poll(() => Math.min(...writers.map(({ acknowledged }) => acknowledged.size)), WITHIN)
      .toBeGreaterThan(20);
    const pids = [first.launcher.child.pid as number, ...nodes.map(({ pid }) => pid as number)];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await Promise.all([first.launcher.ended, ...writers.map((writer) => writer.stop())]);
    expect(JSON.parse(await readFile(join(first.data, 'cluster.json'), 'utf8'))).toMatchObject({ pid: pids[0] });
    expect(await first.synod('status')).toMatchObject({ code: 4 });

    const second = await runCluster(directory);
    const now = (await second.nodes()).flatMap(({ api }) => api ?? []);
    const acknowledged = new Map(writers.flatMap((writer) => [...writer.acknowledged]));
    expect(acknowledged.size).toBeGreaterThan(40);
    expect(await lost(now, acknowledged)).toEqual([]);
    expect((await second.stop()).code).toBe(0);
  });

  it('watch prints changes until it is interrupted, or nobody reads on', async () => {
    const cluster = await runCluster(await emptyDirectory(), '--nodes', '1');
    const args = ['watch', '--prefix', 'color/', '--json', '--data', cluster.data];
    const watch = begin([...args, '--after', '0']);
    await cluster.synod('put', 'other', 'x');
    await cluster.synod('put', 'color/1', 'red');
    await cluster.synod('delete', 'color/1');
    await watch.saw(/"value":null/);
    watch.child.kill('SIGINT');
    const seen = (await watch.ended).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(seen).toMatchObject([
      { key: 'color/1', value: 'red' },
      { key: 'color/1', value: null },
    ]);
    const deaf = begin([...args, '--after', '0']);
    deaf.child.stdout?.destroy();
    expect(await deaf.ended).toMatchObject({ code: 0, err: '' });
    expect((await cluster.stop()).code).toBe(0);
  });

  it('--json prints one line a machine can read, and nothing else', async () => {
    const data = join(await emptyDirectory(), 'kv');
    const launcher = begin(['run', 'kv', '--nodes', '1', '--port', '0', '--no-inspector', '--json', '--data', data]);
    await launcher.saw(/"leader"/, 40_000);
    expect(await synod('inspect', '--data', data)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/INSPECTOR_OFF/),
    });
    launcher.child.kill('SIGTERM');
    const { code, out, err } = await launcher.ended;
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({ leader: 'n1', inspector: null, apis: { n1: expect.stringMatching(/^http:/) } });
  });
});
