import { isSynodError, type SynodError } from '@synod/protocol';
import { Observable, type Subscriber } from 'rxjs';
import * as v from 'valibot';
import type { KvChange, KvFilter } from '../feed.ts';
import { checkKey } from '../limits.ts';
import { type Endpoints, isWorthARetry, problemOf, responseInvalid, unreachable } from './endpoints.ts';
import { readEvents } from './event-source.ts';

export interface WatchEndpointsOptions {
  readonly filter: KvFilter;
  readonly after: number | undefined;
  /** Milliseconds without a connection until the watch fails. */
  readonly timeoutMs: number;
  /** Milliseconds without a sign of life until it connects anew. */
  readonly idleTimeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

const revision = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const changeSchema = v.object({ key: v.string(), revision, value: v.nullable(v.string()) });
const readySchema = v.object({ revision });

/** Changes from one endpoint after the other, each taking up where the last one left off. */
export function watchEndpoints(endpoints: Endpoints, options: WatchEndpointsOptions): Observable<KvChange> {
  return new Observable((subscriber) => {
    const follower = new Follower(endpoints, options, subscriber);
    follower.run().catch((error: unknown) => subscriber.error(error));
    return () => follower.stop();
  });
}

class Follower {
  readonly #endpoints: Endpoints;
  readonly #options: WatchEndpointsOptions;
  readonly #subscriber: Subscriber<KvChange>;
  #connection = new AbortController();
  #after: number | undefined;
  #connectedAt = performance.now();

  constructor(endpoints: Endpoints, options: WatchEndpointsOptions, subscriber: Subscriber<KvChange>) {
    this.#endpoints = endpoints;
    this.#options = options;
    this.#subscriber = subscriber;
    this.#after = options.after;
  }

  async run(): Promise<void> {
    if ('key' in this.#options.filter) checkKey(this.#options.filter.key);
    while (!this.#subscriber.closed) {
      const endpoint = this.#endpoints.current;
      const error = await this.#follow(endpoint);
      if (this.#subscriber.closed) return;
      if (!isWorthARetry(error) || performance.now() - this.#connectedAt > this.#options.timeoutMs) throw error;
      await this.#endpoints.rotate(endpoint);
    }
  }

  stop(): void {
    this.#connection.abort();
  }

  /** Follows one endpoint until the connection ends, and says why it did. */
  async #follow(endpoint: string): Promise<SynodError> {
    const { filter, idleTimeoutMs, timeoutMs, fetch } = this.#options;
    const connection = new AbortController();
    this.#connection = connection;
    let idle = setTimeout(() => connection.abort(), timeoutMs);
    const alive = () => {
      clearTimeout(idle);
      idle = setTimeout(() => connection.abort(), idleTimeoutMs);
      this.#connectedAt = performance.now();
    };
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (this.#after !== undefined) headers['last-event-id'] = `${this.#after}`;
      const target = endpoint + pathOf(filter);
      const response = await fetch(target, { headers, redirect: 'error', signal: connection.signal });
      if (!response.ok || !response.body) return await problemOf(endpoint, response);
      for await (const { event, data } of readEvents(response.body, alive)) this.#take(endpoint, event, data);
      return unreachable(endpoint);
    } catch (error) {
      return isSynodError(error) ? error : unreachable(endpoint, error);
    } finally {
      clearTimeout(idle);
    }
  }

  #take(endpoint: string, event: string, data: string): void {
    const value = parseJson(data);
    if (event === 'ready') {
      const ready = v.safeParse(readySchema, value);
      if (!ready.success) throw responseInvalid(endpoint, ready.issues);
      this.#after ??= ready.output.revision;
    } else if (event === 'message') {
      const change = v.safeParse(changeSchema, value);
      if (!change.success) throw responseInvalid(endpoint, change.issues);
      if (change.output.revision <= (this.#after ?? 0)) return;
      this.#after = change.output.revision;
      this.#subscriber.next(change.output);
    }
  }
}

const pathOf = (filter: KvFilter): string =>
  'key' in filter
    ? `/v1/watch/${encodeURIComponent(filter.key)}`
    : `/v1/watch?prefix=${encodeURIComponent(filter.prefix)}`;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
