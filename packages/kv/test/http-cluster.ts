import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'vitest';
import { createKvServer, type KvServer, type KvServerOptions } from '../src/http/server.ts';
import { Cluster } from './cluster.ts';

/** Three nodes in real time, each with its HTTP server. */
export interface HttpCluster {
  readonly cluster: Cluster;
  readonly servers: Readonly<Record<string, KvServer>>;
  readonly urls: string[];
  stop(): Promise<void>;
}

export async function createHttpCluster(
  options: Parameters<typeof Cluster.create>[0] = {},
  server: Partial<KvServerOptions> = {},
): Promise<HttpCluster> {
  const cluster = await Cluster.create(options);
  const servers: Record<string, KvServer> = {};
  for (const node of cluster.nodes) {
    const made = createKvServer({ ...server, node });
    await made.start();
    servers[node.node] = made;
  }
  await until(() => cluster.leader());
  return {
    cluster,
    servers,
    urls: Object.values(servers).map(({ url }) => url),
    async stop() {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
      await cluster.stop();
    },
  };
}

type Wanted<T> = T | undefined | null | false | '';

/** Looks again at every turn of the event loop. */
export async function until<T>(condition: () => Wanted<T> | Promise<Wanted<T>>): Promise<T> {
  const end = performance.now() + 15_000;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (performance.now() > end) throw new Error('not so after 15 seconds');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Request {
  readonly method?: string;
  /** Sent as it is. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** Several parts are sent without Content-Length. */
  readonly body?: string | Uint8Array | readonly Uint8Array[];
}

/** One request as written, without what `fetch` would put right. */
export async function request(url: string, { method = 'GET', path, headers = {}, body }: Request): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const outgoing = httpRequest({ hostname, port, method, path, headers, agent: false });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  if (Array.isArray(body)) {
    // The server may answer, and close, before all of it is sent.
    outgoing.on('error', () => {});
    for (const part of body) outgoing.write(part);
    outgoing.end();
  } else outgoing.end(body as string | Uint8Array | undefined);
  const [incoming] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString() };
}

/** What the server says to bytes that may be no request at all, until it closes the connection. */
export async function raw(url: string, bytes: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const [head = '', text = ''] = Buffer.concat(chunks)
    .toString()
    .split(/\r\n\r\n(.*)/s);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ', 2)));
  return { status: Number(first.split(' ')[1]), headers, text };
}

/** The problem an answer is; an answer that is none fails the test. */
export function problem(answer: Answer): {
  readonly code: string;
  readonly definite: boolean;
  readonly details: Readonly<Record<string, unknown>>;
} {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const body = JSON.parse(answer.text);
  expect(body).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status: answer.status,
    detail: expect.any(String),
    code: expect.any(String),
    definite: expect.any(Boolean),
    details: expect.any(Object),
  });
  return body;
}
