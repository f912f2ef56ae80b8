import { request } from 'node:http';
import { type Chart, encodeTrace, type MemberStatus, type TraceRecord, traceHeader } from '@synod/protocol';
import { WebSocket } from 'ws';
import type { InspectorServer, Permission } from '../src/index.ts';
import { readFrame, splitLine } from '../src/world/lines.ts';
import { type PackedWorld, unpackWorld } from '../src/world/packed.ts';
import { NODE_UP } from '../src/world/world.ts';

const chart: Chart = {
  id: 'light',
  root: {
    id: 'light',
    key: 'light',
    kind: 'compound',
    initial: 'light.red',
    tags: [],
    entry: [],
    exit: [],
    transitions: [],
    states: ['red', 'green'].map((key) => ({
      id: `light.${key}`,
      key,
      kind: 'atomic',
      tags: [],
      entry: [],
      exit: [],
      transitions: [],
      states: [],
    })),
  },
};

let seq = 0;
const base = (node: string) => ({ seq: ++seq, at: seq, node, clock: { [node]: seq } });

export const spawn = (node: string): TraceRecord => ({
  ...base(node),
  type: 'spawn',
  actor: `light@${node}`,
  protocol: 'light',
  chart,
  state: 'red',
  context: { count: 0 },
  recovered: false,
});

export const turn = (node: string, state: string, count: number): TraceRecord => ({
  ...base(node),
  type: 'transition',
  actor: `light@${node}`,
  event: 'TURN',
  state,
  transitions: ['light.red#TURN[0]'],
  changed: { count },
});

export const note = (node: string, text: string): TraceRecord => ({ ...base(node), type: 'note', text });

/** The actor of a node tells its embedder something. */
export const emitted = (node: string, event: { readonly type: string }): TraceRecord => ({
  ...base(node),
  type: 'emit',
  actor: `light@${node}`,
  event,
});

/** The actor of a node tells how it sees a member. */
export const sees = (node: string, member: string, status: MemberStatus, incarnation = 0): TraceRecord =>
  emitted(node, {
    type: 'memberChanged',
    before: null,
    member: { node: member, status, incarnation, metadata: {} },
  } as { type: string });

/** An HTTP request with whatever headers a test wants, `Host` included. */
export function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = request(url, { headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Redeems a token; returns the session cookie. */
export async function login(inspector: InspectorServer, permission: Partial<Permission> = {}): Promise<string> {
  const { headers } = await get(inspector.newUrl(permission));
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

/** A frame with the records of its lines, as a page reads it; what has no lines has no records. */
export function frameIn(text: string): Record<string, unknown> {
  const { head, lines } = readFrame<Record<string, unknown>>(text);
  const told = 'world' in head ? { ...head, world: unpackWorld(head.world as PackedWorld, new Map()) } : head;
  if (head.type !== 'records' && head.type !== 'world') return told;
  return { ...told, records: lines.map((line) => JSON.parse(splitLine(line).json)) };
}

/** A socket with its frames and its end. */
export function connect(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, { headers });
  const frames: Record<string, unknown>[] = [];
  socket.on('message', (data) => frames.push(frameIn(data.toString())));
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  opened.catch(() => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return { socket, frames, opened, closed };
}

/** A publisher that sends exactly what a test says. */
export async function publisher(inspector: InspectorServer, node?: string) {
  const connection = connect(inspector.publishUrl, { authorization: `Bearer ${inspector.publisherToken}` });
  await connection.opened;
  if (node) connection.socket.send(encodeTrace(traceHeader({ node, pid: 1 })));
  const send = (...records: TraceRecord[]) =>
    connection.socket.send(records.map((record) => encodeTrace(record)).join('\n'));
  return { ...connection, send };
}

/** A page that is looking on, or may act. */
export async function page(inspector: InspectorServer, permission: Partial<Permission> = {}) {
  const origin = `http://127.0.0.1:${inspector.port}`;
  const cookie = await login(inspector, permission);
  const connection = connect(`ws://127.0.0.1:${inspector.port}/watch`, { origin, cookie });
  await connection.opened;
  return connection;
}

/** All records that an inspector has and gets, but for the comings of nodes. */
export async function recordsOf(inspector: InspectorServer): Promise<() => readonly TraceRecord[]> {
  const { frames } = await page(inspector);
  return () =>
    frames
      .filter(({ type }, at) => type === 'records' || at === 0)
      .flatMap(({ records }) => records as TraceRecord[])
      .filter((record) => record.type !== 'note' || record.code !== NODE_UP);
}

/** A record in a line: what it says of whom, without times. */
export function brief(record: TraceRecord): string {
  const name = (address: string) => address.split('@')[0];
  switch (record.type) {
    case 'spawn':
      return `spawn ${name(record.actor)} ${JSON.stringify(record.state)}${record.parent ? ` of ${name(record.parent)}` : ''}`;
    case 'receive':
      return `receive ${name(record.actor)} ${record.event.type}${record.from ? ` from ${name(record.from)}` : ''}`;
    case 'transition': {
      const { actor, event, state, transitions, actions = [], inferred } = record;
      const how = [...transitions, ...actions.map((action) => `!${action}`), ...(inferred ? ['inferred'] : [])];
      return `transition ${name(actor)} ${event} ${JSON.stringify(state)} [${how.join(', ')}]`;
    }
    case 'send':
    case 'deliver':
      return `${record.type} ${name(record.from)} ${name(record.to)}`;
    case 'drop':
      return `drop ${record.reason} ${record.message ?? record.detail ?? ''}`;
    case 'timer.set':
      return `timer.set ${name(record.actor)} ${record.id} ${record.delayMs}`;
    case 'emit':
      return `emit ${name(record.actor)} ${record.event.type}`;
    case 'crash':
      return `crash ${name(record.actor ?? '')} ${record.reason}`;
    case 'note':
      return `note ${record.code} ${record.text}`;
    default:
      return `${record.type} ${'actor' in record ? name(record.actor ?? '') : ''} ${'id' in record ? record.id : ''}`.trimEnd();
  }
}
