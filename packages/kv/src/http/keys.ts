import type { Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { MAX_VALUE_BYTES } from '../limits.ts';
import type { KvNode } from '../node.ts';
import { readText } from './body.ts';
import { checkBodyHeaders, conditionOf, etag, isUnchanged, sessionOf } from './headers.ts';
import { NO_STORE, refuseOtherMethods } from './methods.ts';
import { keyNotFound, problemResponse, routeUnknown } from './problem.ts';
import { keyOf, queryOf } from './target.ts';

const KEYS = '/v1/kv/';

/** `/v1/kv/:key`: reads, writes and deletes. */
export function addKeys(app: Hono, node: KvNode): void {
  const key = (c: Context) => {
    queryOf(c.req.url, []);
    return keyOf(c.req.url, KEYS);
  };

  app.all('/v1/kv', () => problemResponse(routeUnknown()));

  app.get(`${KEYS}*`, async (c) => {
    const { headers } = c.req.raw;
    const name = key(c);
    const entry = await node.get(name, sessionOf(headers));
    if (!entry) throw keyNotFound();
    const { value, revision } = entry;
    const fields = { ...NO_STORE, vary: 'accept', etag: etag(revision), 'synod-revision': `${revision}` };
    if (isUnchanged(headers, revision)) return c.body(null, 304, fields);
    const types = ['text/plain', 'application/json'];
    const type = accepts(c, { header: 'Accept', supports: types, default: 'text/plain' });
    if (type === 'application/json') return c.json({ key: name, value, revision }, 200, fields);
    return c.body(value, 200, { ...fields, 'content-type': 'text/plain; charset=utf-8' });
  });

  app.put(`${KEYS}*`, async (c) => {
    const { headers } = c.req.raw;
    const name = key(c);
    const options = { ...conditionOf(headers), ...sessionOf(headers) };
    checkBodyHeaders(headers);
    const value = await readText(c.req.raw, MAX_VALUE_BYTES);
    const { revision, created } = await node.put(name, value, options);
    const fields = { ...NO_STORE, etag: etag(revision), 'synod-revision': `${revision}` };
    return c.json({ key: name, revision, created }, created ? 201 : 200, fields);
  });

  app.delete(`${KEYS}*`, async (c) => {
    const { headers } = c.req.raw;
    const name = key(c);
    const { revision } = await node.delete(name, { ...conditionOf(headers), ...sessionOf(headers) });
    return c.json({ key: name, revision, deleted: revision !== null }, 200, NO_STORE);
  });

  refuseOtherMethods(app, `${KEYS}*`, 'GET, HEAD, PUT, DELETE');
}
