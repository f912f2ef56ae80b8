import { connect } from 'node:net';
import type { Message } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeHello, encodeWelcome, WIRE_VERSION } from '../../src/transport/codec.ts';
import {
  afterTest,
  batch,
  envelope,
  eventually,
  frame,
  numbered,
  rawClient,
  rawPeer,
  startNode,
  type TestNode,
  untilReceived,
  upTo,
} from './support.ts';

/** A node with an honest peer beside which all the mischief happens. */
async function nodeWithHonestPeer() {
  const node = await startNode('n1', { maxFrameBytes: 10_000 });
  const honest = await startNode('n3', { maxFrameBytes: 10_000, peers: { n1: node.transport.url } });
  await untilReceived(honest, node, { type: 'Before' });
  return { node, honest };
}

/** The honest peer's one connection still carries. */
async function expectUnharmed(node: TestNode, honest: TestNode) {
  await untilReceived(honest, node, { type: 'After' });
  await untilReceived(node, honest, { type: 'Answer' });
  expect(honest.transport.stats()).toMatchObject({ connections: 1, reconnects: 0, dropped: {} });
  expect(node.received.every(({ from }) => from === 'a@n3')).toBe(true);
}

const good = envelope('n2', 'n1', { type: 'M' });

describe('a peer that sends what is no frame loses its connection, and nobody else does', () => {
  it.each<[string, string, number, string | Uint8Array]>([
    ['text', 'FRAME_TEXT', 4024, 'hello'],
    ['nothing', 'FRAME_MALFORMED', 4020, new Uint8Array(0)],
    ['noise', 'FRAME_MALFORMED', 4020, new Uint8Array([WIRE_VERSION, 0xc1, 0xff])],
    ['a frame that is cut off', 'FRAME_MALFORMED', 4020, batch(good).subarray(0, 40)],
    ['a frame with more after it', 'FRAME_MALFORMED', 4020, Buffer.concat([batch(good), Buffer.from([0])])],
    [
      'an envelope without an address',
      'FRAME_MALFORMED',
      4020,
      frame({ kind: 'batch', envelopes: [{ ...good, to: '' }] }),
    ],
    ['a frame of another version', 'FRAME_VERSION', 4021, frame({ kind: 'batch', envelopes: [good] }, 9)],
    ['a frame of an unknown kind', 'FRAME_UNKNOWN', 4022, frame({ kind: 'shutdown' })],
    ['a frame that is too large', 'FRAME_TOO_LARGE', 1009, new Uint8Array(10_001)],
    ['a message from another node', 'FRAME_FORGED', 4025, batch(envelope('n3', 'n1', { type: 'M' }))],
    ['a message to another node', 'FRAME_FORGED', 4025, batch(envelope('n2', 'n3', { type: 'M' }))],
    ['a forged message among good ones', 'FRAME_FORGED', 4025, batch(good, envelope('n3', 'n1', { type: 'M' }), good)],
    ['a second hello', 'HANDSHAKE_REPEATED', 4008, encodeHello({ node: 'n3', cluster: 'test' })],
    ['a welcome that is not its to give', 'HANDSHAKE_REPEATED', 4008, encodeWelcome()],
  ])('%s: %s', async (_, code, number, bytes) => {
    const { node, honest } = await nodeWithHonestPeer();
    const { socket, closed } = await rawPeer(node.transport.url, 'n2');
    socket.send(bytes);
    expect((await closed).number).toBe(number);
    expect(node.drops).toEqual([
      { reason: 'invalid-frame', id: undefined, detail: expect.stringMatching(new RegExp(`^${code}: .*n2`)) },
    ]);
    expect(node.noted(code)).toHaveLength(1);
    await expectUnharmed(node, honest);
  });

  it.each<[string, Buffer]>([
    ['bytes that are no WebSocket frame', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a frame that is not masked', Buffer.from([0x82, 0x01, 0x00])],
  ])('%s', async (_, bytes) => {
    const { node, honest } = await nodeWithHonestPeer();
    const socket = connect(node.transport.port, '127.0.0.1');
    afterTest(() => socket.destroy());
    socket.on('error', () => undefined);
    const key = 'dGhlIHNhbXBsZSBub25jZQ==';
    socket.write(
      `GET /synod HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(bytes);
    await eventually(() => {
      expect(node.drops).toMatchObject([
        { reason: 'invalid-frame', detail: expect.stringMatching(/^FRAME_MALFORMED: /) },
      ]);
    });
    await expectUnharmed(node, honest);
  });
});

describe('whoever does not shake hands as agreed is refused', () => {
  it.each<[string, string, number, string | Uint8Array, 'drop' | 'note']>([
    ['envelopes before the hello', 'HANDSHAKE_EXPECTED', 4007, batch(good), 'drop'],
    ['a welcome before the hello', 'HANDSHAKE_EXPECTED', 4007, encodeWelcome(), 'drop'],
    ['text', 'FRAME_TEXT', 4024, 'hello', 'drop'],
    ['another cluster', 'HANDSHAKE_CLUSTER', 4001, encodeHello({ node: 'n2', cluster: 'other' }), 'note'],
    ['another wire version', 'HANDSHAKE_VERSION', 4002, frame({ greeting: 'hi' }, WIRE_VERSION + 1), 'note'],
    ['the name of this node', 'HANDSHAKE_OWN_NODE', 4003, encodeHello({ node: 'n1', cluster: 'test' }), 'note'],
    [
      'the name of a peer that is connected',
      'HANDSHAKE_DUPLICATE',
      4005,
      encodeHello({ node: 'n3', cluster: 'test' }),
      'note',
    ],
    ['a name that is none', 'FRAME_MALFORMED', 4020, frame({ kind: 'hello', node: 'a b', cluster: 'test' }), 'drop'],
  ])('%s: %s', async (_, code, number, bytes, reported) => {
    const { node, honest } = await nodeWithHonestPeer();
    const { socket, closed, frames } = await rawClient(node.transport.url);
    socket.send(bytes);
    expect(await closed).toEqual({ number, reason: code });
    expect(frames).toEqual([]);
    if (reported === 'drop') {
      expect(node.drops).toEqual([
        { reason: 'invalid-frame', id: undefined, detail: expect.stringMatching(new RegExp(`^${code}: `)) },
      ]);
    } else {
      expect(node.drops).toEqual([]);
      expect(node.noted(code)).toHaveLength(1);
    }
    expect(node.transport.stats().refused).toBe(1);
    await expectUnharmed(node, honest);
  });

  it('envelopes before the welcome', async () => {
    const node = await startNode('n5');
    const { socket, closed } = await rawClient(node.transport.url);
    socket.send(encodeHello({ node: 'n2', cluster: 'test' }));
    socket.send(batch(envelope('n2', 'n5', { type: 'M' })));
    expect(await closed).toEqual({ number: 4007, reason: 'HANDSHAKE_EXPECTED' });
    expect(node.received).toEqual([]);
  });

  it('silence', async () => {
    const node = await startNode('n1', { handshakeMs: 30 });
    const { closed } = await rawClient(node.transport.url);
    expect(await closed).toEqual({ number: 4006, reason: 'HANDSHAKE_TIMEOUT' });
    expect(node.noted('HANDSHAKE_TIMEOUT')).toHaveLength(1);
  });

  it('more peers than are allowed', async () => {
    const node = await startNode('n1', { maxPeers: 1 });
    await rawPeer(node.transport.url, 'n2');
    const { socket, closed } = await rawClient(node.transport.url);
    socket.send(encodeHello({ node: 'n3', cluster: 'test' }));
    expect(await closed).toEqual({ number: 4009, reason: 'HANDSHAKE_BUSY' });
  });
});

describe('floods', () => {
  it('of connections without a hello hold no more than the limit, and an honest peer still gets in', async () => {
    const node = await startNode('n1', { maxPendingHandshakes: 5 });
    const clients = await Promise.all(Array.from({ length: 60 }, () => rawClient(node.transport.url)));
    const isOpen = ({ socket }: (typeof clients)[number]) => socket.readyState === socket.OPEN;
    await eventually(() => expect(clients.filter(isOpen)).toHaveLength(5));
    for (const client of clients.filter((one) => !isOpen(one))) {
      expect(await client.closed).toEqual({ number: 4009, reason: 'HANDSHAKE_BUSY' });
    }
    const honest = await startNode('n2', { peers: { n1: node.transport.url } });
    await untilReceived(honest, node, { type: 'Honest' });
  });

  it('of messages from one peer do not keep the others out', async () => {
    const { node, honest } = await nodeWithHonestPeer();
    const { socket } = await rawPeer(node.transport.url, 'n2');
    const bytes = batch(...Array.from({ length: 50 }, (_, count) => numbered('n2', 'n1', count)));
    let flooding = true;
    afterTest(() => {
      flooding = false;
    });
    const flood = () => {
      for (let i = 0; flooding && i < 50; i++) socket.send(bytes);
      if (flooding) setImmediate(() => (socket.bufferedAmount < 1_000_000 ? flood() : socket.once('drain', flood)));
    };
    flood();
    await eventually(() => expect(node.received.length).toBeGreaterThan(2_000));
    honest.transport.send(envelope('n3', 'n1', { type: 'After' }));
    await eventually(() => expect(node.received.some(({ message }) => message.type === 'After')).toBe(true));
    node.transport.send(envelope('n1', 'n3', { type: 'Answer' }));
    await eventually(() => expect(honest.received).toMatchObject([{ message: { type: 'Answer' } }]));
    expect(honest.transport.stats()).toMatchObject({ connections: 1, reconnects: 0 });
  });
});

describe('a peer that takes what it is sent, but too slowly', () => {
  const SIZE = 16 * 1024;
  const big = (count: number) =>
    envelope('n1', 'n2', { type: 'Count', count, text: 'x'.repeat(SIZE) } as Message, count);

  it('has the oldest of what waits for it dropped, and gets the rest in order', async () => {
    // Twice what the system's own socket buffers take, so that it is our limits that hold.
    const queue = { maxMessages: 2_000, maxBytes: 64 * 1024 * 1024 };
    const node = await startNode('n1', { queue, highWaterBytes: 64 * 1024, heartbeatMs: 60_000 });
    const { socket, frames } = await rawPeer(node.transport.url, 'n2');
    socket.pause();
    let given = 0;
    await eventually(() => {
      for (let i = 0; i < 100; i++) node.transport.send(big(++given));
      expect(node.drops.length).toBeGreaterThan(200);
    });
    const dropped = node.drops.map(({ id }) => id);
    expect(node.drops.every(({ reason, detail }) => reason === 'queue-full' && detail.startsWith('QUEUE_FULL: '))).toBe(
      true,
    );
    const { sent, connections, dropped: counted } = node.transport.stats();
    expect({ connections, counted }).toEqual({ connections: 1, counted: { 'queue-full': dropped.length } });
    expect(sent).toBeLessThan(1_500);
    socket.resume();
    const expected = upTo(given)
      .map((count) => `n1:${count}`)
      .filter((id) => !dropped.includes(id));
    const arrived: string[] = [];
    frames.splice(0, 2);
    await eventually(() => {
      for (const bytes of frames.splice(0)) {
        const decoded = decodeFrame(bytes, bytes.length);
        if (decoded.kind === 'batch') arrived.push(...decoded.envelopes.map(({ id }) => id));
      }
      expect(arrived.length).toBe(expected.length);
    });
    expect(arrived).toEqual(expected);
    expect(node.drops).toHaveLength(dropped.length);
  });

  it('loses its connection when it no longer answers at all; what it did not confirm is reported', async () => {
    const node = await startNode('n1', { heartbeatMs: 20 });
    const { socket, closed } = await rawPeer(node.transport.url, 'n2', { autoPong: false });
    node.transport.send(big(1));
    await closed;
    expect(node.noted('HEARTBEAT_MISSED')).toMatchObject([
      { text: 'The connection to n2 ended: the other side does not answer.' },
    ]);
    expect(node.drops).toEqual([
      { reason: 'unreachable', id: 'n1:1', detail: expect.stringMatching(/^CONNECTION_LOST: .*may have arrived/) },
    ]);
    socket.terminate();
  });

  it('cannot make the node remember without bound what it does not confirm', async () => {
    const node = await startNode('n1', { queue: { maxMessages: 10 }, heartbeatMs: 60_000 });
    const { frames } = await rawPeer(node.transport.url, 'n2', { autoPong: false });
    for (let count = 1; count <= 10; count++) node.transport.send(numbered('n1', 'n2', count));
    await eventually(() => expect(node.transport.stats().sent).toBe(10));
    for (let count = 11; count <= 25; count++) node.transport.send(numbered('n1', 'n2', count));
    expect(node.drops.map(({ id }) => id)).toEqual(['n1:11', 'n1:12', 'n1:13', 'n1:14', 'n1:15']);
    await eventually(() => expect(frames).toHaveLength(3));
    // What is queued is still queued in the next turn, so one more does not fit.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    node.transport.send(numbered('n1', 'n2', 26));
    expect(node.drops.at(-1)).toMatchObject({ reason: 'queue-full', id: 'n1:16' });
    expect(node.transport.stats().sent).toBe(10);
  });
});
