import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alone, begin, emptyDirectory, synod } from './support/synod.ts';

describe('bad input gets one sentence and exit status 2', () => {
  it.each([
    {
      args: ['run', 'kv', '--nodes', '0'],
      says: /^error USAGE: Option '--nodes <count>' argument .* is invalid. It must be a whole number from 1 to 9; --help /,
    },
    {
      args: ['run', 'kv', '--nodes', 'many'],
      says: /^error USAGE: Option '--nodes <count>' argument .* is invalid. It must be a whole number from 1 to 9; --help /,
    },
    {
      args: ['run', 'kv', '--nodes', '10'],
      says: /^error USAGE: Option '--nodes <count>' argument .* is invalid. It must be a whole number from 1 to 9; --help /,
    },
    { args: ['run', 'kv', '--port', '99999'], says: /--port.*whole number/ },
    { args: ['run', 'kv', '--cluster', 'a/b'], says: /--cluster.*letters/ },
    { args: ['run', 'zookeeper'], says: /error USAGE: There is no "zookeeper"/ },
    { args: ['run', 'swim', '--nodes', '101'], says: /--nodes.*whole number from 1 to 100/ },
    { args: ['run', 'swim', '--period', '0'], says: /--period.*whole number from 20/ },
    { args: ['run', 'swim', '--processes', '0'], says: /--processes.*whole number from 1/ },
    { args: ['partition'], says: /Missing required argument 'groups'/ },
    { args: ['partition', 'n5..n1'], says: /^error PARTITION_INVALID: / },
    { args: ['drop', 'n1', 'n2', '1.1'], says: /It must be a number from 0 to 1/ },
    { args: ['delay', 'n1', 'n2', '-5'], says: /^error USAGE: / },
    { args: ['delay', 'n1', 'n2', '60001'], says: /It must be a number from 0 to 60000/ },
    { args: ['duplicate', 'n1', 'n2'], says: /Missing required argument 'chance'/ },
    { args: ['skew', 'n1', '11'], says: /It must be a number from 0.1 to 10/ },
    { args: ['run'], says: /^error USAGE: Missing required argument 'what'; --help shows/ },
    { args: ['run', 'kv', '--nonsense'], says: /^error USAGE: Unknown option '--nonsense'; --help shows/ },
    { args: ['run', 'kv', '--data', ''], says: /--data.*must name a directory/ },
    {
      args: ['run', 'kv', '--host', '203.0.113.7', '--data', '/tmp/none'],
      says: /^error LISTEN_FAILED: .*203.0.113.7/,
    },
    { args: ['nonsense'], says: /^error USAGE: Unknown command 'nonsense'; --help/ },
    { args: ['satus'], says: /Did you mean status/ },
    { args: [], says: /error USAGE: Name a command/ },
    { args: ['put', 'key'], says: /^error USAGE: Missing required argument 'value'/ },
    { args: ['get', 'key', '--timeout', '-1'], says: /^error USAGE: .*--timeout/ },
    { args: ['put', 'k', 'v', '--if-revision', '1.5'], says: /--if-revision.*whole number/ },
    { args: ['watch'], says: /error USAGE: Name either a key or --prefix/ },
    { args: ['get', 'key', '--endpoint', 'not a url'], says: /error KV_ENDPOINT_INVALID/ },
  ])('synod $args', async ({ args, says }) => {
    const { code, err, out } = await synod(...args);
    expect(err).toMatch(says);
    expect([code, out]).toEqual([2, '']);
  });

  it.each([
    { what: 'bytes that are no UTF-8', input: Buffer.from([0x78, 0xff]), says: /error KV_VALUE_INVALID: / },
    { what: 'more than any value may have', input: Buffer.alloc(5_000_000, 'x'), says: /error KV_VALUE_TOO_LARGE: / },
    { what: 'a little more than a value may have', input: Buffer.alloc(1_048_577, 'x'), says: /KV_VALUE_TOO_LARGE: / },
  ])('$what on standard input', async ({ input, says }) => {
    const { code, err } = await begin(['put', 'k', '-', '--endpoint', 'http://127.0.0.1:9'], input).ended;
    expect(err).toMatch(says);
    expect(code).toBe(2);
  });

  it.each([
    'put',
    'get',
    'status',
    'kill',
    'restart',
    'pause',
    'resume',
    'partition',
    'heal',
    'drop',
    'delay',
    'duplicate',
    'skew',
    'clear',
    'inspect',
    'stop',
    'delete',
  ])('synod %s without a cluster: status 4', async (command) => {
    const directory = await emptyDirectory();
    const node = ['kill', 'restart', 'pause', 'resume', 'partition'].includes(command) ? ['n1'] : [];
    const args =
      {
        put: ['k', 'v'],
        get: ['k'],
        delete: ['k'],
        drop: ['n1', 'n2', '0.3'],
        delay: ['n1', 'all', '200'],
        duplicate: ['all', 'all', '1'],
        skew: ['n1', '1.5'],
      }[command] ?? node;
    const { code, err } = await synod(command, ...args, '--data', directory);
    expect(err).toMatch(/^error CLUSTER_NOT_RUNNING: No cluster runs on .*synod run kv/);
    expect(code).toBe(4);
  });

  it('as JSON on request', async () => {
    const { err } = await synod('get', 'k', '--data', '/nonexistent', '--json');
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'CLUSTER_NOT_RUNNING', definite: true } });
    expect(JSON.parse((await synod('get', '--json')).err)).toMatchObject({ error: { code: 'USAGE', definite: true } });
  });

  it('an endpoint where nobody is: status 4', async () => {
    for (const command of [['get', 'k', '--timeout', '500'], ['status']]) {
      const { code, err } = await synod(...command, '--endpoint', 'http://127.0.0.1:9');
      expect(err).toMatch(/^error KV_UNREACHABLE: /);
      expect(code).toBe(4);
    }
  });
});

describe('a data directory', () => {
  const refused = async (prepare: (data: string) => Promise<void>, ...args: string[]) => {
    const data = join(await emptyDirectory(), 'kv');
    await mkdir(data);
    await prepare(data);
    return alone('run', 'kv', '--port', '0', '--data', data, ...args);
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
    const { code, err } = await alone('run', 'kv', '--port', '0', '--data', join(file, 'kv'));
    expect(err).toMatch(/error DATA_DIRECTORY_UNUSABLE: .*ENOTDIR/);
    expect(code).toBe(2);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be written is refused', async () => {
    const parent = await emptyDirectory();
    await chmod(parent, 0o500);
    const { err } = await alone('run', 'kv', '--port', '0', '--data', join(parent, 'kv'));
    expect(err).toMatch(/error DATA_DIRECTORY_UNUSABLE: .*EACCES/);
  });

  it.runIf(process.platform === 'linux')('in which no file can be made is refused', async () => {
    const { code, err } = await alone('run', 'kv', '--nodes', '1', '--port', '0', '--data', '/proc');
    expect(err).toMatch(/error DATA_DIRECTORY_UNUSABLE: \/proc cannot be used/);
    expect(code).toBe(2);
  });

  it('with a damaged state file is refused, and the file is left alone', async () => {
    const file = (data: string) => join(data, 'cluster.json');
    let where = '';
    const { code, err } = await refused(async (data) => {
      where = data;
      await writeFile(file(data), '{"version":1,');
    });
    expect(err).toMatch(/error DATA_DIRECTORY_CORRUPT: .*cluster.json is damaged .*move it away/);
    expect(code).toBe(2);
    expect(await readFile(file(where), 'utf8')).toBe('{"version":1,');
    expect((await synod('status', '--data', where)).err).toMatch(/error DATA_DIRECTORY_CORRUPT: /);
  });
});

/**
 * Starts a cluster of which one port, `offset` from the first, is taken. The ports before it are
 * whoever's the system gave them to: if one of them is not free, other ports are tried.
 */
async function withPortTaken(offset: number, data: string) {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const first = port - offset;
    const result = await alone('run', 'kv', '--nodes', '1', '--port', String(first), '--data', data);
    const named = Number(/Port (\d+) /.exec(result.err)?.[1]);
    if (!(named >= first && named < port)) return { ...result, port };
  }
}

describe('a port in use is named, and nothing is left running', () => {
  it.each([
    { offset: 0, what: 'the inspector' },
    { offset: 1, what: 'the API of n1' },
  ])('of $what', async ({ offset, what }) => {
    const data = join(await emptyDirectory(), 'kv');
    const { port, code, err } = await withPortTaken(offset, data);
    expect(err).toContain(`error PORT_IN_USE: Port ${port} for ${what} is in use; choose others with --port`);
    expect(code).toBe(2);
    expect(await readdir(data)).not.toContain('cluster.json');
  });
});

describe('help', () => {
  it.each(
    [
      [],
      ['run'],
      ['run', 'kv'],
      ['run', 'swim'],
      ['put'],
      ['get'],
      ['delete'],
      ['watch'],
      ['status'],
      ['kill'],
      ['restart'],
      ['pause'],
      ['resume'],
      ['partition'],
      ['heal'],
      ['drop'],
      ['delay'],
      ['duplicate'],
      ['skew'],
      ['clear'],
      ['inspect'],
      ['stop'],
      ['check'],
      ['sim'],
      ['replay'],
      ['mutants'],
    ].map((args) => ({ args })),
  )('synod $args --help ends with 0 and lists the exit statuses', async ({ args }) => {
    const { code, out } = await synod(...args, '--help');
    expect(out).toMatch(/Usage: synod/);
    expect(out.match(/Exit status:/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it.each([
    { command: 'node', by: 'kv' },
    { command: 'members', by: 'swim' },
  ])('a process of "synod $command" that is started by hand waits for nobody', async ({ command, by }) => {
    const { code, err } = await begin([command]).ended;
    expect(err).toMatch(new RegExp(`error USAGE: .*synod run ${by}`));
    expect(code).toBe(2);
  });
});
