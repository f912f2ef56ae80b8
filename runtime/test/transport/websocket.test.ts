import { readFileSync } from 'node:fs';
import type { Message } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock, type Timer } from '../../src/clock.ts';
import type { WebSocketTransportOptions } from '../../src/transport/options.ts';
import { createWebSocketTransport } from '../../src/transport/websocket.ts';
import { counts, envelope, eventually, numbered, startNode, type TestNode, untilReceived, upTo } from './support.ts';

/** Two nodes that know each other, or only one the other. */
async function pair(known: 'first' | 'second' | 'both', options: Partial<WebSocketTransportOptions> = {}) {
  const urls: Record<string, string> = {};
  const peers = (knows: boolean) => (node: string) => (knows ? urls[node] : undefined);
  const n1 = await startNode('n1', { ...options, peers: peers(known !== 'second') });
  const n2 = await startNode('n2', { ...options, peers: peers(known !== 'first') });
  for (const { name, transport } of [n1, n2]) urls[name] = transport.url;
  return { n1, n2 };
}

const connected = (...nodes: readonly TestNode[]) =>
  eventually(() => {
    expect(nodes.map(({ transport }) => transport.stats().connections)).toEqual(nodes.map(() => nodes.length - 1));
  });

describe('two nodes', () => {
  it.each(['first', 'second', 'both'] as const)('talk both ways when %s knows the address', async (known) => {
    const { n1, n2 } = await pair(known);
    const opener = known === 'second' ? n2 : n1;
    const other = opener === n1 ? n2 : n1;
    const message = { type: 'M', text: 'é', bytes: new Uint8Array([1, 2]), none: undefined, list: [1.5, null] };
    const sent = envelope(opener.name, other.name, message);
    opener.transport.send(sent);
    await eventually(() => expect(other.received).toStrictEqual([sent]));
    const answer = envelope(other.name, opener.name, { type: 'Answer' });
    other.transport.send(answer);
    await eventually(() => expect(opener.received).toStrictEqual([answer]));
    expect([n1.transport.stats().connections, n2.transport.stats().connections]).toEqual([1, 1]);
    expect([...n1.drops, ...n2.drops]).toEqual([]);
  });

  it('connect before there is anything to say, when the address is known from the start', async () => {
    const n1 = await startNode('n1');
    const n2 = await startNode('n2', { peers: { n1: n1.transport.url, n2: 'ws://127.0.0.1:1' } });
    await connected(n1, n2);
    expect(n1.noted('CONNECTION_OPEN')).toMatchObject([{ text: 'Connected to n2.' }]);
    expect(n2.noted('CONNECTION_OPEN')).toMatchObject([{ text: 'Connected to n1.' }]);
  });

  it('find each other at a URL without a path', async () => {
    const n1 = await startNode('n1', { path: '/cluster' });
    const n2 = await startNode('n2', { path: '/cluster', peers: { n1: `ws://127.0.0.1:${n1.transport.port}` } });
    await connected(n1, n2);
  });

  it('send what was queued in one turn in one frame', async () => {
    const { n1, n2 } = await pair('first');
    n1.transport.send(envelope('n1', 'n2', { type: 'Ready' }));
    await eventually(() => expect(n2.received).toHaveLength(1));
    const before = n1.transport.stats();
    for (const count of upTo(500)) n1.transport.send(numbered('n1', 'n2', count));
    await eventually(() => expect(counts(n2)).toEqual(upTo(500)));
    const { framesSent, sent } = n1.transport.stats();
    expect([framesSent - before.framesSent, sent - before.sent]).toEqual([1, 500]);
  });

  it('split what is too much for a frame', async () => {
    const { n1, n2 } = await pair('first', { maxFrameBytes: 2_048 });
    for (const count of upTo(100)) {
      n1.transport.send(envelope('n1', 'n2', { type: 'Count', count, text: 'x'.repeat(500) } as Message));
    }
    await eventually(() => expect(counts(n2)).toEqual(upTo(100)));
    expect(n2.transport.stats().framesReceived).toBeGreaterThanOrEqual(100 / 4);
    expect(n2.drops).toEqual([]);
  });

  it('keep the order of 20,000 messages each way', async () => {
    const { n1, n2 } = await pair('both', { queue: { maxMessages: 20_000 } });
    for (const count of upTo(20_000)) {
      n1.transport.send(numbered('n1', 'n2', count));
      n2.transport.send(numbered('n2', 'n1', count));
    }
    await eventually(() => expect([n1.received.length, n2.received.length]).toEqual([20_000, 20_000]));
    expect(counts(n1)).toEqual(upTo(20_000));
    expect(counts(n2)).toEqual(upTo(20_000));
    expect([...n1.drops, ...n2.drops]).toEqual([]);
  });
});

describe('one connection for each pair is left', () => {
  it('when both dial at the same time, again and again', async () => {
    for (let round = 0; round < 15; round++) {
      const { n1, n2 } = await pair('both', { backoff: { minMs: 1, maxMs: 2, jitter: 1 } });
      n1.transport.send(numbered('n1', 'n2', 1));
      n2.transport.send(numbered('n2', 'n1', 1));
      await eventually(() => expect([counts(n1), counts(n2)]).toEqual([[1], [1]]));
      for (const node of [n1, n2]) {
        expect(node.transport.stats()).toMatchObject({ connections: 1, reconnects: 0, dropped: {} });
        expect(node.noted('CONNECTION_OPEN')).toHaveLength(1);
      }
      await Promise.all([n1.transport.stop(), n2.transport.stop()]);
    }
  });

  it('among five nodes that all know each other', async () => {
    const urls: Record<string, string> = {};
    const nodes: TestNode[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const node = await startNode(name, { peers: (peer) => urls[peer], backoff: { minMs: 1, maxMs: 2, jitter: 1 } });
      urls[name] = node.transport.url;
      nodes.push(node);
    }
    for (const from of nodes)
      for (const to of nodes) {
        if (from !== to) from.transport.send(numbered(from.name, to.name, 1));
      }
    await eventually(() => expect(nodes.map((node) => node.received.length)).toEqual([4, 4, 4, 4, 4]));
    await connected(...nodes);
    for (const node of nodes) expect(node.transport.stats()).toMatchObject({ reconnects: 0, dropped: {} });
  });
});

describe('what cannot be carried is dropped, and said', () => {
  it('to a node that nobody knows', async () => {
    const n1 = await startNode('n1');
    n1.transport.send(numbered('n1', 'n9', 1));
    expect(n1.drops).toEqual([
      { reason: 'unreachable', id: 'n1:1', detail: expect.stringMatching(/^PEER_UNKNOWN: n9 /) },
    ]);
  });

  it.each([
    ['not-serialisable', 'NOT_SERIALISABLE', { at: new Date(0) }],
    ['too-large', 'FRAME_TOO_LARGE', { text: 'x'.repeat(2_000) }],
  ])('%s', async (reason, code, fields) => {
    const { n1, n2 } = await pair('first', { maxFrameBytes: 2_000 });
    n1.transport.send(envelope('n1', 'n2', { type: 'Bad', ...fields }));
    n1.transport.send(numbered('n1', 'n2', 2));
    await eventually(() => expect(counts(n2)).toEqual([2]));
    expect(n1.drops).toEqual([{ reason, id: 'n1:1', detail: expect.stringContaining(`${code}: `) }]);
    expect(n1.transport.stats().dropped).toEqual({ [reason]: 1 });
  });

  it('the oldest, when too much waits for a peer that is away', async () => {
    const n1 = await startNode('n1', { queue: { maxMessages: 3 }, peers: { n2: 'ws://127.0.0.1:1' } });
    for (const count of upTo(5)) n1.transport.send(numbered('n1', 'n2', count));
    expect(n1.drops.map(({ reason, id }) => [reason, id])).toEqual([
      ['queue-full', 'n1:1'],
      ['queue-full', 'n1:2'],
    ]);
    await n1.transport.stop();
    expect(n1.drops.slice(2).map(({ reason, id }) => [reason, id])).toEqual(
      [3, 4, 5].map((n) => ['stopped', `n1:${n}`]),
    );
  });

  it('what waits for a peer of unknown address that does not come back', async () => {
    const { n1, n2 } = await pair('second', { forgetMs: 20 });
    await untilReceived(n2, n1, { type: 'Ready' });
    await n2.transport.stop();
    await eventually(() => expect(n1.transport.stats().connections).toBe(0));
    n1.transport.send(numbered('n1', 'n2', 7));
    await eventually(() => {
      expect(n1.drops).toEqual([
        { reason: 'unreachable', id: 'n1:7', detail: expect.stringMatching(/^PEER_GONE: n2 /) },
      ]);
    });
  });
});

describe('a node that stops', () => {
  it('first sends what was given to it', async () => {
    // However slow the machine is.
    const { n1, n2 } = await pair('first', { drainMs: 20_000 });
    await untilReceived(n1, n2, { type: 'Ready' });
    for (const count of upTo(5_000)) n1.transport.send(numbered('n1', 'n2', count));
    await n1.transport.stop();
    expect(counts(n2)).toEqual(upTo(5_000));
    expect(n1.drops).toEqual([]);
  });

  it('tells its peers, and sends nothing any more', async () => {
    const { n1, n2 } = await pair('second');
    await untilReceived(n2, n1, { type: 'Ready' });
    await Promise.all([n1.transport.stop(), n1.transport.stop()]);
    await eventually(() => expect(n2.noted('NODE_STOPPED')).toHaveLength(1));
    n1.transport.send(numbered('n1', 'n2', 9));
    expect(n1.drops).toMatchObject([{ reason: 'stopped', id: 'n1:9' }]);
  });

  it('leaves its port free and nothing running', async () => {
    const timers = new Set<Timer>();
    const clock: Clock = {
      ...systemClock,
      setTimer(callback, delayMs) {
        const timer = systemClock.setTimer(() => {
          timers.delete(timer);
          callback();
        }, delayMs);
        timers.add(timer);
        return {
          cancel() {
            timers.delete(timer);
            timer.cancel();
          },
        };
      },
    };
    const { n1, n2 } = await pair('both', { clock });
    await untilReceived(n1, n2, { type: 'Ready' });
    const { port } = n1.transport;
    await Promise.all([n1.transport.stop(), n2.transport.stop()]);
    expect(timers).toEqual(new Set());
    await eventually(() =>
      expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual([]),
    );
    const again = await startNode('n1', { listen: { port } });
    expect(again.transport.port).toBe(port);
  });

  it.each([
    ['that was never started', async () => undefined],
    ['that is just starting', async (start: () => Promise<void>) => void start()],
  ])('is fine %s', async (_, prepare) => {
    const transport = createWebSocketTransport({ cluster: 'test', listen: { host: 'localhost' } });
    const nothing = () => undefined;
    await prepare(() => transport.start('n1', { receive: nothing, drop: nothing, note: nothing }));
    await transport.stop();
    await expect(transport.start('n1', { receive: nothing, drop: nothing, note: nothing })).rejects.toThrow(
      'starts once',
    );
  });
});

describe('with TLS', () => {
  const pem = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
  // A certificate for 127.0.0.1 that vouches for itself, made with openssl for these tests alone; valid from 2020 to 2120.
  const [key, cert] = [pem('test-key.pem'), pem('test-cert.pem')];

  it('nodes show their certificates to each other', async () => {
    const tls = {
      server: { key, cert, ca: cert, requestCert: true, rejectUnauthorized: true },
      client: { key, cert, ca: cert },
    };
    const n2 = await startNode('n2', { tls });
    expect(n2.transport.url).toMatch(/^wss:/);
    const n1 = await startNode('n1', { tls, peers: { n2: n2.transport.url } });
    await untilReceived(n1, n2, { type: 'Secret' });
    await untilReceived(n2, n1, { type: 'Answer' });
  });

  it('a node whose certificate nobody vouches for is not spoken to', async () => {
    const n2 = await startNode('n2', { tls: { server: { key, cert } } });
    const n1 = await startNode('n1', { peers: { n2: n2.transport.url } });
    await eventually(() => expect(n1.noted('CONNECT_FAILED')[0]?.text).toMatch(/self-signed/));
  });

  it('options that TLS refuses are a coded error', async () => {
    const bad = { key: 'no key', cert: 'no certificate' };
    expect(() => createWebSocketTransport({ cluster: 'c', tls: { client: bad } })).toThrow(/TLS options of the client/);
    await expect(startNode('n1', { tls: { server: bad } })).rejects.toMatchObject({ code: 'TLS_INVALID' });
  });
});
