import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type ControlServer, serveControl } from '../src/launcher/control.ts';
import { askControl } from '../src/launcher/control-client.ts';
import { findRunning } from '../src/launcher/running.ts';
import { type ClusterState, createState, readState, removeState, writeState } from '../src/launcher/state-file.ts';
import { emptyDirectory } from './support/synod.ts';

const asked: string[] = [];

async function control(): Promise<ControlServer> {
  asked.length = 0;
  const server = await serveControl({
    kind: 'kv',
    cluster: {
      info: [],
      kill: async (node) => void asked.push(`kill ${node}`),
      restart: async (node) => void asked.push(`restart ${node}`),
      pause: async (node) => void asked.push(`pause ${node}`),
      resume: async (node) => void asked.push(`resume ${node}`),
    },
    inspectorUrl: () => null,
    stop: () => void asked.push('stop'),
  });
  onTestFinished(() => server.close());
  return server;
}

const state = (pid: number, { url, token }: { url: string; token: string }): ClusterState => ({
  version: 1,
  kind: 'kv',
  cluster: 'kv',
  pid,
  control: { url, token },
  apis: { n1: 'http://127.0.0.1:7401' },
});
const nobody = { url: 'http://127.0.0.1:9', token: 'x' };

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid as number;
}

it('is readable by its owner only, whole or not there, and created once', async () => {
  const directory = await emptyDirectory();
  const first = state(1, nobody);
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => createState(directory, first)));
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await readState(directory)).toEqual(first);
  expect(((await stat(join(directory, 'cluster.json'))).mode & 0o777).toString(8)).toBe('600');
  const second = { ...first, apis: {} };
  await writeState(directory, second);
  expect(await readState(directory)).toEqual(second);
  expect(((await stat(join(directory, 'cluster.json'))).mode & 0o777).toString(8)).toBe('600');
  expect(await readdir(directory)).toEqual(['cluster.json']);
  await removeState(directory);
  expect(await readState(directory)).toBeUndefined();
});

it.each([
  { what: 'no JSON', content: 'pid 7' },
  { what: 'an empty file', content: '' },
  { what: 'another version', content: JSON.stringify({ ...state(1, nobody), version: 2 }) },
  { what: 'no process id', content: JSON.stringify({ ...state(1, nobody), pid: -1 }) },
  { what: 'an address that is none', content: JSON.stringify({ ...state(1, nobody), apis: { n1: 'here' } }) },
])('$what in it is refused', async ({ content }) => {
  const directory = await emptyDirectory();
  await writeFile(join(directory, 'cluster.json'), content);
  await expect(readState(directory)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_CORRUPT' });
});

it('of a launcher that answers: the cluster runs', async () => {
  const directory = await emptyDirectory();
  await createState(directory, state(process.pid, await control()));
  expect(await findRunning(directory)).toMatchObject({ pid: process.pid });
});

it.each([
  { what: 'whose process is gone', pid: endedPid, at: async () => nobody },
  { what: 'whose process id was used again', pid: async () => process.pid, at: async () => nobody },
  {
    what: 'whose port another program has, with another token',
    pid: async () => process.pid,
    at: async () => ({ ...(await control()), token: 'x' }),
  },
])('of a launcher $what: the cluster does not run', async ({ pid, at }) => {
  const directory = await emptyDirectory();
  await createState(directory, state(await pid(), await at()));
  expect(await findRunning(directory)).toBeUndefined();
});

it('the control endpoint does nothing without the token', async () => {
  const { url, token } = await control();
  for (const authorization of ['', 'Bearer x', `Bearer ${token}x`, `Basic ${token}`]) {
    const response = await fetch(`${url}/kill/n1`, { method: 'POST', headers: { authorization } });
    expect(response.status, authorization).toBeGreaterThanOrEqual(400);
    await response.text();
  }
  expect(asked).toEqual([]);
  await askControl({ url, token }, 'POST', '/kill/n1');
  expect(asked).toEqual(['kill n1']);
});

it('the control endpoint refuses what its cluster cannot do', async () => {
  const at = await control();
  const content = { groups: [['n1']] };
  await expect(askControl(at, 'POST', '/partition', { content })).rejects.toMatchObject({
    code: 'CONTROL_UNSUPPORTED',
  });
  await expect(askControl(at, 'POST', '/heal')).rejects.toMatchObject({ code: 'CONTROL_UNSUPPORTED' });
  await askControl(at, 'POST', '/pause/n1');
  expect(asked).toEqual(['pause n1']);
});

it('of an earlier version of this program is of a key-value store', async () => {
  const directory = await emptyDirectory();
  const { kind: _, ...earlier } = state(1, nobody);
  await writeFile(join(directory, 'cluster.json'), JSON.stringify(earlier));
  expect(await readState(directory)).toEqual(state(1, nobody));
});
