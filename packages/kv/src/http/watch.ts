import type { Context, Hono } from 'hono';
import type { KvFilter } from '../feed.ts';
import { checkKey } from '../limits.ts';
import type { KvNode } from '../node.ts';
import { wholeNumber } from './headers.ts';
import { NO_STORE, refuseOtherMethods } from './methods.ts';
import { busy, headerInvalid, queryInvalid } from './problem.ts';
import { eventStream } from './sse.ts';
import { keyOf, queryOf, rawPath } from './target.ts';

const PATH = '/v1/watch';

interface WatchLimits {
  readonly maxWatches: number;
  readonly heartbeatMs: number;
  /** Ends all watches. */
  readonly signal: AbortSignal;
}

/** `GET /v1/watch/:key` and `GET /v1/watch?prefix=`: changes as Server-Sent Events. */
export function addWatch(app: Hono, node: KvNode, { maxWatches, heartbeatMs, signal }: WatchLimits): void {
  let watches = 0;

  const watch = (c: Context) => {
    const { filter, after } = whatToWatch(c.req.raw);
    if (watches >= maxWatches) throw busy('watches', maxWatches);
    const headers = { ...NO_STORE, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
    // Nobody would read, or cancel, the stream.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers);
    // Counted first: a stream may end while it begins.
    watches++;
    const stream = eventStream(node.watch(filter, after), {
      revision: after ?? node.revision,
      heartbeatMs,
      signal,
      onEnd: () => watches--,
    });
    return c.body(stream, 200, headers);
  };

  app.get(PATH, watch);
  app.get(`${PATH}/*`, watch);
  refuseOtherMethods(app, PATH, 'GET, HEAD');
  refuseOtherMethods(app, `${PATH}/*`, 'GET, HEAD');
}

function whatToWatch({ url, headers }: Request): { filter: KvFilter; after?: number } {
  const isPrefix = rawPath(url) === PATH;
  const query = queryOf(url, isPrefix ? ['prefix', 'after'] : ['after']);
  const since = afterOf(headers.get('last-event-id'), query.get('after'));
  if (!isPrefix) {
    const key = keyOf(url, `${PATH}/`);
    checkKey(key);
    return { filter: { key }, ...since };
  }
  const prefix = query.get('prefix');
  if (prefix === undefined) throw queryInvalid('name a key in the path or give a prefix; an empty one is all keys');
  return { filter: { prefix }, ...since };
}

/** A browser's EventSource repeats the query when it comes back, and knows better by then: its header goes before. */
function afterOf(lastEventId: string | null, query: string | undefined): { after?: number } {
  const text = lastEventId ?? query;
  if (text === undefined) return {};
  const after = wholeNumber(text);
  if (after !== undefined) return { after };
  throw lastEventId === null ? queryInvalid('after is a revision') : headerInvalid('Last-Event-ID', 'it is a revision');
}
