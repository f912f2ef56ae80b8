import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { describeError, isSynodError, SynodError } from '@synod/protocol';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import * as v from 'valibot';
import type { ClusterKind, ManagedCluster } from './managed-cluster.ts';
import { cannotPartition } from './refusals.ts';

/** What other terminals may ask of a launcher. */
export interface Controlled {
  readonly kind: ClusterKind['name'];
  readonly cluster: Pick<ManagedCluster, 'info' | 'kill' | 'restart' | 'pause' | 'resume' | 'partition' | 'heal'>;
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

const groups = v.object({ groups: v.array(v.array(v.string())) });

/** What can be done to nodes, and how they are. */
function addFaults(app: Hono, { kind, cluster }: Controlled): void {
  app.get('/nodes', (context) => context.json(cluster.info));
  for (const act of ['kill', 'restart', 'pause', 'resume'] as const) {
    app.post(`/${act}/:node`, async (context) => {
      await cluster[act](context.req.param('node'));
      return context.json({});
    });
  }
  app.post('/partition', async (context) => {
    if (!cluster.partition) throw cannotPartition(kind);
    const asked = v.safeParse(groups, await context.req.json().catch(() => undefined));
    if (!asked.success) throw new SynodError('PARTITION_INVALID', 'A partition is asked for as lists of nodes.');
    await cluster.partition(asked.output.groups);
    return context.json({});
  });
  app.post('/heal', async (context) => {
    if (!cluster.heal) throw cannotPartition(kind);
    await cluster.heal();
    return context.json({});
  });
}

/** Listens on loopback for the commands of other terminals, which know the token from the state file. */
export async function serveControl(controlled: Controlled): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url');
  const app = new Hono();
  app.use(bearerAuth({ token }));
  addFaults(app, controlled);
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
