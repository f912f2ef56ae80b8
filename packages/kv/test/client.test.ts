import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSynodError } from '@synod/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKvClient, createKvServer, type KvChange } from '../src/index.ts';
import { createHttpCluster, type HttpCluster, until } from './http-cluster.ts';

let http: HttpCluster;

beforeAll(async () => {
  http = await createHttpCluster({ raft: { maxSessions: 8 } });
});
afterAll(() => http.stop());

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => (isSynodError(error) ? error : expect.unreachable(String(error))),
  );

/** An endpoint that nobody listens on. */
const NOBODY = 'http://127.0.0.1:1';

describe('a client', () => {
  it('reads and writes', async () => {
    const client = createKvClient({ endpoints: http.urls });
    const key = 'a/grüße 🦊?#%';
    const { revision, created } = await client.put(key, 'x', { expected: 0 });
    expect(created).toBe(true);
    expect(await client.get(key)).toEqual({ value: 'x', revision });
    const next = await client.cas(key, revision, 'y');
    expect(next.created).toBe(false);
    expect(await rejection(client.cas(key, revision, 'z'))).toMatchObject({
      code: 'KV_REVISION_MISMATCH',
      definite: true,
      details: { revision: next.revision },
    });
    expect(await rejection(client.delete(key, { expected: revision }))).toMatchObject({ code: 'KV_REVISION_MISMATCH' });
    expect(await client.delete(key)).toEqual({ revision: expect.any(Number) });
    expect(await client.delete(key)).toEqual({ revision: null });
    expect(await client.get(key)).toBeNull();
    expect(await client.status()).toEqual(http.cluster.node('n1').status());
  });

  it('refuses what no server would take', async () => {
    const client = createKvClient({ endpoints: [NOBODY] });
    expect(await rejection(client.get(''))).toMatchObject({ code: 'KV_KEY_INVALID' });
    expect(await rejection(client.put('a', 'x'.repeat(1_048_577)))).toMatchObject({ code: 'KV_VALUE_TOO_LARGE' });
    for (const endpoint of ['', 'localhost:1', 'ftp://localhost', 'http://u:p@localhost', 'http://localhost?x']) {
      expect(() => createKvClient({ endpoints: [endpoint] })).toThrow(
        expect.objectContaining({ code: 'KV_ENDPOINT_INVALID' }),
      );
    }
    expect(() => createKvClient({ endpoints: [] })).toThrow(expect.objectContaining({ code: 'KV_ENDPOINT_INVALID' }));
  });

  it('passes over an endpoint that is down', async () => {
    const client = createKvClient({ endpoints: [NOBODY, `${http.urls[0]}/`] });
    await client.put('down', '1');
    expect((await client.get('down'))?.value).toBe('1');
  });

  it('gives up in time, and knows that nothing was sent', async () => {
    const client = createKvClient({ endpoints: [NOBODY], timeoutMs: 150 });
    expect(await rejection(client.put('a', '1'))).toMatchObject({ code: 'KV_UNREACHABLE', definite: true });
    expect(await rejection(client.get('a'))).toMatchObject({ code: 'KV_UNREACHABLE', definite: true });
  });

  it('does not take another server for a node', async () => {
    const stranger = await listen((_, response) => response.end('<h1>hello</h1>'));
    const client = createKvClient({ endpoints: [stranger.url] });
    expect(await rejection(client.status())).toMatchObject({ code: 'KV_RESPONSE_INVALID' });
    await stranger.close();
  });

  it('writes once though answers are lost', async () => {
    // A proxy that loses the first answer to each request that writes, after the write is done.
    const seen = new Set<string>();
    const [target] = http.urls as [string];
    const proxy = await listen(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { host, connection, ...headers } = incoming.headers as Record<string, string>;
      const body = incoming.method === 'PUT' ? { body: Buffer.concat(chunks) } : {};
      const answer = await fetch(target + incoming.url, { method: incoming.method as string, headers, ...body });
      const name = `${incoming.url} ${headers['synod-sequence']}`;
      if (incoming.method === 'PUT' && !seen.has(name)) {
        seen.add(name);
        incoming.socket.destroy();
      } else response.writeHead(answer.status).end(await answer.text());
    });
    const client = createKvClient({ endpoints: [proxy.url] });
    const changes: KvChange[] = [];
    const watch = http.cluster
      .node('n1')
      .watch({ prefix: 'lost/' })
      .subscribe((change) => changes.push(change));
    const writes = await Promise.all(['1', '2', '3'].map((n) => client.put(`lost/${n}`, n, { expected: 0 })));
    expect(writes.every(({ created }) => created)).toBe(true);
    expect(seen.size).toBe(3);
    expect(changes.map(({ key }) => key).sort()).toEqual(['lost/1', 'lost/2', 'lost/3']);
    watch.unsubscribe();
    await proxy.close();
  });

  it('tells an open outcome from a definite one when no endpoint answers', async () => {
    const [target] = http.urls as [string];
    const proxy = await listen(async (incoming, response) => {
      if (incoming.method === 'PUT') incoming.socket.destroy();
      else {
        const answer = await fetch(target + incoming.url, { method: incoming.method as string });
        response.writeHead(answer.status).end(await answer.text());
      }
    });
    const client = createKvClient({ endpoints: [proxy.url, NOBODY], timeoutMs: 1_000 });
    expect(await rejection(client.put('a', '1'))).toMatchObject({ code: 'KV_UNREACHABLE', definite: false });
    await proxy.close();
  });

  it('opens another session when its own has expired before the first try', async () => {
    const client = createKvClient({ endpoints: http.urls });
    await client.put('idle', '1');
    for (let opened = 0; opened < 8; opened++) await http.cluster.node('n1').openSession();
    const changes: KvChange[] = [];
    const watch = http.cluster
      .node('n1')
      .watch({ key: 'idle' })
      .subscribe((change) => changes.push(change));
    await Promise.all([client.put('idle', '2'), client.put('idle', '3')]);
    expect(changes.map(({ value }) => value).sort()).toEqual(['2', '3']);
    watch.unsubscribe();
  });

  it('writes once though the node it asks, the leader, dies on the way', async () => {
    const other = await createHttpCluster();
    const { cluster, servers } = other;
    const leader = cluster.leader() as string;
    const survivors = ['n1', 'n2', 'n3'].filter((name) => name !== leader);
    const client = createKvClient({
      endpoints: [leader, ...survivors].map((name) => servers[name]?.url as string),
      tryTimeoutMs: 1_000,
    });
    await client.put('warm', 'up');
    const changes: KvChange[] = [];
    cluster
      .node(survivors[0] as string)
      .watch({ key: 'crash' }, 0)
      .subscribe((change) => changes.push(change));
    // Followers get the entry, the leader never learns that they have it.
    const before = cluster.node(leader).status().lastLogIndex;
    let replicated = false;
    cluster.route = ({ to, message }) => {
      if (message.type === 'AppendEntriesReply' && to === `raft@${leader}`) {
        replicated ||= 'matchIndex' in message && (message.matchIndex as number) > before;
        return 'drop';
      }
      return 'deliver';
    };
    const write = client.put('crash', 'x', { expected: 0 });
    await until(() => replicated);
    await cluster.kill(leader);
    await servers[leader]?.stop();
    cluster.route = () => 'deliver';
    const { revision, created } = await write;
    expect(created).toBe(true);
    expect(await client.get('crash')).toEqual({ value: 'x', revision });
    await until(() => changes.length > 0);
    expect(changes).toEqual([{ key: 'crash', revision, value: 'x' }]);
    await other.stop();
  });
});

describe('watch', () => {
  /** What a watch comes to, so far. */
  function watching(endpoints: string[], after?: number, timeoutMs = 5_000) {
    const seen: { changes: KvChange[]; error?: unknown } = { changes: [] };
    const client = createKvClient({ endpoints, timeoutMs });
    const subscription = client.watch({ prefix: 'w/' }, after).subscribe({
      next: (change) => seen.changes.push(change),
      error: (error: unknown) => {
        seen.error = error;
      },
    });
    return { seen, stop: () => subscription.unsubscribe() };
  }

  it('goes on at another node without gap or repetition', async () => {
    const servers = ['n1', 'n2'].map((name) => createKvServer({ node: http.cluster.node(name) }));
    for (const server of servers) await server.start();
    const urls = servers.map(({ url }) => url);
    const { revision } = await http.cluster.node('n1').put('w/0', 'before');
    const { seen, stop } = watching(urls, revision);
    await http.cluster.node('n1').put('w/1', '🦊'.repeat(40_000));
    await until(() => seen.changes.length === 1);
    const [stopping] = [servers[0]?.stop()];
    await http.cluster.node('n1').put('w/2', '2');
    await until(() => seen.changes.length === 2);
    await stopping;
    await http.cluster.node('n1').put('w/3', '3');
    await until(() => seen.changes.length === 3);
    expect(seen.changes.map(({ key }) => key)).toEqual(['w/1', 'w/2', 'w/3']);
    stop();
    await servers[1]?.stop();
  });

  it('fails when nobody can be reached, or the node refuses', async () => {
    const { seen } = watching([NOBODY], undefined, 100);
    await until(() => seen.error);
    expect(seen.error).toMatchObject({ code: 'KV_UNREACHABLE' });
    const client = createKvClient({ endpoints: http.urls });
    const errors: unknown[] = [];
    client.watch({ key: '' }).subscribe({ error: (error: unknown) => errors.push(error) });
    await until(() => errors.length > 0);
    expect(errors).toMatchObject([{ code: 'KV_KEY_INVALID' }]);
  });
});

async function listen(handler: Parameters<typeof createServer>[1]): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
