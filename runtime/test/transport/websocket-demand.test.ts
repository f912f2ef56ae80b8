import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/index.ts';
import { counts, eventually, numbered, rawPeer, startNode, type TestNode, upTo } from './support.ts';

/** What a cluster tells a transport: where its members are. */
const acquaint = (...nodes: readonly TestNode[]) => {
  for (const node of nodes) for (const other of nodes) node.transport.learn?.(other.name, other.transport.url);
};

const pair = async (options = {}) => {
  const [n1, n2] = [await startNode('n1', options), await startNode('n2', options)];
  acquaint(n1, n2);
  return [n1, n2] as const;
};

const disconnected = (...nodes: readonly TestNode[]) =>
  eventually(() => {
    for (const { transport } of nodes) expect(transport.stats().connections).toBe(0);
  });

describe('a node that was learnt', () => {
  it('is dialled when there is something to send, and not before', async () => {
    const [n1, n2] = await pair();
    expect(n1.transport.stats()).toMatchObject({ connections: 0, refused: 0 });
    n1.transport.send(numbered('n1', 'n2', 1));
    await eventually(() => expect(counts(n2)).toEqual([1]));
  });

  it('is dialled at once by either side', async () => {
    const [n1, n2] = await pair({ backoff: { minMs: 60_000, maxMs: 60_000 } });
    n2.transport.send(numbered('n2', 'n1', 1));
    await eventually(() => expect(counts(n1)).toEqual([1]));
  });

  it('is found where it was last said to be', async () => {
    const backoff = { minMs: 60_000, maxMs: 60_000 };
    const n1 = await startNode('n1', { backoff });
    const gone = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port } = gone.address() as { port: number };
    gone.close();
    n1.transport.learn?.('n2', `ws://127.0.0.1:${port}`);
    n1.transport.send(numbered('n1', 'n2', 1));
    await eventually(() => expect(n1.noted('CONNECT_FAILED')).toHaveLength(1));
    const n2 = await startNode('n2');
    n1.transport.learn?.('n2', n2.transport.url);
    await eventually(() => expect(counts(n2)).toEqual([1]));
  });

  it.each(['no url', 'http://127.0.0.1:1', 'ws://', ''])('is not looked for at "%s", but where it was', async (url) => {
    const [n1, n2] = await pair();
    const invalid = expect.objectContaining({ code: 'URL_INVALID' });
    expect(() => n1.transport.learn?.('n2', url)).toThrow(invalid);
    n1.transport.send(numbered('n1', 'n2', 1));
    await eventually(() => expect(counts(n2)).toEqual([1]));
  });

  it('and cannot be reached is waited for no longer than is allowed', async () => {
    const n1 = await startNode('n1', { forgetMs: 100 });
    n1.transport.learn?.('n2', 'ws://127.0.0.1:1');
    n1.transport.send(numbered('n1', 'n2', 1));
    await eventually(() => expect(n1.drops).toMatchObject([{ reason: 'unreachable', id: 'n1:1' }]));
    expect(n1.drops[0]?.detail).toMatch(/^PEER_GONE/);
  });
});

describe('a connection over which nothing goes', () => {
  it('is closed, without a word, and another is made when it is needed', async () => {
    const [n1, n2] = await pair({ idleMs: 20 });
    for (const count of upTo(3)) {
      n1.transport.send(numbered('n1', 'n2', count));
      await eventually(() => expect(counts(n2)).toEqual(upTo(count)));
      await disconnected(n1, n2);
    }
    expect(n1.noted('CONNECTION_OPEN')).toHaveLength(1);
    expect(n1.noted('CONNECTION_IDLE')).toEqual([]);
    expect([...n1.drops, ...n2.drops]).toEqual([]);
  });

  it('stays when one of the two lists the other among its peers', async () => {
    const n2 = await startNode('n2', { idleMs: 10 });
    const n1 = await startNode('n1', { idleMs: 10, peers: { n2: n2.transport.url } });
    n1.transport.send(numbered('n1', 'n2', 1));
    await eventually(() => expect(counts(n2)).toEqual([1]));
    // Ten times as long as it would have been idle.
    await pause(100);
    expect(n2.transport.stats()).toMatchObject({ connections: 1, reconnects: 0 });
  });

  it('brings nothing twice, keeps the order and tells what is lost when something is sent at that very moment', async () => {
    const idleMs = 20;
    let sent = 0;
    let ahead = 0;
    // Just before n1 closes the connection as idle, n2 sends two more messages on it.
    const clock: Clock = {
      ...systemClock,
      now: () => systemClock.now() + ahead,
      setTimer: (callback, delayMs) =>
        systemClock.setTimer(() => {
          if (delayMs <= idleMs && sent < 20) {
            ahead += idleMs;
            for (let i = 0; i < 2; i++) n2.transport.send(numbered('n2', 'n1', ++sent));
          }
          callback();
        }, delayMs),
    };
    const backoff = { minMs: 1_000 };
    const [n1, n2] = [await startNode('n1', { idleMs, clock, backoff }), await startNode('n2', { backoff })];
    acquaint(n1, n2);
    const arrived = () => counts(n1) as readonly number[];
    for (let round = 1; round <= 10; round++) {
      n1.transport.send(numbered('n1', 'n2', round));
      await eventually(() => expect(sent).toBeGreaterThanOrEqual(2 * round));
      await eventually(() => expect([n1, n2].map((each) => each.transport.stats().connections)).toEqual([0, 0]));
    }
    expect(sent).toBe(20);
    expect(arrived()).toEqual([...new Set(arrived())].sort((a, b) => a - b));
    // What was dropped may have arrived: the sender cannot know.
    const lost = upTo(20).filter((each) => !arrived().includes(each as number));
    expect(n2.drops.length).toBeGreaterThanOrEqual(lost.length);
  });
});

describe("a member's name", () => {
  it('is refused to another process, though the member is not connected, until the member is gone', async () => {
    const [n1, n2] = await pair({ idleMs: 20 });
    n1.transport.send(numbered('n1', 'n2', 1));
    await eventually(() => expect(counts(n2)).toEqual([1]));
    await disconnected(n1, n2);
    const impostor = await startNode('n2');
    acquaint(impostor);
    impostor.transport.learn?.('n1', n1.transport.url);
    impostor.transport.send(numbered('n2', 'n1', 7));
    await eventually(() => expect(n1.noted('HANDSHAKE_DUPLICATE')).not.toEqual([]));
    n2.transport.send(numbered('n2', 'n1', 1));
    await eventually(() => expect(counts(n1)).toEqual([1]));
    await n2.transport.stop();
    n1.transport.release?.('n2');
    await eventually(() => expect(counts(n1)).toEqual([1, 7]));
  });
});

describe('peers that come and go', () => {
  it('make room for others', async () => {
    const node = await startNode('n1', { maxPeers: 2, idleMs: 10 });
    for (const name of ['n2', 'n3', 'n4', 'n5']) {
      const { frames } = await rawPeer(node.transport.url, name);
      expect(frames).toHaveLength(2);
      await eventually(() => expect(node.transport.stats().connections).toBe(0));
    }
    expect(node.noted('HANDSHAKE_BUSY')).toEqual([]);
  });
});
