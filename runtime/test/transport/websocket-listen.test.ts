import { get, request } from 'node:http';
import { connect } from 'node:net';
import { isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createWebSocketTransport } from '../../src/transport/websocket.ts';
import { afterTest, eventually, startNode } from './support.ts';

const codeOf = (error: unknown) => (isSynodError(error) ? error.code : String(error));

describe('where a node listens', () => {
  it('is 127.0.0.1 and a port that the system chooses, unless told otherwise', async () => {
    const { transport } = await startNode('n1');
    expect(transport.address()).toEqual({ host: '127.0.0.1', port: transport.port });
    expect(transport.port).toBeGreaterThan(0);
    expect(transport.url).toBe(`ws://127.0.0.1:${transport.port}/synod`);
  });

  it('is unknown before it starts', () => {
    const transport = createWebSocketTransport({ cluster: 'c' });
    expect(() => transport.url).toThrow('not started');
  });

  it('must be free', async () => {
    const { transport } = await startNode('n1');
    const error = await startNode('n2', { listen: { port: transport.port } }).catch(codeOf);
    expect(error).toBe('PORT_IN_USE');
  });

  it.each([
    ['no.such.host.invalid', 'HOST_INVALID'],
    ['192.0.2.1', 'HOST_INVALID'],
  ])('must be of this machine: %s', async (host, code) => {
    expect(await startNode('n1', { listen: { host } }).catch(codeOf)).toBe(code);
  });

  it.each([
    ['port', { cluster: 'c', listen: { port: 70_000 } }, 'PORT_INVALID'],
    ['cluster', { cluster: 'my cluster' }, 'CLUSTER_INVALID'],
    ['peer', { cluster: 'c', peers: { 'no name': 'ws://h' } }, 'NODE_INVALID'],
    ['URL', { cluster: 'c', peers: { n2: 'http://h' } }, 'URL_INVALID'],
    ['URL', { cluster: 'c', peers: { n2: '127.0.0.1:80' } }, 'URL_INVALID'],
  ])('and all else must be in order: %s', (_, options, code) => {
    let error: unknown;
    try {
      createWebSocketTransport(options);
    } catch (thrown) {
      error = thrown;
    }
    expect(codeOf(error)).toBe(code);
  });

  it.each([{ maxFrameBytes: 10 }, { heartbeatMs: 0 }, { queue: { maxMessages: 0 } }, { path: 'synod' }])(
    'a limit that makes no sense is a mistake of the program: %o',
    (options) => {
      expect(() => createWebSocketTransport({ cluster: 'c', ...options })).toThrow(
        expect.objectContaining({ name: 'AssertionError' }),
      );
    },
  );
});

describe('whoever knocks without being a node', () => {
  const status = (url: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(url, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });

  it.each([
    ['/synod', 426],
    ['/synod?x=1', 426],
    ['/', 404],
    ['/other', 404],
  ])('by plain HTTP at %s gets %d', async (path, expected) => {
    const { transport } = await startNode('n1');
    expect(await status(`http://127.0.0.1:${transport.port}${path}`)).toBe(expected);
  });

  it('with a large body gets an answer and no more', async () => {
    const { transport } = await startNode('n1');
    const answer = await new Promise((resolve) => {
      const sending = request({ port: transport.port, host: '127.0.0.1', method: 'POST', path: '/synod' }, (response) =>
        resolve(response.resume().statusCode),
      );
      sending.on('error', () => undefined);
      sending.write('x'.repeat(100_000));
      afterTest(() => sending.destroy());
    });
    expect(answer).toBe(426);
  });

  it.each<[string, string, object, RegExp]>([
    ['at another path', '/other', {}, /404/],
    ['from a web page', '/synod', { origin: 'https://example.org' }, /403/],
  ])('by WebSocket %s is refused', async (_, path, options, expected) => {
    const node = await startNode('n1');
    const socket = new WebSocket(`ws://127.0.0.1:${node.transport.port}${path}`, options);
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toMatch(expected);
    expect(node.transport.stats()).toMatchObject({ connections: 0, refused: 0 });
  });

  it('at another path is cut off, even if it goes on', async () => {
    const { transport } = await startNode('n1');
    const socket = connect({ port: transport.port, host: '127.0.0.1', allowHalfOpen: true });
    afterTest(() => socket.destroy());
    const failed = new Promise((resolve) => socket.on('error', resolve));
    socket.write('GET /other HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    await new Promise((resolve) => socket.on('end', resolve).resume());
    await eventually(() => {
      socket.write('more');
      expect(socket.writable).toBe(false);
    });
    await failed;
  });

  it('and says nothing is cut off', async () => {
    const { transport } = await startNode('n1', { handshakeMs: 30 });
    const socket = connect(transport.port, '127.0.0.1');
    afterTest(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.write('GET /synod HT');
    await new Promise((resolve) => socket.on('close', resolve).resume());
  });

  it('does not keep a node from stopping', async () => {
    const { transport } = await startNode('n1');
    const sockets = [
      '',
      'GET / HTTP/1.1\r\n',
      'GET /other HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ].map((text) => {
      const socket = connect({ port: transport.port, host: '127.0.0.1', allowHalfOpen: true });
      afterTest(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.write(text);
      return socket;
    });
    await eventually(() => expect(sockets.every((socket) => !socket.connecting)).toBe(true));
    await transport.stop();
  });
});
