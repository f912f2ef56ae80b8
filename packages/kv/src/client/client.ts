import type { Observable } from 'rxjs';
import * as v from 'valibot';
import type { KvChange, KvFilter } from '../feed.ts';
import { checkKey, checkValue } from '../limits.ts';
import type { KvStatus } from '../node.ts';
import { ClientSession } from '../session.ts';
import type { KvEntry } from '../store.ts';
import { type Call, Endpoints, type Outcome, responseInvalid, withDefinite } from './endpoints.ts';
import { watchEndpoints } from './watch.ts';

export interface KvClientOptions {
  /** The nodes' URLs, for example `http://127.0.0.1:7001`; one is enough, more survive its failure. */
  readonly endpoints: readonly string[];
  /** Milliseconds until a request fails for good. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds until the next endpoint is tried. Default 3,000. */
  readonly tryTimeoutMs?: number;
  /** Milliseconds without a sign of life after which a watch connects anew. Default 45,000, three heartbeats. */
  readonly idleTimeoutMs?: number;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface KvClientWrite {
  /** Write only if the key has this revision; 0: only if it does not exist. */
  readonly expected?: number;
}

/**
 * A client of the HTTP API, in Node or in a browser. Each write takes effect once, however often it has to be sent.
 * All reject with what the node's own methods throw, with `KV_UNREACHABLE` and with `KV_RESPONSE_INVALID`; `definite` is
 * about the request as a whole, all its tries included.
 */
export interface KvClient {
  get(key: string): Promise<KvEntry | null>;
  put(key: string, value: string, options?: KvClientWrite): Promise<{ revision: number; created: boolean }>;
  /** The delete's revision; null when there was no such key. */
  delete(key: string, options?: KvClientWrite): Promise<{ revision: number | null }>;
  /** Compare and set: puts if the key has revision `expected`; 0: if it does not exist. */
  cas(key: string, expected: number, value: string): Promise<{ revision: number; created: boolean }>;
  /**
   * Changes as a node applies them, from now on or with a revision above `after`; over lost connections and nodes without
   * gap or repetition. Errors with `KV_COMPACTED`, or `KV_UNREACHABLE` after `timeoutMs` without a connection.
   */
  watch(filter: KvFilter, after?: number): Observable<KvChange>;
  /** The status of the endpoint that answers. */
  status(): Promise<KvStatus>;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const bodies = {
  entry: v.object({ value: v.string(), revision: count }),
  put: v.object({ revision: count, created: v.boolean() }),
  delete: v.object({ revision: v.nullable(count) }),
  session: v.object({ clientId: count }),
  status: v.object({
    node: v.string(),
    role: v.string(),
    term: count,
    leader: v.nullable(v.string()),
    commitIndex: count,
    lastApplied: count,
    lastLogIndex: count,
    peers: v.array(v.string()),
  }),
};

/** @throws SynodError `KV_ENDPOINT_INVALID`. */
export function createKvClient(options: KvClientOptions): KvClient {
  const { timeoutMs = 10_000, tryTimeoutMs = 3_000, idleTimeoutMs = 45_000, fetch = globalThis.fetch } = options;
  // A bare `fetch` wants to be called without a receiver.
  const endpoints = new Endpoints({ endpoints: options.endpoints, tryTimeoutMs, fetch: (...args) => fetch(...args) });
  return new HttpClient(endpoints, { timeoutMs, idleTimeoutMs, fetch });
}

class HttpClient implements KvClient {
  readonly #endpoints: Endpoints;
  readonly #options: Required<Pick<KvClientOptions, 'timeoutMs' | 'idleTimeoutMs' | 'fetch'>>;
  #session: Promise<ClientSession> | undefined;

  constructor(endpoints: Endpoints, options: Required<Pick<KvClientOptions, 'timeoutMs' | 'idleTimeoutMs' | 'fetch'>>) {
    this.#endpoints = endpoints;
    this.#options = options;
  }

  async get(key: string): Promise<KvEntry | null> {
    const outcome = await this.#endpoints.send({ method: 'GET', path: pathOf(key) }, this.#deadline());
    if (!outcome.ok && outcome.error.code === 'KV_KEY_NOT_FOUND') return null;
    const { value, revision } = this.#read(outcome, bodies.entry);
    return { value, revision };
  }

  async put(key: string, value: string, options: KvClientWrite = {}): Promise<{ revision: number; created: boolean }> {
    checkValue(value);
    const headers = { 'content-type': 'text/plain; charset=utf-8', ...conditionOf(options) };
    const { revision, created } = await this.#write(
      { method: 'PUT', path: pathOf(key), headers, body: value },
      bodies.put,
    );
    return { revision, created };
  }

  async delete(key: string, options: KvClientWrite = {}): Promise<{ revision: number | null }> {
    const headers = conditionOf(options);
    const { revision } = await this.#write({ method: 'DELETE', path: pathOf(key), headers }, bodies.delete);
    return { revision };
  }

  cas(key: string, expected: number, value: string): Promise<{ revision: number; created: boolean }> {
    return this.put(key, value, { expected });
  }

  watch(filter: KvFilter, after?: number): Observable<KvChange> {
    return watchEndpoints(this.#endpoints, { ...this.#options, filter, after });
  }

  async status(): Promise<KvStatus> {
    return this.#read(
      await this.#endpoints.send({ method: 'GET', path: '/v1/status' }, this.#deadline()),
      bodies.status,
    );
  }

  /** Sends a write in the session, so that all its tries count as one. */
  async #write<S extends v.GenericSchema>(call: Call, schema: S): Promise<v.InferOutput<S>> {
    const deadline = this.#deadline();
    for (;;) {
      this.#session ??= this.#openSession(deadline);
      const opening = this.#session;
      const session = await opening.catch((error: unknown) => {
        if (this.#session === opening) this.#session = undefined;
        throw error;
      });
      const number = session.begin();
      const headers = { ...call.headers, ...sessionHeaders(session.clientId, number) };
      const outcome = await this.#endpoints.send({ ...call, headers }, deadline);
      session.end(number.sequenceNum);
      if (outcome.ok || outcome.error.code !== 'KV_SESSION_EXPIRED') return this.#read(outcome, schema);
      if (this.#session === opening) this.#session = undefined;
      // One try of ours, one copy of the node's: the session was closed before any could be applied.
      if (outcome.unsettled || outcome.error.details.sent !== 1) throw outcome.error;
    }
  }

  async #openSession(deadline: number): Promise<ClientSession> {
    const outcome = await this.#endpoints.send({ method: 'POST', path: '/v1/sessions' }, deadline);
    return new ClientSession(this.#read(outcome, bodies.session).clientId);
  }

  #read<S extends v.GenericSchema>(outcome: Outcome, schema: S): v.InferOutput<S> {
    if (!outcome.ok) {
      const { error, unsettled } = outcome;
      // A mismatch is the store's own answer to the command, whichever try it was. Other refusals leave an earlier try open.
      throw unsettled && error.code !== 'KV_REVISION_MISMATCH' ? withDefinite(error, false) : error;
    }
    const parsed = v.safeParse(schema, outcome.body);
    if (!parsed.success) throw responseInvalid(this.#endpoints.current, parsed.issues);
    return parsed.output;
  }

  #deadline(): number {
    return performance.now() + this.#options.timeoutMs;
  }
}

function pathOf(key: string): string {
  checkKey(key);
  return `/v1/kv/${encodeURIComponent(key)}`;
}

function conditionOf({ expected }: KvClientWrite): Record<string, string> {
  if (expected === undefined) return {};
  return expected === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${expected}"` };
}

const sessionHeaders = (clientId: number, number: { sequenceNum: number; answeredBelow: number }) => ({
  'synod-client': `${clientId}`,
  'synod-sequence': `${number.sequenceNum}`,
  'synod-answered-below': `${number.answeredBelow}`,
});
