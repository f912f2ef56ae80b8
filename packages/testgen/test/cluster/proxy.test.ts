import type { Address, Envelope } from '@synod/protocol';
import { createWebSocketTransport, type WebSocketTransport } from '@synod/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { CLUSTER, ScriptingProxy } from '../../src/cluster/proxy.ts';

interface End {
  readonly transport: WebSocketTransport;
  /** The first so many messages that came in, by their ids. */
  received(count: number): Promise<readonly string[]>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

const envelope = (from: string, to: string, number: number): Envelope => ({
  id: `${from}:${number}`,
  from: `actor@${from}` as Address,
  to: `actor@${to}` as Address,
  message: { type: 'Hello', number } as Envelope['message'],
  clock: { [from]: number },
});

async function proxied(deadlineMs = 4_000): Promise<ScriptingProxy> {
  const proxy = new ScriptingProxy(deadlineMs);
  await proxy.start(['a', 'b'], []);
  open.push(() => proxy.stop());
  return proxy;
}

async function end(proxy: ScriptingProxy, name: string): Promise<End> {
  const transport = createWebSocketTransport({ cluster: CLUSTER, peers: (peer) => proxy.urlFor(name, peer) });
  const ids: string[] = [];
  let look = () => {};
  await transport.start(name, {
    receive: ({ id }) => {
      ids.push(id);
      look();
    },
    drop: () => {},
    note: () => {},
  });
  open.push(() => transport.stop());
  proxy.reach(name, transport.url);
  return {
    transport,
    received: (count) =>
      new Promise((resolve) => {
        look = () => ids.length >= count && resolve([...ids]);
        look();
      }),
  };
}

describe('the scripting proxy', () => {
  it('holds what comes in, and lets it go on in any order', async () => {
    const proxy = await proxied();
    const [a, b] = [await end(proxy, 'a'), await end(proxy, 'b')];
    for (const number of [1, 2, 3]) a.transport.send(envelope('a', 'b', number));
    await proxy.arrival('a:3');
    proxy.release('a:3');
    proxy.release('a:1');
    expect(await b.received(2)).toEqual(['a:3', 'a:1']);
  });

  it('takes apart what came in one frame', async () => {
    const proxy = await proxied();
    const [a, b] = [await end(proxy, 'a'), await end(proxy, 'b')];
    a.transport.send(envelope('a', 'b', 1));
    await proxy.arrival('a:1');
    const frames = a.transport.stats().framesSent;
    for (const number of [2, 3, 4]) a.transport.send(envelope('a', 'b', number));
    await proxy.arrival('a:4');
    expect(a.transport.stats().framesSent).toBe(frames + 1);
    proxy.release('a:3');
    expect(await b.received(1)).toEqual(['a:3']);
  });

  it('lets a message go on twice', async () => {
    const proxy = await proxied();
    const [a, b] = [await end(proxy, 'a'), await end(proxy, 'b')];
    a.transport.send(envelope('a', 'b', 1));
    await proxy.arrival('a:1');
    proxy.release('a:1');
    proxy.release('a:1');
    expect(await b.received(2)).toEqual(['a:1', 'a:1']);
  });

  it('brings what its sender did not live to see arrive', async () => {
    const proxy = await proxied();
    const [a, b] = [await end(proxy, 'a'), await end(proxy, 'b')];
    a.transport.send(envelope('a', 'b', 1));
    await proxy.arrival('a:1');
    await a.transport.stop();
    proxy.release('a:1');
    expect(await b.received(1)).toEqual(['a:1']);
  });

  it('reaches a node that came back elsewhere', async () => {
    const proxy = await proxied();
    const [a, first] = [await end(proxy, 'a'), await end(proxy, 'b')];
    a.transport.send(envelope('a', 'b', 1));
    await proxy.arrival('a:1');
    proxy.release('a:1');
    await first.received(1);
    await first.transport.stop();
    const second = await end(proxy, 'b');
    proxy.release('a:1');
    expect(await second.received(1)).toEqual(['a:1']);
  });

  it('says what did not come in time', async () => {
    const proxy = await proxied(20);
    await expect(proxy.arrival('a:1')).rejects.toMatchObject({ code: 'CLUSTER_TEST_TIMEOUT' });
  });
});
