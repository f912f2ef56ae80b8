import type { Socket } from 'node:net';
import { assert, type Envelope, isSynodError, SynodError } from '@synod/protocol';
import type { RawData, WebSocket } from 'ws';
import type { Clock, Timer } from '../clock.ts';
import { closeCode, codeOfClose } from './close-codes.ts';
import { decodeFrame, encodeBatch, encodeHello, encodeWelcome, type Frame, type Hello } from './codec.ts';
import { Heartbeat } from './heartbeat.ts';
import { InFlight } from './in-flight.ts';
import type { Outgoing, QueueLimits } from './send-queue.ts';
import { printable } from './text.ts';

/** How a connection ended. */
export interface Ending {
  readonly code: string;
  readonly text: string;
  /** Whether the other side, or the network, ended it. */
  readonly byPeer: boolean;
  /** Whether it had been established. */
  readonly wasOpen: boolean;
  /** What was sent and not confirmed: it may have arrived, or not. */
  readonly unconfirmed: readonly Outgoing[];
}

/** What a connection reports; after `closed`, nothing more. */
export interface ConnectionEvents {
  /** The other side's first frame. */
  hello(connection: Connection, hello: Hello): void;
  /** The other side chose this connection. */
  welcome(connection: Connection): void;
  batch(connection: Connection, envelopes: readonly Envelope[]): void;
  /** There is room again, after `hasRoom` said no. */
  writable(connection: Connection): void;
  /** All that was sent has arrived. */
  confirmed(connection: Connection): void;
  closed(connection: Connection, ending: Ending): void;
}

export interface ConnectionOptions {
  readonly node: string;
  readonly cluster: string;
  /** Where this node listens, if that is known in its cluster. */
  readonly url: string | undefined;
  /** Whether this node wants a connection kept up even if there is nothing to send. */
  readonly keeps: (peer: string) => boolean;
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  readonly heartbeatMs: number;
  readonly handshakeMs: number;
  /** Nothing more is written while so many bytes wait in the socket. */
  readonly highWaterBytes: number;
  /** Nothing more is written while so much is unconfirmed. */
  readonly window: QueueLimits;
}

/**
 * - connecting: the dial is under way
 * - greeting: the other side's hello is awaited
 * - waiting: the welcome is awaited, on either side's part
 * - open: envelopes may travel
 */
type Phase = 'connecting' | 'greeting' | 'waiting' | 'open' | 'closed';

/** One WebSocket between two nodes: frames in and out, the order of the handshake, heartbeats, back-pressure. */
export class Connection {
  /** The node that was dialled; undefined for a connection that came in. */
  readonly dialled: string | undefined;
  /** Resolves when the socket is gone. */
  readonly gone: Promise<void>;
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #heartbeat: Heartbeat;
  readonly #inFlight = new InFlight();
  #phase: Phase;
  #peer: string | undefined;
  #stream: Socket | undefined;
  #deadline: Timer | undefined;
  #isKept = false;
  /** The frame up to which the ping that is under way confirms. */
  #pinged: number | undefined;
  #blocked = false;

  constructor(
    socket: WebSocket,
    from: { readonly dialled: string } | { readonly stream: Socket },
    options: ConnectionOptions,
    events: ConnectionEvents,
  ) {
    this.#socket = socket;
    this.dialled = 'dialled' in from ? from.dialled : undefined;
    this.#stream = 'stream' in from ? from.stream : undefined;
    this.#options = options;
    this.#events = events;
    this.#phase = 'dialled' in from ? 'connecting' : 'greeting';
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      intervalMs: options.heartbeatMs,
      received: () => this.#stream?.bytesRead ?? 0,
      beat: () => this.#ping(),
      dead: () => this.#silent(),
    });
    this.#deadline = options.clock.setTimer(() => this.close(late(options.handshakeMs)), options.handshakeMs);
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()));
    this.#listen();
  }

  /** The other side, once it has said who it is. */
  get peer(): string | undefined {
    return this.#peer;
  }

  /** Whether either side wants it kept up even if there is nothing to send; if not, heartbeats are for while something is under way. */
  get isKept(): boolean {
    return this.#isKept;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether `send` may be called now; if not, `writable` is reported when it may again. */
  hasRoom(): boolean {
    const { highWaterBytes, window } = this.#options;
    const room =
      this.#socket.bufferedAmount < highWaterBytes &&
      this.#inFlight.length < window.maxMessages &&
      this.#inFlight.bytes < window.maxBytes;
    this.#blocked = !room;
    return this.#phase === 'open' && room;
  }

  /** Whether all that was sent has arrived. */
  get settled(): boolean {
    return this.#inFlight.length === 0;
  }

  /** Goes on with the handshake after a hello that is in order: answers it if this side was dialled, and welcomes if it decides. */
  accept(welcome: boolean): void {
    if (this.dialled === undefined && this.#peer !== undefined) this.#greet(this.#peer);
    if (welcome) this.#write(encodeWelcome());
  }

  /** The connection is established. */
  open(): void {
    assert(this.#phase === 'waiting', 'a connection opens once, after the handshake');
    this.#phase = 'open';
    this.#deadline?.cancel();
    this.#heartbeat.start();
    this.#ping();
  }

  /** Sends one frame. */
  send(items: readonly Outgoing[]): void {
    this.#inFlight.add(items);
    this.#write(encodeBatch(items.map((item) => item.bytes)));
    this.#heartbeat.start();
    this.#ping();
  }

  /** Finds out soon whether the other side still lives. */
  probe(): void {
    if (this.#phase === 'open') this.#heartbeat.probe();
  }

  /** Ends the connection; the other side learns the error's code. */
  close(error: SynodError): void {
    if (this.#phase === 'closed') return;
    const connecting = this.#phase === 'connecting';
    this.#end({ code: error.code, text: error.message, byPeer: false });
    // A frame that ws refuses has made it close the socket already; closing twice does nothing.
    if (connecting) this.#socket.terminate();
    else this.#socket.close(closeCode(error.code), error.code);
  }

  /** Ends what is left without another word. */
  terminate(): void {
    this.#socket.terminate();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('upgrade', (response) => {
      this.#stream = response.socket;
    });
    socket.on('open', () => {
      if (this.#phase !== 'connecting') return;
      this.#phase = 'greeting';
      if (this.dialled !== undefined) this.#greet(this.dialled);
    });
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('pong', (data) => this.#onPong(data));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error));
    socket.on('close', (number) => {
      const code = this.#phase === 'connecting' ? 'CONNECT_FAILED' : codeOfClose(number);
      const text = `the other side closed it (${code === 'CONNECTION_LOST' ? number : code})`;
      this.#end({ code, text, byPeer: true });
    });
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#phase === 'closed') return;
    let frame: Frame;
    try {
      if (!isBinary) throw new SynodError('FRAME_TEXT', 'A text frame came in; only binary frames belong here.');
      assert(data instanceof Uint8Array, 'ws hands over a Buffer');
      frame = decodeFrame(data, this.#options.maxFrameBytes);
    } catch (error) {
      if (!isSynodError(error)) throw error;
      // The very first frame of another release: an honest node that must be updated.
      const foreign = error.code === 'FRAME_VERSION' && this.#phase === 'greeting';
      return this.close(foreign ? new SynodError('HANDSHAKE_VERSION', error.message) : error);
    }
    this.#onFrame(frame);
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'hello') {
      if (this.#phase !== 'greeting') return this.close(outOfTurn('HANDSHAKE_REPEATED', 'a second hello'));
      this.#phase = 'waiting';
      this.#peer = frame.node;
      this.#isKept ||= frame.keep === true;
      return this.#events.hello(this, frame);
    }
    if (frame.kind === 'welcome') {
      if (this.#phase === 'greeting') return this.close(outOfTurn('HANDSHAKE_EXPECTED', 'a welcome before the hello'));
      return this.#events.welcome(this);
    }
    if (this.#phase !== 'open') return this.close(outOfTurn('HANDSHAKE_EXPECTED', 'envelopes before the handshake'));
    this.#events.batch(this, frame.envelopes);
  }

  #onPong(data: Buffer): void {
    const number = this.#pinged;
    if (this.#phase !== 'open' || number === undefined || data.toString('latin1') !== String(number)) return;
    this.#inFlight.confirm(number);
    this.#pinged = undefined;
    if (!this.settled) this.#ping();
    else if (!this.#isKept) this.#heartbeat.stop();
    this.#events.confirmed(this);
    this.#unblock();
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      const limit = this.#options.maxFrameBytes;
      const text = `A frame of more than ${limit} bytes came in; give all nodes the same maxFrameBytes.`;
      return this.close(new SynodError('FRAME_TOO_LARGE', text));
    }
    if (error.code?.startsWith('WS_ERR_')) {
      const text = `What came in is no WebSocket frame (${error.code}); look at the program that sent it.`;
      return this.close(new SynodError('FRAME_MALFORMED', text));
    }
    const code = this.#phase === 'connecting' ? 'CONNECT_FAILED' : 'CONNECTION_LOST';
    this.#end({ code, text: printable(error.message || error.code || 'unknown error'), byPeer: true });
    this.#socket.terminate();
  }

  #silent(): void {
    this.#end({ code: 'HEARTBEAT_MISSED', text: 'the other side does not answer', byPeer: true });
    this.#socket.terminate();
  }

  #end(how: Pick<Ending, 'code' | 'text' | 'byPeer'>): void {
    if (this.#phase === 'closed') return;
    const wasOpen = this.#phase === 'open';
    this.#phase = 'closed';
    this.#deadline?.cancel();
    this.#heartbeat.stop();
    this.#events.closed(this, { ...how, wasOpen, unconfirmed: this.#inFlight.clear() });
  }

  /** At most one ping at a time; its pong confirms all frames that were sent before it. */
  #ping(): void {
    if (this.#pinged !== undefined || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#pinged = this.#inFlight.sent;
    this.#socket.ping(String(this.#pinged));
  }

  #greet(peer: string): void {
    const { node, cluster, url, keeps } = this.#options;
    this.#isKept ||= keeps(peer);
    this.#write(encodeHello({ node, cluster, ...(url && { url }), ...(keeps(peer) && { keep: true }) }));
  }

  #write(frame: Uint8Array): void {
    this.#socket.send(frame, { binary: true }, () => this.#unblock());
  }

  #unblock(): void {
    if (this.#blocked && this.hasRoom()) this.#events.writable(this);
  }
}

const late = (ms: number) =>
  new SynodError('HANDSHAKE_TIMEOUT', `There was no handshake within ${ms} ms; look whether a node answers there.`);

const outOfTurn = (code: string, what: string) =>
  new SynodError(code, `There came ${what}; look at the program that sent it.`);
