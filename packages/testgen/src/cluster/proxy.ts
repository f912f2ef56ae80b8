import { assert, type Envelope, nodeOf } from '@synod/protocol';
import { createWebSocketTransport, type WebSocketTransport } from '@synod/runtime';
import { notInTime } from './failure.ts';

/** Signs of life are far apart: nothing but the script is to end a connection, however slow the computer. */
export const CONNECTION = { heartbeatMs: 30_000, handshakeMs: 30_000, drainMs: 50, backoff: { minMs: 5, maxMs: 100 } };

/** The name by which the nodes of a test know each other. */
export const CLUSTER = 'script';

/**
 * The network between the nodes of a test. To each node it is every one of its peers: it listens in the name of each, on a socket of its own,
 * speaks the transport's handshake and acknowledges frames. Messages that come in wait here, in the frames' order or all of one frame; each
 * goes on, in a frame of its own, when the script says so, or never. So connections last while their nodes do, and what is on its way
 * outlives who sent it, as in the model.
 */
export class ScriptingProxy {
  readonly #sockets = new Map<string, WebSocketTransport>();
  readonly #urls = new Map<string, string>();
  readonly #held = new Map<string, Envelope>();
  readonly #waiting = new Map<string, () => void>();
  readonly #deadlineMs: number;

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  /** Listens: towards each of `nodes` in the name of all others, and of `strangers`. */
  async start(nodes: readonly string[], strangers: readonly string[]): Promise<void> {
    const pairs = nodes.flatMap((towards) =>
      [...nodes, ...strangers].filter((name) => name !== towards).map((name) => ({ name, towards })),
    );
    await Promise.all(pairs.map(({ name, towards }) => this.#listen(name, towards)));
  }

  /** Where `node` is to look for `peer`. */
  urlFor(node: string, peer: string): string | undefined {
    return this.#sockets.get(`${peer}>${node}`)?.url;
  }

  /** Where a node listens itself, from now on. */
  reach(node: string, url: string): void {
    this.#urls.set(node, url);
  }

  /** Resolves when the message has come in. */
  async arrival(id: string): Promise<void> {
    if (this.#held.has(id)) return;
    const { promise, cancel } = deadline(
      this.#deadlineMs,
      () => `Message ${id} did not come out of its node's transport`,
    );
    const arrived = new Promise<void>((resolve) => this.#waiting.set(id, resolve));
    await Promise.race([arrived, promise]).finally(cancel);
  }

  /** Lets a message that has come in go on to its receiver. It stays, for a copy of it. */
  release(id: string): void {
    const envelope = this.#held.get(id);
    assert(envelope, 'what is released has come in');
    this.#send(envelope);
  }

  /** Brings a message of a stranger. */
  bring(envelope: Envelope): void {
    this.#send(envelope);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#sockets.values()].map((socket) => socket.stop()));
  }

  async #listen(name: string, towards: string): Promise<void> {
    const socket = createWebSocketTransport({ cluster: CLUSTER, peers: () => this.#urls.get(towards), ...CONNECTION });
    this.#sockets.set(`${name}>${towards}`, socket);
    await socket.start(name, {
      receive: (envelope) => {
        this.#held.set(envelope.id, envelope);
        this.#waiting.get(envelope.id)?.();
        this.#waiting.delete(envelope.id);
      },
      // What the proxy itself loses shows as a message that does not arrive.
      drop: () => {},
      note: () => {},
    });
  }

  #send(envelope: Envelope): void {
    const socket = this.#sockets.get(`${nodeOf(envelope.from)}>${nodeOf(envelope.to)}`);
    assert(socket, 'the proxy listens in the name of every sender');
    socket.send(envelope);
  }
}

/** A promise that fails when time is up, unless it is cancelled before. */
export function deadline(
  ms: number,
  what: () => string,
): { readonly promise: Promise<never>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notInTime(what(), ms)), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
