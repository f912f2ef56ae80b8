import type { ServerOptions } from 'node:https';
import { createSecureContext, type ConnectionOptions as TlsClientOptions } from 'node:tls';
import { assert, isName, SynodError } from '@synod/protocol';
import { type Clock, systemClock } from '../clock.ts';
import { type BackoffOptions, DEFAULT_BACKOFF } from './backoff.ts';
import { BATCH_OVERHEAD } from './codec.ts';
import { Directory, type Peers } from './directory.ts';
import { DEFAULT_QUEUE, type QueueLimits } from './send-queue.ts';
import { printable } from './text.ts';

export interface WebSocketTransportOptions {
  /** The cluster's name; nodes of another cluster are refused. */
  readonly cluster: string;
  /** Where to listen. Default: a port that the system chooses, on 127.0.0.1. */
  readonly listen?: { readonly host?: string; readonly port?: number };
  /**
   * The URLs (`ws://` or `wss://`) of other nodes, by name; an entry for this node is ignored. Nodes of a list are dialled from the start, and
   * again whenever their connection breaks. A function is asked whenever there is something to send to a node that is not connected: such
   * connections, and those to nodes that were learnt, are made on demand. Without a path, `path` is used.
   */
  readonly peers?: Peers;
  /** The path of the URL at which peers are accepted. Default `/synod`. */
  readonly path?: string;
  /** `server` makes the node listen with TLS; `client` is used towards `wss://` URLs. Both go to `node:tls` as they are. */
  readonly tls?: { readonly server?: ServerOptions; readonly client?: TlsClientOptions };
  /** The largest frame, in bytes, sent or accepted; the same on all nodes. From 1024, default 4 MiB. */
  readonly maxFrameBytes?: number;
  /** What may wait for each peer, and again what may be under way to it. */
  readonly queue?: Partial<QueueLimits>;
  /** Nothing more is written to a connection while so many bytes wait in its socket. Default 1 MiB. */
  readonly highWaterBytes?: number;
  /**
   * Between signs of life, in milliseconds; a peer silent for two to three of these is dead. Default 1000. Connections made on demand show
   * them only while something is under way.
   */
  readonly heartbeatMs?: number;
  /**
   * A connection made on demand over which nothing went for so long, in milliseconds, is closed, and opened again when there is something
   * to send. Default 60,000.
   */
  readonly idleMs?: number;
  /** From the dial to the welcome, at most, in milliseconds. Default 5000. */
  readonly handshakeMs?: number;
  /** What `stop` grants to messages that wait or are under way, in milliseconds. Default 500. */
  readonly drainMs?: number;
  /** How long messages wait, in milliseconds, for a peer that cannot be reached and is not in a list of peers. Default 60,000. */
  readonly forgetMs?: number;
  /** Connections that came in and have not finished the handshake; the oldest makes room for the newest. Default 64. */
  readonly maxPendingHandshakes?: number;
  /** Peers that may connect; one that is connected no more makes room, unless it is in a list of peers. Default 1024. */
  readonly maxPeers?: number;
  readonly backoff?: Partial<BackoffOptions>;
  /** Uniform in [0, 1), for the jitter of the back-off. Default `Math.random`. */
  readonly random?: () => number;
  /** For heartbeats, back-off and deadlines. It must run on its own, as sockets do. Default: the system's. */
  readonly clock?: Clock;
}

/** All options with their defaults. */
export interface Settings {
  readonly cluster: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly directory: Directory;
  readonly tls: { readonly server?: ServerOptions; readonly client?: TlsClientOptions };
  readonly maxFrameBytes: number;
  readonly queue: QueueLimits;
  readonly highWaterBytes: number;
  readonly heartbeatMs: number;
  readonly idleMs: number;
  readonly handshakeMs: number;
  readonly drainMs: number;
  readonly forgetMs: number;
  readonly maxPendingHandshakes: number;
  readonly maxPeers: number;
  readonly backoff: BackoffOptions;
  readonly random: () => number;
  readonly clock: Clock;
}

/**
 * @throws SynodError `CLUSTER_INVALID`, `NODE_INVALID`, `URL_INVALID`, `PORT_INVALID` or `TLS_INVALID`.
 * @throws AssertionError for a limit that is out of its range.
 */
export function readOptions(options: WebSocketTransportOptions): Settings {
  const { cluster, listen = {}, peers = {}, path = '/synod', tls = {} } = options;
  if (!isName(cluster)) {
    const text = `"${printable(cluster)}" cannot name a cluster; use letters, digits, ".", "-" and "_".`;
    throw new SynodError('CLUSTER_INVALID', text);
  }
  const { host = '127.0.0.1', port = 0 } = listen;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SynodError('PORT_INVALID', `${port} is no port; use 1 to 65535, or 0 for any.`);
  }
  checkTls(tls.client);
  assert(path.startsWith('/') && !/[?#\s]/.test(path), 'path begins with "/" and has no query');
  const limits = {
    maxFrameBytes: options.maxFrameBytes ?? 4 * 1024 * 1024,
    highWaterBytes: options.highWaterBytes ?? 1024 * 1024,
    heartbeatMs: options.heartbeatMs ?? 1_000,
    idleMs: options.idleMs ?? 60_000,
    handshakeMs: options.handshakeMs ?? 5_000,
    drainMs: options.drainMs ?? 500,
    forgetMs: options.forgetMs ?? 60_000,
    maxPendingHandshakes: options.maxPendingHandshakes ?? 64,
    maxPeers: options.maxPeers ?? 1_024,
  };
  for (const [name, limit] of Object.entries(limits)) assert(limit > 0, `${name} is above 0`);
  assert(limits.maxFrameBytes >= 1_024, 'maxFrameBytes is at least 1024');
  const queue = { ...DEFAULT_QUEUE, ...options.queue };
  assert(queue.maxMessages >= 1 && queue.maxBytes > BATCH_OVERHEAD, 'a queue holds at least one message');
  return {
    ...limits,
    directory: new Directory(peers, path),
    cluster,
    host,
    port,
    path,
    tls,
    queue,
    backoff: { ...DEFAULT_BACKOFF, ...options.backoff },
    random: options.random ?? Math.random,
    clock: options.clock ?? systemClock,
  };
}

/** Options of a client that TLS refuses would otherwise throw at the first dial. */
function checkTls(client: TlsClientOptions | undefined): void {
  try {
    if (client) createSecureContext(client);
  } catch (cause) {
    const text = `The TLS options of the client are refused (${printable(String(cause))}); look at key and certificate.`;
    throw new SynodError('TLS_INVALID', text, { cause });
  }
}
