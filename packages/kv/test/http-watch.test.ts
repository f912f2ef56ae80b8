import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvents, type ServerSentEvent } from '../src/client/event-source.ts';
import { createKvServer } from '../src/index.ts';
import { createHttpCluster, type HttpCluster, request, until } from './http-cluster.ts';

let http: HttpCluster;
let url: string;

beforeAll(async () => {
  http = await createHttpCluster({ node: { maxChanges: 8 } });
  url = http.servers.n2?.url as string;
});
afterAll(() => http.stop());

/** Opens a stream. Resolves when the server has begun it. */
async function open(path: string, headers: Record<string, string> = {}, base = url) {
  const abort = new AbortController();
  const response = await fetch(base + path, { headers, signal: abort.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const seen = { events: [] as ServerSentEvent[], chunks: 0, ended: false, close: () => abort.abort() };
  const read = async () => {
    const body = response.body as ReadableStream<Uint8Array>;
    for await (const event of readEvents(body, () => seen.chunks++)) seen.events.push(event);
  };
  read().then(
    () => {
      seen.ended = true;
    },
    () => {
      seen.ended = true;
    },
  );
  await until(() => seen.events.length > 0);
  return seen;
}

const revisionOf = async (key: string, value: string) => (await http.cluster.node('n1').put(key, value)).revision;

describe('GET /v1/watch', () => {
  it('sends changes with their revision as id', async () => {
    const one = await open('/v1/watch/a%2Fb');
    const many = await open('/v1/watch?prefix=a%2F');
    expect(one.events[0]).toMatchObject({ event: 'ready' });
    const revision = await revisionOf('a/b', 'line\nbreak');
    await revisionOf('b', 'x');
    const { revision: deleted } = await http.cluster.node('n3').delete('a/b');
    await until(() => one.events.length === 3 && many.events.length === 3);
    expect(one.events.slice(1)).toEqual([
      { event: 'message', id: `${revision}`, data: JSON.stringify({ key: 'a/b', revision, value: 'line\nbreak' }) },
      { event: 'message', id: `${deleted}`, data: JSON.stringify({ key: 'a/b', revision: deleted, value: null }) },
    ]);
    expect(many.events.slice(1)).toEqual(one.events.slice(1));
    one.close();
    many.close();
    await until(() => one.ended && many.ended);
  });

  it('goes on after Last-Event-ID, which goes before the query', async () => {
    const first = await revisionOf('c', '1');
    const second = await revisionOf('c', '2');
    await until(() => http.cluster.node('n2').revision >= second);
    for (const [path, headers] of [
      ['/v1/watch/c', { 'last-event-id': `${first}` }],
      [`/v1/watch/c?after=${first}`, {}],
      [`/v1/watch/c?after=${second}`, { 'last-event-id': `${first}` }],
    ] as const) {
      const stream = await open(path, headers);
      await until(() => stream.events.length === 2);
      expect(stream.events.map(({ id }) => id)).toEqual([`${first}`, `${second}`]);
      stream.close();
    }
  });

  it('410 for what is no longer known', async () => {
    const first = await revisionOf('d', '0');
    for (let more = 0; more < 9; more++) await revisionOf('d', `${more}`);
    const last = await revisionOf('d', 'last');
    await until(() => http.cluster.node('n2').revision >= last);
    const { status, text } = await request(url, { path: `/v1/watch/d?after=${first}` });
    expect(status).toBe(410);
    expect(JSON.parse(text)).toMatchObject({ code: 'KV_COMPACTED', details: { compacted: expect.any(Number) } });
  });

  it('sends signs of life, ends with the server, and lets go of what has ended', async () => {
    const server = createKvServer({ node: http.cluster.node('n2'), maxWatches: 1, heartbeatMs: 5 });
    await server.start();
    expect((await request(server.url, { method: 'HEAD', path: '/v1/watch/a' })).status).toBe(200);
    const stream = await open('/v1/watch/a', {}, server.url);
    await until(() => stream.chunks > 3);
    const { status, text, headers } = await request(server.url, { path: '/v1/watch/a' });
    expect({ status, code: JSON.parse(text).code, after: headers['retry-after'] }).toEqual({
      status: 503,
      code: 'KV_BUSY',
      after: '1',
    });
    stream.close();
    // A place is free once the server has seen the connection end.
    const next = await until(() => open('/v1/watch/a', {}, server.url).catch(() => undefined));
    const stopped = server.stop();
    await until(() => next.ended);
    await stopped;
  });

  it('ends with the node', async () => {
    const other = await createHttpCluster();
    const stream = await open('/v1/watch/a', {}, other.servers.n1?.url);
    await other.cluster.kill('n1');
    await until(() => stream.ended);
    await other.stop();
  });
});
