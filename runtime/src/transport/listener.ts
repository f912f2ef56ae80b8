import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { assert, SynodError } from '@synod/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { printable } from './text.ts';

/** Milliseconds that a socket may take to answer a close frame before it is destroyed; ws declares its options without it. */
export const CLOSING = { closeTimeout: 1_000 };

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  /** The only path at which peers are accepted. */
  readonly path: string;
  /** Listens with TLS when given. */
  readonly tls: ServerOptions | undefined;
  readonly maxFrameBytes: number;
  /** Milliseconds for the HTTP part of a handshake. */
  readonly handshakeMs: number;
  readonly maxConnections: number;
}

/** Where a listener listens. */
export interface Bound {
  readonly host: string;
  readonly port: number;
}

/** The HTTP server at which peers knock. Whatever is no WebSocket of a peer is answered and closed here. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #accept: (socket: WebSocket, stream: Socket) => void;
  readonly #sockets = new Set<Duplex>();
  readonly #webSockets: WebSocketServer;
  #server: Server | undefined;
  #started: Promise<Bound> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ListenerOptions, accept: (socket: WebSocket, stream: Socket) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#webSockets = new WebSocketServer({
      ...CLOSING,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxFrameBytes,
    });
  }

  /**
   * @returns where it listens.
   * @throws SynodError `PORT_IN_USE`, `PORT_FORBIDDEN`, `HOST_INVALID`, `TLS_INVALID` or `LISTEN_FAILED`.
   */
  async start(onError: (error: Error) => void): Promise<Bound> {
    const server = this.#create();
    this.#server = server;
    this.#started = new Promise((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, this.#options)));
      server.listen({ host: this.#options.host, port: this.#options.port }, () => {
        server.removeAllListeners('error').on('error', onError);
        const { address, port } = server.address() as AddressInfo;
        resolve({ host: address, port });
      });
    });
    return this.#started;
  }

  /** Accepts no more connections. Resolves when those there are have ended. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Ends all connections; resolves when the port is free. */
  async destroy(): Promise<void> {
    const closed = this.close();
    // A listener that is just about to start is closed once it has.
    await this.#started?.catch(() => undefined);
    this.#server?.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #close(): Promise<void> {
    await this.#started?.catch(() => undefined);
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
  }

  #create(): Server {
    const { tls, handshakeMs, maxConnections } = this.#options;
    // Half-finished requests are looked for once a handshake's time, not at Node's 30 s.
    const limits = {
      headersTimeout: handshakeMs,
      requestTimeout: handshakeMs,
      connectionsCheckingInterval: handshakeMs,
      keepAliveTimeout: handshakeMs,
    };
    const answer = (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response);
    let server: Server;
    try {
      server = tls
        ? createSecureServer({ handshakeTimeout: handshakeMs, ...tls, ...limits }, answer)
        : createServer(limits, answer);
    } catch (cause) {
      const text = `The TLS options of the server are refused (${printable(String(cause))}); look at key and certificate.`;
      throw new SynodError('TLS_INVALID', text, { cause });
    }
    server.maxConnections = maxConnections;
    server.on('connection', (socket: Duplex) => this.#track(socket));
    server.on('secureConnection', (socket: Duplex) => this.#track(socket));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    );
    return server;
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #here(request: IncomingMessage): boolean {
    return request.url?.split('?', 1)[0] === this.#options.path;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const here = this.#here(request);
    response.writeHead(here ? 426 : 404, {
      ...(here ? { upgrade: 'websocket' } : {}),
      connection: 'close',
      'content-type': 'text/plain; charset=utf-8',
    });
    response.end(here ? 'Nodes of a Synod cluster connect here by WebSocket.\n' : 'There is nothing here.\n');
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (!this.#here(request)) return refuse(socket, '404 Not Found');
    // Browsers name the page they act for, nodes do not: no web page may speak to a node of its visitor.
    if (request.headers.origin !== undefined) return refuse(socket, '403 Forbidden');
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, request.socket));
  }
}

function refuse(socket: Duplex, status: string): void {
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  // Destroyed, since a half-closed socket stays as long as the other side pleases.
  socket.end(head, () => socket.destroy());
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ListenerOptions): SynodError {
  const options = { cause: error, details: { host, port } };
  switch (error.code) {
    case 'EADDRINUSE':
      return new SynodError('PORT_IN_USE', `Port ${port} of ${host} is in use; choose another, or 0 for any.`, options);
    case 'EACCES':
    case 'EPERM':
      return new SynodError(
        'PORT_FORBIDDEN',
        `Port ${port} of ${host} may not be used; choose one from 1024.`,
        options,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new SynodError(
        'HOST_INVALID',
        `"${printable(host)}" is no address of this machine; use one of its own.`,
        options,
      );
    default:
      assert(error.code !== undefined, error.message);
      return new SynodError(
        'LISTEN_FAILED',
        `Cannot listen at ${host}:${port} (${error.code}); see the cause.`,
        options,
      );
  }
}
