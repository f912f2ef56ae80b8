import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeLinkFault } from '@synod/protocol';
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
    cluster: {
      info: [],
      kill: async (node) => void asked.push(`kill ${node}`),
      restart: async (node) => void asked.push(`restart ${node}`),
      pause: async (node) => void asked.push(`pause ${node}`),
      resume: async (node) => void asked.push(`resume ${node}`),
      partition: async (groups) => void asked.push(`partition ${groups.join(' | ')}`),
      heal: async () => void asked.push('heal'),
      disturb: async (fault) => void asked.push(describeLinkFault(fault)),
      skew: async (node, { rate, jumpMs }) => void asked.push(`skew ${node} ${rate} ${jumpMs}`),
      clear: async () => void asked.push('clear'),
    },
    inspectorUrl: ({ faults }) => (faults ? 'to act' : 'to look'),
    told: (nodes, text) => void asked.push(`told ${nodes}: ${text}`),
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
  expect(asked).toEqual(['kill n1', 'told n1: kill']);
});

it.each([
  { path: '/partition', content: { groups: 'n1' }, code: 'PARTITION_INVALID' },
  { path: '/links', content: { kind: 'drop', chance: 2 }, code: 'FAULT_INVALID' },
  { path: '/links', content: { kind: 'delay', addMs: [5, 1] }, code: 'FAULT_INVALID' },
  { path: '/links', content: {}, code: 'FAULT_INVALID' },
  { path: '/skew/n1', content: { rate: 0 }, code: 'FAULT_INVALID' },
  { path: '/skew/n1', content: { rate: 1, jumpMs: -1 }, code: 'FAULT_INVALID' },
  { path: '/inspector', content: { faults: 'yes' }, code: 'PERMISSION_INVALID' },
])('the control endpoint refuses $content at $path', async ({ path, content, code }) => {
  await expect(askControl(await control(), 'POST', path, { content })).rejects.toMatchObject({ code });
  expect(asked).toEqual([]);
});

it('the control endpoint has done what it is asked for, tells of it, and gives addresses to look and to act', async () => {
  const at = await control();
  const post = (path: string, content: object = {}) => askControl(at, 'POST', path, { content });
  await post('/links', { kind: 'drop', from: ['n1'], to: ['n2'], chance: 0.3 });
  await post('/skew/n2', { rate: 1.5 });
  await post('/clear');
  const drop = 'drop 30 % from n1 to n2';
  expect(asked).toEqual([drop, `told n1,n2: ${drop}`, 'skew n2 1.5 0', 'told n2: skew', 'clear', 'told : clear']);
  expect(await post('/inspector', { faults: false })).toEqual({ url: 'to look' });
  expect(await post('/inspector', { faults: true })).toEqual({ url: 'to act' });
});

it('of an earlier version of this program is of a key-value store', async () => {
  const directory = await emptyDirectory();
  const { kind: _, ...earlier } = state(1, nobody);
  await writeFile(join(directory, 'cluster.json'), JSON.stringify(earlier));
  expect(await readState(directory)).toEqual(state(1, nobody));
});
