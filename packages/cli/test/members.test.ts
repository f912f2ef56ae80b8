import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askControl } from '../src/launcher/control-client.ts';
import { type ClusterState, readState } from '../src/launcher/state-file.ts';
import { childrenOf, isAlive } from './support/processes.ts';
import { begin, emptyDirectory, synod, synodJson } from './support/synod.ts';

const WITHIN = { timeout: 30_000, interval: 100 };

interface Member {
  readonly node: string;
  readonly up: boolean;
  readonly paused: boolean;
  readonly group: number | null;
  readonly pid: number | null;
  readonly sees: Readonly<Record<'alive' | 'suspect' | 'dead' | 'left', number>> | null;
}

/** Members with a short period, each of which sees all others alive. */
async function runMembers(...args: string[]) {
  const data = join(await emptyDirectory(), 'swim');
  const launcher = begin(['run', 'swim', '--nodes', '5', '--period', '100', '--port', '0', '--data', data, ...args]);
  await launcher.saw(/All members know each other/, 30_000);
  // Asked as `synod status` asks, without a process for each time.
  const { control } = (await readState(data)) as ClusterState;
  const nodes = async () => (await askControl(control, 'GET', '/nodes')) as Member[];
  /** How each that runs sees the others: `n1 3 alive 1 dead`. */
  const views = async () =>
    (await nodes()).flatMap(({ node, up, paused, sees }) => {
      const parts = Object.entries(sees ?? {}).filter(([, count]) => count > 0);
      return up && !paused ? [`${node} ${parts.map(([status, count]) => `${count} ${status}`).join(' ')}`] : [];
    });
  return { data, launcher, nodes, views, synod: (...rest: string[]) => synod(...rest, '--data', data) };
}

const each = (nodes: readonly string[], view: string) => nodes.map((node) => `${node} ${view}`);

describe('five members in two processes', { timeout: 90_000 }, () => {
  it('find out who was killed, and that it is back under its old name', async () => {
    const { data, launcher, nodes, views, synod: run } = await runMembers();
    expect(await childrenOf(launcher.child.pid as number)).toHaveLength(2);
    expect(await run('kill', 'n3')).toMatchObject({ code: 0, out: expect.stringMatching(/^n3 killed/) });
    await expect.poll(views, WITHIN).toEqual(each(['n1', 'n2', 'n4', 'n5'], '3 alive 1 dead'));
    expect(await synodJson('status', '--data', data)).toEqual({ nodes: await nodes() });
    expect((await run('status')).out).toMatch(/^NODE +STATE +GROUP +ALIVE +SUSPECT +DEAD +LEFT +PID\n/);
    expect((await run('status')).out).toMatch(/^n3 +down +killed$/m);
    expect(await run('kill', 'n3')).toMatchObject({ code: 1, err: expect.stringMatching(/error NODE_DOWN: /) });
    expect(await run('pause', 'n3')).toMatchObject({ code: 1, err: expect.stringMatching(/error NODE_DOWN: /) });
    expect(await run('restart', 'all')).toMatchObject({ code: 0, out: 'n3 up\n' });
    await expect.poll(views, WITHIN).toEqual(each(['n1', 'n2', 'n3', 'n4', 'n5'], '4 alive'));

    expect(await run('inspect')).toMatchObject({ out: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/) });
    expect(await synod('get', 'k', '--data', data)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/error CLUSTER_KIND: /),
    });
    expect(await synod('run', 'swim', '--port', '0', '--data', data)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/error CLUSTER_RUNNING: /),
    });
    const processes = (await nodes()).flatMap(({ pid }) => pid ?? []);
    expect(await run('stop')).toMatchObject({ code: 0, out: 'stopped\n' });
    expect((await launcher.ended).code).toBe(0);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(await readdir(data)).toEqual([]);
  });

  it('hold one that is paused for dead until it goes on; of a parted network the other side until it is whole', async () => {
    const { nodes, views, synod: run } = await runMembers('--processes', '1', '--no-inspector');
    expect(await run('pause', 'n2')).toMatchObject({ code: 0 });
    expect((await nodes())[1]).toMatchObject({ node: 'n2', up: true, paused: true });
    expect(await run('pause', 'n2')).toMatchObject({ code: 1, err: expect.stringMatching(/error NODE_PAUSED: /) });
    await expect.poll(views, WITHIN).toEqual(each(['n1', 'n3', 'n4', 'n5'], '3 alive 1 dead'));
    expect(await run('resume', 'n2')).toMatchObject({ code: 0 });
    expect(await run('resume', 'n2')).toMatchObject({ code: 1, err: expect.stringMatching(/error NODE_RUNNING: /) });
    await expect.poll(views, WITHIN).toEqual(each(['n1', 'n2', 'n3', 'n4', 'n5'], '4 alive'));

    expect(await run('heal')).toMatchObject({ code: 1, err: expect.stringMatching(/error NOT_PARTITIONED: /) });
    expect(await run('partition', 'n1,n9')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/error NODE_UNKNOWN: /),
    });
    expect(await run('partition', 'n1..n5')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/PARTITION_INVALID: /),
    });
    expect(await run('partition', 'n4,n5')).toMatchObject({ code: 0 });
    expect((await nodes()).map(({ group }) => group)).toEqual([1, 1, 1, 0, 0]);
    const parted = [...each(['n1', 'n2', 'n3'], '2 alive 2 dead'), ...each(['n4', 'n5'], '1 alive 3 dead')];
    await expect.poll(views, WITHIN).toEqual(parted);
    expect(await run('heal')).toMatchObject({ code: 0 });
    await expect.poll(views, WITHIN).toEqual(each(['n1', 'n2', 'n3', 'n4', 'n5'], '4 alive'));
    expect((await nodes()).map(({ group }) => group)).toEqual([null, null, null, null, null]);
  });

  it('that lose a process lose its members, and a restart starts another', async () => {
    const { launcher, nodes, views, synod: run } = await runMembers('--no-inspector');
    const [first] = await nodes();
    process.kill(first?.pid as number, 'SIGKILL');
    await launcher.saw(/n1 is down: its process was ended by SIGKILL/);
    const up = async () => (await nodes()).filter((member) => member.up).map(({ node }) => node);
    expect(await up()).toEqual(['n4', 'n5']);
    await expect.poll(views, WITHIN).toEqual(each(['n4', 'n5'], '1 alive 3 dead'));
    expect(await run('restart', 'all')).toMatchObject({ code: 0 });
    await expect.poll(views, WITHIN).toEqual(each(['n1', 'n2', 'n3', 'n4', 'n5'], '4 alive'));
  });

  it('--json prints one line a machine can read, and nothing else', async () => {
    const data = join(await emptyDirectory(), 'swim');
    const launcher = begin(['run', 'swim', '--nodes', '1', '--port', '0', '--no-inspector', '--json', '--data', data]);
    await launcher.saw(/"inspector"/);
    launcher.child.kill('SIGTERM');
    const { code, out, err } = await launcher.ended;
    expect([code, err, JSON.parse(out)]).toEqual([0, '', { nodes: ['n1'], inspector: null }]);
  });
});
