import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { begin, emptyDirectory, synod } from './support/synod.ts';

describe('bad input gets one sentence and exit status 2', () => {
  it.each([
    { args: ['run', 'kv', '--nodes', '0'], says: /--nodes.*whole number from 1 to 9/ },
    { args: ['run', 'kv', '--nodes', 'many'], says: /--nodes.*whole number from 1 to 9/ },
    { args: ['run', 'kv', '--nodes', '10'], says: /--nodes.*whole number from 1 to 9/ },
    { args: ['run', 'kv', '--port', '99999'], says: /--port.*whole number/ },
    { args: ['run', 'kv', '--cluster', 'a/b'], says: /--cluster.*letters/ },
    { args: ['run', 'zookeeper'], says: /error USAGE: There is no "zookeeper"/ },
    { args: ['run'], says: /missing required argument/ },
    { args: ['run', 'kv', '--nonsense'], says: /unknown option '--nonsense'/ },
    { args: ['nonsense'], says: /unknown command 'nonsense'/ },
    { args: ['put', 'key'], says: /missing required argument 'value'/ },
    { args: ['get', 'key', '--timeout', '-1'], says: /timeout/ },
    { args: ['put', 'k', 'v', '--if-revision', '1.5'], says: /--if-revision.*whole number/ },
    { args: ['watch'], says: /error USAGE: Name either a key or --prefix/ },
    { args: ['get', 'key', '--endpoint', 'not a url'], says: /error KV_ENDPOINT_INVALID/ },
  ])('synod $args', async ({ args, says }) => {
    const { code, err } = await synod(...args);
    expect(err).toMatch(says);
    expect(code).toBe(2);
  });

  it.each(['put', 'get', 'status', 'kill', 'restart', 'inspect', 'stop', 'delete'])(
    'synod %s without a cluster: status 4',
    async (command) => {
      const directory = await emptyDirectory();
      const args = { put: ['k', 'v'], get: ['k'], delete: ['k'], kill: ['n1'], restart: ['n1'] }[command] ?? [];
      const { code, err } = await synod(command, ...args, '--data', directory);
      expect(err).toMatch(/^error CLUSTER_NOT_RUNNING: No cluster runs on .*synod run kv/);
      expect(code).toBe(4);
    },
  );

  it('as JSON on request', async () => {
    const { err } = await synod('get', 'k', '--data', '/nonexistent', '--json');
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'CLUSTER_NOT_RUNNING', definite: true } });
  });
});

describe('a data directory', () => {
  const refused = async (prepare: (data: string) => Promise<void>, ...args: string[]) => {
    const data = join(await emptyDirectory(), 'kv');
    await mkdir(data);
    await prepare(data);
    return synod('run', 'kv', '--port', '0', '--data', data, ...args);
  };
  const config = (content: object | string) => (data: string) =>
    writeFile(join(data, 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));

  it.each([
    { what: 'of another cluster', content: { version: 1, cluster: 'other', nodes: 5 }, code: 'STORAGE_FOREIGN' },
    { what: 'of another size', content: { version: 1, cluster: 'kv', nodes: 3 }, code: 'NODES_CHANGED' },
    { what: 'with a damaged file', content: '{"version":1', code: 'DATA_DIRECTORY_CORRUPT' },
    { what: 'of a later version', content: { version: 9, cluster: 'kv', nodes: 5 }, code: 'DATA_DIRECTORY_CORRUPT' },
  ])('$what is refused: $code', async ({ content, code }) => {
    const ended = await refused(config(content));
    expect(ended.err).toMatch(new RegExp(`^error ${code}: `));
    expect(ended.code).toBe(2);
  });

  it('that is a file is refused', async () => {
    const file = join(await emptyDirectory(), 'file');
    await writeFile(file, 'x');
    const { code, err } = await synod('run', 'kv', '--port', '0', '--data', join(file, 'kv'));
    expect(err).toMatch(/error DATA_DIRECTORY_UNUSABLE: .*ENOTDIR/);
    expect(code).toBe(2);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be written is refused', async () => {
    const parent = await emptyDirectory();
    await chmod(parent, 0o500);
    const { err } = await synod('run', 'kv', '--port', '0', '--data', join(parent, 'kv'));
    expect(err).toMatch(/error DATA_DIRECTORY_UNUSABLE: .*EACCES/);
  });

  it("with a killed launcher's state file is free again", async () => {
    const state = {
      version: 1,
      cluster: 'kv',
      pid: 2 ** 22 - 1,
      control: { url: 'http://127.0.0.1:9', token: 'x' },
      apis: {},
    };
    const data = join(await emptyDirectory(), 'kv');
    await mkdir(data);
    await writeFile(join(data, 'cluster.json'), JSON.stringify(state));
    const { err, code } = await synod('status', '--data', data);
    expect([err, code]).toEqual([expect.stringMatching(/CLUSTER_NOT_RUNNING/), 4]);
  });
});

it('a port in use is named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, err } = await synod('run', 'kv', '--port', String(port), '--data', join(await emptyDirectory(), 'kv'));
  expect(err).toMatch(new RegExp(`error PORT_IN_USE: Port ${port} `));
  expect(code).toBe(2);
});

describe('help', () => {
  it.each(
    [
      [],
      ['run'],
      ['put'],
      ['get'],
      ['delete'],
      ['watch'],
      ['status'],
      ['kill'],
      ['restart'],
      ['inspect'],
      ['stop'],
    ].map((args) => ({ args })),
  )('synod $args --help ends with 0 and lists the exit statuses', async ({ args }) => {
    const { code, out } = await synod(...args, '--help');
    expect(out).toMatch(/Usage: synod/);
    expect(out).toMatch(/Exit status:/);
    expect(code).toBe(0);
  });

  it('a node process that is started by hand waits for nobody', async () => {
    const { code, err } = await begin(['node']).ended;
    expect(err).toMatch(/error USAGE: .*synod run kv/);
    expect(code).toBe(2);
  });
});
