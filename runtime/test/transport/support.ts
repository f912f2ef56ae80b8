import type { Address, DropReason, Envelope, Message } from '@synod/protocol';
import { Packr } from 'msgpackr/pack';
import { afterEach, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeBatch, encodeEnvelope, encodeHello, WIRE_VERSION } from '../../src/transport/codec.ts';
import type { WebSocketTransportOptions } from '../../src/transport/options.ts';
import type { TransportEvents } from '../../src/transport/transport.ts';
import { createWebSocketTransport, type WebSocketTransport } from '../../src/transport/websocket.ts';

const cleanUps: (() => unknown)[] = [];

/** Runs after the test, last first. */
export const afterTest = (cleanUp: () => unknown): void => void cleanUps.push(cleanUp);

afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.();
});

/** An envelope between the actors `a` of two nodes. */
export const envelope = (from: string, to: string, message: Message, count = 1): Envelope => ({
  id: `${from}:${count}`,
  from: `a@${from}` as Address,
  to: `a@${to}` as Address,
  message,
  clock: { [from]: count },
});

export const numbered = (from: string, to: string, count: number): Envelope =>
  envelope(from, to, { type: 'Count', count } as Message, count);

interface Drop {
  readonly reason: DropReason;
  readonly id: string | undefined;
  readonly detail: string;
}

/** Keeps what a transport reports. */
export function recorder() {
  const received: Envelope[] = [];
  const drops: Drop[] = [];
  const notes: { readonly text: string; readonly code: string | undefined }[] = [];
  const events: TransportEvents = {
    receive: (incoming) => void received.push(incoming),
    drop: (reason, lost, detail) => void drops.push({ reason, id: lost?.id, detail }),
    note: (text, code) => void notes.push({ text, code }),
  };
  return { received, drops, notes, events, noted: (code: string) => notes.filter((note) => note.code === code) };
}

export interface TestNode extends ReturnType<typeof recorder> {
  readonly name: string;
  readonly transport: WebSocketTransport;
}

/** Fast where nothing depends on it: a test waits for events, never for a time. */
const QUICK: WebSocketTransportOptions = {
  cluster: 'test',
  heartbeatMs: 500,
  backoff: { minMs: 5, maxMs: 50, factor: 2, jitter: 0.5, refusedMs: 60_000 },
};

/** A started node; it is stopped after the test. */
export async function startNode(name: string, options: Partial<WebSocketTransportOptions> = {}): Promise<TestNode> {
  const transport = createWebSocketTransport({ ...QUICK, ...options });
  const record = recorder();
  afterTest(() => transport.stop());
  await transport.start(name, record.events);
  return { ...record, name, transport };
}

/** Waits until `check` no longer throws. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** The numbers that arrived, in their order. */
export const counts = (node: TestNode): number[] =>
  node.received
    .filter(({ message }) => message.type === 'Count')
    .map(({ message }) => (message as Message & { readonly count: number }).count);

export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Sends `message`, numbered 0, until it arrives: the way a protocol lives with a transport that loses. */
export async function untilReceived(from: TestNode, to: TestNode, message: Message): Promise<void> {
  await eventually(() => {
    from.transport.send(envelope(from.name, to.name, message, 0));
    if (!to.received.some((incoming) => incoming.message.type === message.type)) throw new Error('not yet received');
  });
}

/** How a raw WebSocket was closed. */
export interface Closed {
  readonly number: number;
  readonly reason: string;
}

/** A WebSocket that says only what a test makes it say. */
export async function rawClient(url: string, options: { readonly autoPong?: boolean } = {}) {
  const socket = new WebSocket(url, options);
  const frames: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('message', (data) => void frames.push(data as Buffer));
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (number, reason) => resolve({ number, reason: reason.toString() }));
  });
  await new Promise<void>((resolve) => {
    socket.once('open', resolve);
    socket.once('close', () => resolve());
  });
  afterTest(() => socket.terminate());
  return { socket, frames, closed };
}

/** A raw client that has shaken hands with a node that sorts before `name`, so that the node welcomed it. */
export async function rawPeer(url: string, name: string, options: { readonly autoPong?: boolean } = {}) {
  const client = await rawClient(url, options);
  client.socket.send(encodeHello({ node: name, cluster: 'test' }));
  await eventually(() => {
    if (client.frames.length < 2) throw new Error('no hello and welcome yet');
  });
  return client;
}

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** A frame with any body. */
export const frame = (body: unknown, version: number = WIRE_VERSION): Buffer =>
  Buffer.concat([Buffer.from([version]), packr.pack(body)]);

export const batch = (...envelopes: readonly Envelope[]): Uint8Array =>
  encodeBatch(envelopes.map((item) => encodeEnvelope(item)));
