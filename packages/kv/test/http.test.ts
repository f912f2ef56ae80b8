import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKvServer } from '../src/index.ts';
import { createHttpCluster, type HttpCluster, problem, request, until } from './http-cluster.ts';

let http: HttpCluster;
let url: string;

beforeAll(async () => {
  http = await createHttpCluster();
  url = http.servers.n1?.url as string;
});
afterAll(() => http.stop());

const put = (path: string, body: string, headers: Record<string, string> = {}) =>
  request(url, { method: 'PUT', path, body, headers });

describe('keys and values', () => {
  it('are put, read and deleted through any node', async () => {
    const [first, second, third] = http.urls as [string, string, string];
    const created = await request(first, { method: 'PUT', path: '/v1/kv/color', body: 'red' });
    expect(created.status).toBe(201);
    const { revision } = JSON.parse(created.text);
    expect(JSON.parse(created.text)).toEqual({ key: 'color', revision, created: true });
    expect(created.headers).toMatchObject({ etag: `"${revision}"`, 'synod-revision': `${revision}` });

    const text = await request(second, { path: '/v1/kv/color' });
    expect(text).toMatchObject({ status: 200, text: 'red' });
    expect(text.headers).toMatchObject({
      etag: `"${revision}"`,
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(text.headers).not.toHaveProperty('access-control-allow-origin');
    const json = await request(third, { path: '/v1/kv/color', headers: { accept: 'application/json' } });
    expect(JSON.parse(json.text)).toEqual({ key: 'color', value: 'red', revision });
    expect((await request(third, { method: 'HEAD', path: '/v1/kv/color' })).headers['synod-revision']).toBe(
      `${revision}`,
    );

    const updated = await request(third, { method: 'PUT', path: '/v1/kv/color', body: 'blue' });
    expect(updated.status).toBe(200);
    const removed = await request(second, { method: 'DELETE', path: '/v1/kv/color' });
    expect(removed.status).toBe(200);
    expect(JSON.parse(removed.text)).toEqual({ key: 'color', revision: expect.any(Number), deleted: true });
    const again = await request(second, { method: 'DELETE', path: '/v1/kv/color' });
    expect(JSON.parse(again.text)).toEqual({ key: 'color', revision: null, deleted: false });
  });

  it.each<[string, string]>([
    ['a%2Fb', 'a/b'],
    ['a/b/c', 'a/b/c'],
    ['gr%C3%BC%C3%9Fe%20%F0%9F%A6%8A', 'grüße 🦊'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['line%0Abreak', 'line\nbreak'],
    ['a+b', 'a+b'],
    ['100%25', '100%'],
    ['a%2F..%2Fb', 'a/../b'],
    ['q%3Fx%23y', 'q?x#y'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('have keys of all kinds: %s', async (path, key) => {
    const written = await put(`/v1/kv/${path}`, 'value');
    expect(JSON.parse(written.text).key).toBe(key);
    expect(await http.cluster.node('n2').get(key)).toMatchObject({ value: 'value' });
  });

  it('have keys of 1,024 bytes', async () => {
    expect((await put(`/v1/kv/${'%E2%82%AC'.repeat(341)}x`, 'value')).status).toBe(201);
  });

  it('have two spellings of a slash', async () => {
    await put('/v1/kv/one%2Ftwo', 'x');
    expect((await request(url, { path: '/v1/kv/one/two' })).text).toBe('x');
  });

  it.each([
    ['none', ''],
    ['a BOM', '\ufeffx'],
    ['all Unicode', 'grüße 🦊'],
    ['1 MiB', 'x'.repeat(1_048_576)],
  ])('keep values as they are: %s', async (_, value) => {
    await put('/v1/kv/value', value);
    expect((await request(url, { path: '/v1/kv/value' })).text).toBe(value);
  });

  it('keep a value whose characters are split over chunks', async () => {
    const bytes = Buffer.from('🦊€');
    await request(url, { method: 'PUT', path: '/v1/kv/split', body: [...bytes].map((byte) => Uint8Array.of(byte)) });
    expect((await request(url, { path: '/v1/kv/split' })).text).toBe('🦊€');
  });
});

describe('conditions', () => {
  it('compare and set', async () => {
    const missing = { 'if-none-match': '*' };
    expect((await put('/v1/kv/cas', '1', missing)).status).toBe(201);
    const refused = await put('/v1/kv/cas', '2', missing);
    expect(refused.status).toBe(412);
    const { code, details } = problem(refused);
    expect(code).toBe('KV_REVISION_MISMATCH');
    const current = { 'if-match': `"${details.revision}"` };
    expect((await put('/v1/kv/cas', '2', current)).status).toBe(200);
    expect((await put('/v1/kv/cas', '3', current)).status).toBe(412);
    expect((await request(url, { method: 'DELETE', path: '/v1/kv/cas', headers: current })).status).toBe(412);
    expect((await request(url, { path: '/v1/kv/cas' })).text).toBe('2');
  });

  it('spare a read what the client has', async () => {
    const { headers } = await put('/v1/kv/cached', '1');
    const unchanged = await request(url, {
      path: '/v1/kv/cached',
      headers: { 'if-none-match': headers.etag as string },
    });
    expect(unchanged).toMatchObject({ status: 304, text: '' });
    expect((await request(url, { path: '/v1/kv/cached', headers: { 'if-none-match': '"1"' } })).status).toBe(200);
  });
});

describe('sessions', () => {
  it('make a retry through another node harmless', async () => {
    const opened = await request(url, { method: 'POST', path: '/v1/sessions' });
    expect(opened.status).toBe(201);
    const { clientId } = JSON.parse(opened.text);
    const headers = { 'synod-client': `${clientId}`, 'synod-sequence': '1', 'synod-answered-below': '1' };
    const write = { method: 'PUT', path: '/v1/kv/once', body: 'x', headers: { ...headers, 'if-none-match': '*' } };
    const answers = [];
    for (const each of http.urls) answers.push(await request(each, write));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const read = await request(url, { path: '/v1/kv/once', headers });
    expect(problem(read).code).toBe('KV_SESSION_INVALID');
  });
});

it('tells the status', async () => {
  const { status, text } = await request(url, { path: '/v1/status' });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ node: 'n1', leader: http.cluster.leader(), peers: ['n2', 'n3'] });
});

describe('without a majority', () => {
  it('503 where there is no leader, 504 where there is one that cannot commit', async () => {
    const lonely = await createHttpCluster({ node: { timeoutMs: 300 } });
    const { cluster, servers } = lonely;
    const leader = cluster.leader() as string;
    cluster.route = () => 'drop';
    const write = { method: 'PUT', path: '/v1/kv/a', body: 'x' };
    const late = await request(servers[leader]?.url as string, write);
    expect(late.status).toBe(504);
    expect(problem(late)).toMatchObject({ code: 'KV_TIMEOUT', definite: true });
    cluster.route = () => 'deliver';
    // The one who writes first is who has a session.
    const now = await until(async () => {
      const name = cluster.leader();
      return name && (await request(servers[name]?.url as string, write)).status < 300 && name;
    });
    cluster.route = () => 'drop';
    const later = await request(servers[now]?.url as string, write);
    expect(problem(later)).toMatchObject({ code: 'KV_TIMEOUT', status: 504, definite: false });
    const other = await until(() => cluster.nodes.find((node) => node.status().leader === null)?.node);
    const none = await request(servers[other]?.url as string, write);
    expect(none.status).toBe(503);
    expect(none.headers['retry-after']).toBe('1');
    expect(problem(none)).toMatchObject({ code: 'KV_NO_LEADER', definite: true });
    await lonely.stop();
  });
});

describe('the server', () => {
  it('says when its port is taken, or no port of this machine', async () => {
    const node = http.cluster.node('n1');
    const port = Number(new URL(url).port);
    await expect(createKvServer({ node, port }).start()).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await expect(createKvServer({ node, host: '192.0.2.1' }).start()).rejects.toMatchObject({
      code: 'HOST_UNAVAILABLE',
    });
  });

  it('stops twice, and without a start', async () => {
    const server = createKvServer({ node: http.cluster.node('n1') });
    await server.stop();
    const other = createKvServer({ node: http.cluster.node('n1') });
    await other.start();
    await Promise.all([other.stop(), other.stop()]);
  });

  it('answers 503 once the node is gone', async () => {
    const gone = await createHttpCluster();
    await gone.cluster.kill('n1');
    const answer = await request(gone.servers.n1?.url as string, { path: '/v1/kv/a' });
    expect(answer.status).toBe(503);
    await gone.stop();
  });
});
