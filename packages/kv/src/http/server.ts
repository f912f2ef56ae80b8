import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { assert, SynodError } from '@synod/protocol';
import type { KvNode } from '../node.ts';
import { createKvApp } from './app.ts';
import { headersTooLarge, problemOf, problemResponse, requestInvalid, requestTimeout } from './problem.ts';

export interface KvServerOptions {
  readonly node: KvNode;
  /** Where to listen. Default `127.0.0.1`. The API has no authentication: whoever reaches it may write. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Names in `Host` headers to answer to, besides loopback ones and `host`. */
  readonly allowedHosts?: readonly string[];
  /** Milliseconds a request may take to arrive. Default 10,000. */
  readonly requestTimeoutMs?: number;
  /** Requests under way at most, watches not counted; further ones get 503. Default 256. */
  readonly maxRequests?: number;
  /** Watches at most; further ones get 503. Default 1,024. */
  readonly maxWatches?: number;
  /** Milliseconds between the comments that keep a watch's connection alive. Default 15,000. */
  readonly heartbeatMs?: number;
  /** Learns of errors that are a bug here, and of which clients learn no more than a 500. Default: nobody does. */
  readonly onError?: (error: unknown) => void;
}

/** The HTTP face of a node. */
export interface KvServer {
  /** For example `http://127.0.0.1:7001`. Only once started. */
  readonly url: string;
  /** @throws SynodError `PORT_IN_USE`, `PORT_FORBIDDEN` or `HOST_UNAVAILABLE`. */
  start(): Promise<void>;
  /** Ends watches, lets the requests under way end, and closes all connections. The node lives on. Idempotent. */
  stop(): Promise<void>;
}

/** Bytes of a request's target and headers at most. */
const MAX_HEADER_BYTES = 16_384;

/** How long `stop` waits for requests under way, in milliseconds. */
const GRACE_MS = 1_000;

export function createKvServer(options: KvServerOptions): KvServer {
  const { node, host = '127.0.0.1', port = 0, allowedHosts = [], requestTimeoutMs = 10_000 } = options;
  const { maxRequests = 256, maxWatches = 1_024, heartbeatMs = 15_000, onError = () => {} } = options;
  const stopping = new AbortController();
  const app = createKvApp({
    node,
    allowedHosts: new Set([host, ...allowedHosts].map((name) => name.toLowerCase())),
    maxRequests,
    maxWatches,
    heartbeatMs,
    signal: stopping.signal,
    onError,
  });
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => problemResponse(requestInvalid()),
  });
  const limits = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    maxHeaderSize: MAX_HEADER_BYTES,
    // Without one the app answers, with a problem.
    requireHostHeader: false,
  };
  const server = createServer(limits, (incoming, outgoing) => void listener(incoming, outgoing));
  server.on('clientError', refuse);
  return new NodeServer(server, host, port, stopping);
}

class NodeServer implements KvServer {
  readonly #server: Server;
  readonly #host: string;
  readonly #port: number;
  readonly #stopping: AbortController;
  #url: string | undefined;
  #stopped: Promise<void> | undefined;

  constructor(server: Server, host: string, port: number, stopping: AbortController) {
    this.#server = server;
    this.#host = host;
    this.#port = port;
    this.#stopping = stopping;
  }

  get url(): string {
    assert(this.#url, 'the server has a URL once it is started');
    return this.#url;
  }

  async start(): Promise<void> {
    this.#server.listen(this.#port, this.#host);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw listenFailed(error, this.#host, this.#port);
    }
    const { port } = this.#server.address() as AddressInfo;
    this.#url = `http://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${port}`;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#close();
    return this.#stopped;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    const patience = setTimeout(() => this.#server.closeAllConnections(), GRACE_MS);
    await closed;
    clearTimeout(patience);
  }
}

/** Answers what is not even a request. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const reason =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? headersTooLarge()
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? requestTimeout()
        : requestInvalid();
  const problem = problemOf(reason);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function listenFailed(cause: unknown, host: string, port: number): SynodError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const text = `Port ${port} of ${host} is in use; choose another, or end the program that has it.`;
    return new SynodError('PORT_IN_USE', text, { cause });
  }
  if (code === 'EACCES') {
    const text = `This user may not listen on port ${port}; choose one from 1024 on.`;
    return new SynodError('PORT_FORBIDDEN', text, { cause });
  }
  const text = `${host} is no address of this machine; use 127.0.0.1 or one of its own.`;
  return new SynodError('HOST_UNAVAILABLE', text, { cause });
}
