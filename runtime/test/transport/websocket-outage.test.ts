import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/virtual-clock.ts';
import {
  afterTest,
  counts,
  envelope,
  eventually,
  numbered,
  rawPeer,
  startNode,
  untilReceived,
  upTo,
} from './support.ts';

/** A TCP proxy that can cut its connections, or swallow what goes through them. */
async function proxy(targetPort: number) {
  const sockets = new Set<Socket>();
  let silent = false;
  const server: Server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => silent || to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        if (!silent) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  afterTest(() => {
    cut();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}`,
    cut,
    swallow: (on: boolean) => {
      silent = on;
    },
    connections: () => sockets.size / 2,
  };
}

const strictlyRising = (list: readonly number[]) =>
  list.every((count, index) => index === 0 || count > (list[index - 1] ?? 0));

describe('after an outage', () => {
  it('a peer that comes back at the same port gets what waited for it, in order', async () => {
    const first = await startNode('n2');
    const { port } = first.transport;
    const n1 = await startNode('n1', { peers: { n2: first.transport.url } });
    await untilReceived(n1, first, { type: 'Ready' });
    await first.transport.stop();
    await eventually(() => expect(n1.transport.stats().connections).toBe(0));
    for (let count = 1; count <= 100; count++) n1.transport.send(numbered('n1', 'n2', count));
    await eventually(() => expect(n1.noted('CONNECT_FAILED')).toHaveLength(1));
    const second = await startNode('n2', { listen: { port } });
    await eventually(() => expect(counts(second)).toEqual(upTo(100)));
    expect(n1.drops.filter(({ id }) => id !== 'n1:0')).toEqual([]);
    expect(n1.transport.stats()).toMatchObject({ connections: 1, reconnects: 1 });
    expect(n1.noted('CONNECT_FAILED')).toHaveLength(1);
  });

  it('messages keep their order over many broken connections, none arrives twice, and each that is missing was reported', async () => {
    const n2 = await startNode('n2');
    const line = await proxy(n2.transport.port);
    const n1 = await startNode('n1', { peers: { n2: line.url } });
    await untilReceived(n1, n2, { type: 'Ready' });
    const TOTAL = 3_000;
    for (let sent = 1, cuts = 0; sent <= TOTAL; sent++) {
      n1.transport.send(numbered('n1', 'n2', sent));
      if (sent % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (sent % 500 === 0) {
        line.cut();
        cuts++;
        await eventually(() => expect(n1.transport.stats()).toMatchObject({ reconnects: cuts, connections: 1 }));
      }
    }
    await untilReceived(n1, n2, { type: 'Done' });
    const arrived = counts(n2);
    expect(strictlyRising(arrived)).toBe(true);
    const reported = new Set(n1.drops.filter(({ reason }) => reason === 'unreachable').map(({ id }) => id));
    const missing = upTo(TOTAL).filter((count) => !arrived.includes(count));
    expect(missing.filter((count) => !reported.has(`n1:${count}`))).toEqual([]);
  });

  it('a line that swallows everything is noticed by both ends, and replaced', async () => {
    const n2 = await startNode('n2', { heartbeatMs: 20 });
    const line = await proxy(n2.transport.port);
    const n1 = await startNode('n1', { heartbeatMs: 20, peers: { n2: line.url } });
    await untilReceived(n1, n2, { type: 'Ready' });
    line.swallow(true);
    await eventually(() => {
      expect(n1.noted('HEARTBEAT_MISSED')).not.toEqual([]);
      expect(n2.noted('HEARTBEAT_MISSED')).not.toEqual([]);
    });
    line.swallow(false);
    line.cut();
    await untilReceived(n1, n2, { type: 'Again' });
    await untilReceived(n2, n1, { type: 'Answer' });
  });

  it('a peer that came back before its end was noticed has the dead connection probed, and gets in', async () => {
    const clock = createVirtualClock();
    const n1 = await startNode('n1', { heartbeatMs: 1_000, clock });
    // It speaks once and then never again, as a machine does that lost its power.
    const dead = await rawPeer(n1.transport.url, 'n2', { autoPong: false });
    await clock.advance(1_500);
    const n2 = await startNode('n2', { peers: { n1: n1.transport.url } });
    await eventually(() => expect(n1.noted('HANDSHAKE_DUPLICATE')).not.toEqual([]));
    // Without the probe it would have until 3,000.
    await clock.advance(500);
    await dead.closed;
    await untilReceived(n2, n1, { type: 'Back' });
    expect(n1.noted('HEARTBEAT_MISSED')).toHaveLength(1);
  });

  it('a peer that lives keeps its connection, whoever else takes its name', async () => {
    const n1 = await startNode('n1');
    const real = await startNode('n2', { peers: { n1: n1.transport.url } });
    await untilReceived(real, n1, { type: 'Real' });
    const other = await startNode('n2', { peers: { n1: n1.transport.url } });
    await eventually(() => expect(n1.noted('HANDSHAKE_DUPLICATE').length).toBeGreaterThan(3));
    await untilReceived(n1, real, { type: 'Answer' });
    expect(other.transport.stats()).toMatchObject({ connections: 0 });
    expect(other.noted('HANDSHAKE_DUPLICATE')).toHaveLength(1);
    expect(real.transport.stats()).toMatchObject({ connections: 1, reconnects: 0 });
  });
});

describe('attempts to connect', () => {
  it.each([
    ['another cluster', { cluster: 'other' }, 'n2', 'HANDSHAKE_CLUSTER'],
    ['another node', {}, 'n3', 'HANDSHAKE_NODE'],
    ['this node itself', {}, 'n1', 'HANDSHAKE_OWN_NODE'],
  ])('that find %s pause for long, and say so', async (_, options, name, code) => {
    const clock = createVirtualClock();
    const found = await startNode(name, options);
    const backoff = { minMs: 100, maxMs: 1_000, factor: 2, jitter: 0, refusedMs: 60_000 };
    const n1 = await startNode('n1', { peers: { n2: found.transport.url }, clock, backoff });
    await eventually(() => expect(n1.noted(code)).toHaveLength(1));
    expect(n1.noted(code)[0]?.text).toMatch(/^n2 cannot be reached: .*; the next attempt is in 60 s\.$/);
    await clock.advance(59_999);
    expect([clock.pending, n1.transport.stats().refused]).toEqual([1, n1.noted(code).length]);
    await clock.advance(1);
    await eventually(() => expect(n1.transport.stats().refused).toBeGreaterThan(1));
    expect(n1.noted(code)).toHaveLength(1);
    const stopped = n1.transport.stop();
    await clock.advance(1_000);
    await stopped;
  });

  it('that find nobody are made ever more seldom, and noted once', async () => {
    const clock = createVirtualClock();
    const n1 = await startNode('n1', {
      peers: { n2: 'ws://127.0.0.1:1' },
      clock,
      backoff: { minMs: 100, maxMs: 1_000, factor: 2, jitter: 0 },
    });
    const attempts = () => n1.transport.stats().refused;
    for (const [attempt, waitMs] of [100, 200, 400, 800, 1_000, 1_000].entries()) {
      await eventually(() => expect(attempts()).toBe(attempt + 1));
      await clock.advance(waitMs - 1);
      expect(clock.pending).toBe(1);
      await clock.advance(1);
    }
    await eventually(() => expect(attempts()).toBe(7));
    expect(n1.noted('CONNECT_FAILED')).toHaveLength(1);
    await n1.transport.stop();
  });

  it('that lead to no node end at the deadline', async () => {
    const held: Socket[] = [];
    const mute = createServer((socket) => void held.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    afterTest(() => {
      for (const socket of held) socket.destroy();
      mute.close();
    });
    const { port } = mute.address() as { port: number };
    const n1 = await startNode('n1', { peers: { n2: `ws://127.0.0.1:${port}` }, handshakeMs: 30 });
    await eventually(() => expect(n1.noted('HANDSHAKE_TIMEOUT')).toHaveLength(1));
    await eventually(() => expect(held.length).toBeGreaterThan(1));
  });

  it('at an address that is none are not made, and said', async () => {
    const n1 = await startNode('n1', { peers: () => 'http://127.0.0.1:1' });
    n1.transport.send(envelope('n1', 'n2', { type: 'M' }));
    await eventually(() => expect(n1.noted('URL_INVALID')).toHaveLength(1));
  });
});
