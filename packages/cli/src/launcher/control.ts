import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { skewSchema } from '@synod/inspector';
import { describeError, describeLinkFault, isSynodError, linkFaultSchema, SynodError } from '@synod/protocol';
import { type Context, Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import * as v from 'valibot';
import type { ManagedCluster } from './managed-cluster.ts';

/** What other terminals may ask of a launcher. */
export interface Controlled {
  readonly cluster: Pick<
    ManagedCluster,
    'info' | 'kill' | 'restart' | 'pause' | 'resume' | 'partition' | 'heal' | 'disturb' | 'skew' | 'clear'
  >;
  /** An address that opens the inspector once, to look on or to act; null when there is none. */
  inspectorUrl(permission: { readonly faults: boolean }): string | null;
  /** Something was done to these nodes, by all means of the command line. */
  told(nodes: readonly string[], text: string): void;
  /** Begins to end the cluster. */
  stop(): void;
}

export interface ControlServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

const groups = v.object({ groups: v.array(v.array(v.string())) });
const permission = v.object({ faults: v.boolean() });

/** What a request carries. @throws SynodError `code` with `text` when it is something else. */
async function asked<T>(context: Context, schema: v.GenericSchema<unknown, T>, code: string, text: string): Promise<T> {
  const result = v.safeParse(schema, await context.req.json().catch(() => undefined));
  if (!result.success) throw new SynodError(code, text);
  return result.output;
}

/** What can be done to nodes, and how they are. */
function addFaults(app: Hono, { cluster, told }: Controlled): void {
  const all = () => cluster.info.map(({ node }) => node);
  app.get('/nodes', (context) => context.json(cluster.info));
  for (const act of ['kill', 'restart', 'pause', 'resume'] as const) {
    app.post(`/${act}/:node`, async (context) => {
      const node = context.req.param('node');
      await cluster[act](node);
      told([node], act);
      return context.json({});
    });
  }
  app.post('/partition', async (context) => {
    const text = 'A partition is asked for as lists of nodes.';
    await cluster.partition((await asked(context, groups, 'PARTITION_INVALID', text)).groups);
    told(all(), 'partition');
    return context.json({});
  });
  app.post('/links', async (context) => {
    const text = 'A fault on links has a chance from 0 to 1, or 0 to 60,000 milliseconds, the smaller ones first.';
    const fault = await asked(context, linkFaultSchema, 'FAULT_INVALID', text);
    await cluster.disturb(fault);
    told([...new Set([...(fault.from ?? all()), ...(fault.to ?? all())])], describeLinkFault(fault));
    return context.json({});
  });
  app.post('/skew/:node', async (context) => {
    const text = 'A clock runs at 0.1 to 10 times the true speed, and jumps 0 to 60,000 ms ahead.';
    const node = context.req.param('node');
    await cluster.skew(node, await asked(context, skewSchema, 'FAULT_INVALID', text));
    told([node], 'skew');
    return context.json({});
  });
  for (const act of ['heal', 'clear'] as const) {
    app.post(`/${act}`, async (context) => {
      await cluster[act]();
      told(all(), act);
      return context.json({});
    });
  }
}

/** Listens on loopback for the commands of other terminals, which know the token from the state file. */
export async function serveControl(controlled: Controlled): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url');
  const app = new Hono();
  app.use(bearerAuth({ token }));
  addFaults(app, controlled);
  app.post('/inspector', async (context) => {
    const text = 'An address of the inspector is asked for with or without faults.';
    return context.json({ url: controlled.inspectorUrl(await asked(context, permission, 'PERMISSION_INVALID', text)) });
  });
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
