import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { describeError, isSynodError } from '@synod/protocol';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import type { NodeInfo } from './cluster.ts';

/** What other terminals may ask of a launcher. */
export interface Controlled {
  nodes(): readonly NodeInfo[];
  kill(node: string): Promise<void>;
  restart(node: string): Promise<void>;
  /** An address that opens the inspector once; null when there is none. */
  inspectorUrl(): string | null;
  /** Begins to end the cluster. */
  stop(): void;
}

export interface ControlServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

/** Listens on loopback for the commands of other terminals, which know the token from the state file. */
export async function serveControl(controlled: Controlled): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url');
  const app = new Hono();
  app.use(bearerAuth({ token }));
  app.get('/nodes', (context) => context.json(controlled.nodes()));
  app.post('/kill/:node', async (context) => {
    await controlled.kill(context.req.param('node'));
    return context.json({});
  });
  app.post('/restart/:node', async (context) => {
    await controlled.restart(context.req.param('node'));
    return context.json({});
  });
  app.post('/inspector', (context) => context.json({ url: controlled.inspectorUrl() }));
  app.post('/stop', (context) => {
    controlled.stop();
    return context.json({});
  });
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    const code = isSynodError(error) ? error.code : 'CONTROL_FAILED';
    return context.json({ code, message: isSynodError(error) ? error.message : describeError(error) }, 409);
  });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
