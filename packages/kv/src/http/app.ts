import { isSynodError } from '@synod/protocol';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { KvNode } from '../node.ts';
import { checkHost, checkOrigin } from './guard.ts';
import { addKeys } from './keys.ts';
import { NO_STORE, refuseOtherMethods } from './methods.ts';
import { busy, problemResponse, routeUnknown } from './problem.ts';
import { queryOf, rawPath } from './target.ts';
import { addWatch } from './watch.ts';

export interface KvAppOptions {
  readonly node: KvNode;
  /** Host names, in lower case, that requests may use besides the loopback ones. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Requests under way at most, watches not counted. */
  readonly maxRequests: number;
  readonly maxWatches: number;
  readonly heartbeatMs: number;
  /** Ends all watches. */
  readonly signal: AbortSignal;
  /** Learns of what is nobody's request's fault. */
  readonly onError: (error: unknown) => void;
}

/** The HTTP API of a node, as an app for any server that speaks fetch. */
export function createKvApp(options: KvAppOptions): Hono {
  const app = new Hono({ getPath: (request) => rawPath(request.url) });
  app.notFound(() => problemResponse(routeUnknown()));
  app.onError((error) => {
    if (!isSynodError(error)) options.onError(error);
    return problemResponse(error);
  });
  addGuards(app, options);
  addKeys(app, options.node);
  addWatch(app, options.node, options);
  app.get('/v1/status', (c) => c.json(options.node.status(), 200, NO_STORE));
  refuseOtherMethods(app, '/v1/status', 'GET, HEAD');
  app.post('/v1/sessions', async (c) => {
    queryOf(c.req.url, []);
    return c.json({ clientId: await options.node.openSession() }, 201, NO_STORE);
  });
  refuseOtherMethods(app, '/v1/sessions', 'POST');
  return app;
}

function addGuards(app: Hono, { allowedHosts, maxRequests }: KvAppOptions): void {
  let underWay = 0;
  app.use(secureHeaders({ crossOriginResourcePolicy: 'same-origin', strictTransportSecurity: false }));
  app.use(async (c, next) => {
    if (underWay >= maxRequests) throw busy('requests', maxRequests);
    checkHost(c.req.raw.headers, allowedHosts);
    checkOrigin(c.req.raw.headers);
    underWay++;
    await next().finally(() => underWay--);
  });
}
