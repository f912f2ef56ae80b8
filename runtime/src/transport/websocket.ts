import type { Socket } from 'node:net';
import { assert, type DropReason, type Envelope, isName, isSynodError, nodeOf, SynodError } from '@synod/protocol';
import { WebSocket } from 'ws';
import { BATCH_OVERHEAD, encodeEnvelope, type Hello } from './codec.ts';
import { Connection, type ConnectionEvents, type Ending } from './connection.ts';
import { decides, isFrameFault, refuseHello } from './handshake.ts';
import { type Bound, CLOSING, Listener } from './listener.ts';
import { readOptions, type Settings, type WebSocketTransportOptions } from './options.ts';
import { Peer, type PeerHost } from './peer.ts';
import { PeerTable } from './peer-table.ts';
import { type Counters, createCounters, type TransportStats } from './stats.ts';
import { printable } from './text.ts';
import type { Transport, TransportEvents } from './transport.ts';

/**
 * A transport over WebSockets: one connection for each pair of nodes, kept up for as long as both run where one of them lists the other among
 * its `peers`, else made when there is something to send and closed when there was nothing for long.
 */
export interface WebSocketTransport extends Transport {
  /** Where this node listens; only after `start`. */
  address(): Bound;
  /** The port this node listens at; only after `start`. */
  readonly port: number;
  /** The URL for other nodes' `peers`; only after `start`. */
  readonly url: string;
  /** What it did so far. */
  stats(): TransportStats;
}

/**
 * Creates a transport over WebSockets. Nothing happens before `start`.
 *
 * Messages to a peer that is away wait, up to the limits of `queue`; the oldest make room (`queue-full`). To a node that has
 * no known URL and is not connected they are dropped (`unreachable`). What was under way when a connection broke is dropped
 * (`unreachable`) and never sent twice, though it may have arrived.
 * @throws SynodError `CLUSTER_INVALID`, `NODE_INVALID`, `URL_INVALID` or `PORT_INVALID`.
 */
export const createWebSocketTransport = (options: WebSocketTransportOptions): WebSocketTransport =>
  new WebSockets(readOptions(options));

class WebSockets implements WebSocketTransport, PeerHost, ConnectionEvents {
  readonly settings: Settings;
  readonly counters: Counters = createCounters();
  readonly #peers: PeerTable;
  /** All whose sockets still exist. */
  readonly #connections = new Set<Connection>();
  /** Those that came in and are not established, oldest first. */
  readonly #knocking = new Set<Connection>();
  readonly #listener: Listener;
  #self: string | undefined;
  #sink: TransportEvents | undefined;
  #bound: Bound | undefined;
  #stopping: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    const { host, port, path, maxFrameBytes, handshakeMs, maxPeers, maxPendingHandshakes, tls } = settings;
    this.#peers = new PeerTable((node) => new Peer(node, this), maxPeers);
    const maxConnections = maxPeers + 2 * maxPendingHandshakes;
    this.#listener = new Listener(
      { host, port, path, tls: tls.server, maxFrameBytes, handshakeMs, maxConnections },
      (socket, stream) => this.#knock(socket, stream),
    );
  }

  get self(): string {
    assert(this.#self !== undefined, 'the transport was not started');
    return this.#self;
  }

  get port(): number {
    return this.address().port;
  }

  get url(): string {
    const { host, port } = this.address();
    const scheme = this.settings.tls.server ? 'wss' : 'ws';
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${this.settings.path}`;
  }

  address(): Bound {
    assert(this.#bound, 'the transport was not started');
    return this.#bound;
  }

  stats(): TransportStats {
    return { ...this.counters, dropped: { ...this.counters.dropped } };
  }

  async start(node: string, events: TransportEvents): Promise<void> {
    assert(isName(node), `"${node}" cannot name a node`);
    assert(this.#self === undefined && !this.#stopping, 'a transport starts once');
    this.#self = node;
    this.#sink = events;
    this.#bound = await this.#listener.start((error) => this.note(printable(error.message), 'LISTENER_ERROR'));
    if (this.#stopping) return;
    for (const peer of this.settings.directory.kept) if (peer !== node) this.#peers.remember(peer).connect();
  }

  send(envelope: Envelope): void {
    const node = nodeOf(envelope.to);
    assert(node !== this.self, 'a transport carries to other nodes only');
    if (this.#stopping) return this.drop('stopped', envelope, 'NODE_STOPPED: This node has stopped; start it again.');
    const peer =
      this.#peers.get(node) ?? (this.settings.directory.knows(node) ? this.#peers.remember(node) : undefined);
    if (!peer) {
      const text = `PEER_UNKNOWN: ${node} is not connected and its address is not known; add it to the peers.`;
      return this.drop('unreachable', envelope, text);
    }
    const bytes = this.#encode(envelope);
    if (bytes) peer.send({ envelope, bytes });
  }

  learn(node: string, url: string): void {
    if (this.settings.directory.learn(node, url)) this.#peers.get(node)?.moved();
  }

  release(node: string): void {
    this.settings.directory.release(node);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  // What peers ask for.

  dial(node: string, url: string): Connection {
    const { maxFrameBytes, tls } = this.settings;
    const options = { ...tls.client, ...CLOSING, perMessageDeflate: false, maxPayload: maxFrameBytes };
    const socket = new WebSocket(url, options);
    return this.#connection(socket, { dialled: node });
  }

  drop(reason: DropReason, envelope: Envelope | undefined, detail: string): void {
    this.counters.dropped[reason] = (this.counters.dropped[reason] ?? 0) + 1;
    this.#sink?.drop(reason, envelope, detail);
  }

  note(text: string, code: string): void {
    this.#sink?.note(text, code);
  }

  forget(peer: Peer): void {
    this.#peers.forget(peer.node);
  }

  // What connections report.

  hello(connection: Connection, hello: Hello): void {
    const { cluster, maxPeers, directory } = this.settings;
    const takenAt = directory.takenAt(hello.node);
    const refusal = refuseHello(hello, { self: this.self, cluster, dialled: connection.dialled, takenAt });
    if (refusal) return connection.close(refusal);
    if (this.#isTaken(connection, hello.node)) return;
    if (!this.#peers.hasRoomFor(hello.node)) {
      const text = `This node has ${maxPeers} peers already; raise maxPeers.`;
      return connection.close(new SynodError('HANDSHAKE_BUSY', text));
    }
    const welcome = decides(this.self, hello.node);
    connection.accept(welcome);
    if (welcome) this.#adopt(connection, hello.node);
  }

  welcome(connection: Connection): void {
    const { peer, phase } = connection;
    if (peer === undefined || phase !== 'waiting' || decides(this.self, peer)) {
      const text = 'There came a welcome out of turn; look at the program that sent it.';
      return connection.close(new SynodError('HANDSHAKE_REPEATED', text));
    }
    if (this.#isTaken(connection, peer)) return;
    this.#adopt(connection, peer);
  }

  batch(connection: Connection, envelopes: readonly Envelope[]): void {
    this.counters.framesReceived++;
    this.#peerOf(connection)?.active();
    const forged = envelopes.find(({ from, to }) => nodeOf(from) !== connection.peer || nodeOf(to) !== this.self);
    if (forged) {
      const text = `A frame from ${connection.peer} holds a message from ${forged.from} to ${forged.to}; look at the program that sent it.`;
      return connection.close(new SynodError('FRAME_FORGED', text));
    }
    for (const envelope of envelopes) {
      if (this.#stopping) {
        this.drop('stopped', envelope, 'NODE_STOPPED: This node was stopping when the message came in.');
        continue;
      }
      this.counters.received++;
      this.#sink?.receive(envelope);
    }
  }

  writable(connection: Connection): void {
    this.#peerOf(connection)?.pump();
  }

  confirmed(connection: Connection): void {
    this.#peerOf(connection)?.reached();
    this.#peers.check();
  }

  closed(connection: Connection, ending: Ending): void {
    this.#knocking.delete(connection);
    const { code, text, byPeer, wasOpen } = ending;
    const who = connection.peer ?? connection.dialled;
    if (!wasOpen) this.counters.refused++;
    if (!byPeer && isFrameFault(code)) {
      this.drop('invalid-frame', undefined, `${code}: ${text} It came from ${who ?? 'a stranger'}.`);
    } else if (!wasOpen && !byPeer && connection.dialled === undefined && !this.#stopping) {
      this.note(`A connection was refused: ${text}`, code);
    }
    if (who !== undefined) this.#peers.get(connection.dialled ?? who)?.ended(connection, ending);
    this.#peers.check();
  }

  #encode(envelope: Envelope): Uint8Array | undefined {
    const { maxFrameBytes, queue } = this.settings;
    try {
      return encodeEnvelope(envelope, Math.min(maxFrameBytes - BATCH_OVERHEAD, queue.maxBytes));
    } catch (error) {
      if (!isSynodError(error)) throw error;
      const reason = error.code === 'FRAME_TOO_LARGE' ? 'too-large' : 'not-serialisable';
      this.drop(reason, envelope, `${error.code}: ${error.message}`);
      return undefined;
    }
  }

  #peerOf(connection: Connection): Peer | undefined {
    const peer = connection.peer === undefined ? undefined : this.#peers.get(connection.peer);
    return peer?.current === connection ? peer : undefined;
  }

  #knock(socket: WebSocket, stream: Socket): void {
    const connection = this.#connection(socket, { stream });
    if (this.#stopping) return connection.close(stopped());
    this.#knocking.add(connection);
    const [oldest] = this.#knocking;
    if (this.#knocking.size <= this.settings.maxPendingHandshakes || !oldest) return;
    const text = 'Too many connections came in without a handshake; the oldest was closed.';
    oldest.close(new SynodError('HANDSHAKE_BUSY', text));
  }

  #connection(socket: WebSocket, from: { readonly dialled: string } | { readonly stream: Socket }): Connection {
    const { queue, directory } = this.settings;
    const keeps = (peer: string) => directory.kept.has(peer);
    const options = { ...this.settings, node: this.self, url: directory.takenAt(this.self), keeps, window: queue };
    const connection = new Connection(socket, from, options, this);
    this.#connections.add(connection);
    void connection.gone.then(() => this.#connections.delete(connection));
    return connection;
  }

  /** Refuses a second connection to a peer, and finds out whether the first still lives. */
  #isTaken(connection: Connection, node: string): boolean {
    const current = this.#peers.get(node)?.current;
    if (!current) return false;
    const text = `${node} is connected already; if another node has the same name, rename one, else it will connect soon.`;
    connection.close(new SynodError('HANDSHAKE_DUPLICATE', text));
    current.probe();
    return true;
  }

  #adopt(connection: Connection, node: string): void {
    this.#knocking.delete(connection);
    this.#peers.remember(node).adopt(connection);
  }

  async #stop(): Promise<void> {
    void this.#listener.close();
    for (const peer of this.#peers.all()) peer.quiesce();
    for (const connection of this.#connections) if (connection.phase !== 'open') connection.close(stopped());
    await this.#peers.settle(this.settings.clock, this.settings.drainMs);
    for (const connection of this.#connections) connection.close(stopped());
    for (const peer of this.#peers.all()) peer.finish();
    await Promise.all([...this.#connections].map((connection) => connection.gone));
    await this.#listener.destroy();
  }
}

const stopped = () => new SynodError('NODE_STOPPED', 'The node stopped.');
