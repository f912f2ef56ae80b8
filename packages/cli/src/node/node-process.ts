import { publishTrace } from '@synod/inspector/publisher';
import { createKvNode, createKvServer } from '@synod/kv';
import { describeError, isSynodError } from '@synod/protocol';
import { createLmdbStorage, createSystem, createWebSocketTransport } from '@synod/runtime';
import type { FromNode, NodeConfig, ToNode } from '../launcher/messages.ts';
import { usage } from '../options.ts';

/** Several processes share few cores with a disk that syncs: timeouts well above the paper's 150–300 ms. */
const RAFT = { electionTimeoutMs: [500, 1_000], heartbeatIntervalMs: 100 } as const;

/** The life of a node's process: told by its launcher what to be, until it is told to stop or the launcher is gone. */
export async function runNodeProcess(): Promise<void> {
  if (!process.send) throw usage('A node is started by "synod run kv", not by hand.');
  const urls = new Map<string, string>();
  const begun = new Promise<NodeConfig>((resolve) => {
    process.on('message', (message: ToNode) => {
      if (message.type === 'start') resolve(message.config);
      else if (message.type === 'peers') for (const [node, url] of Object.entries(message.urls)) urls.set(node, url);
    });
  });
  const ending = new Promise<void>((resolve) => {
    process.on('disconnect', resolve);
    process.on('SIGTERM', () => resolve());
    process.on('message', (message: ToNode) => message.type === 'stop' && resolve());
  });
  // Ctrl-C reaches every process of the terminal; the launcher acts on it.
  process.on('SIGINT', () => {});
  try {
    await live(await begun, urls, ending);
  } catch (error) {
    const code = isSynodError(error) ? error.code : 'NODE_FAILED';
    await say({ type: 'failed', code, message: isSynodError(error) ? error.message : describeError(error) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

async function live(config: NodeConfig, urls: ReadonlyMap<string, string>, ending: Promise<void>): Promise<void> {
  const { node, nodes, cluster, directory, host, apiPort, inspector } = config;
  const transport = createWebSocketTransport({ cluster, listen: { host }, peers: (peer) => urls.get(peer) });
  const storage = createLmdbStorage({ directory, cluster });
  const system = await createSystem({ node, transport, storage });
  const undo: (() => Promise<void>)[] = [() => system.shutdown()];
  try {
    if (inspector) {
      const publisher = publishTrace({
        ...inspector,
        node,
        about: { pid: process.pid, cluster },
        trace$: system.trace$,
      });
      undo.unshift(() => publisher.stop());
    }
    const kv = await createKvNode({ system, peers: nodes.filter((name) => name !== node), raft: RAFT });
    const api = createKvServer({ node: kv, host, port: apiPort });
    await api.start();
    undo.unshift(() => api.stop());
    kv.leader$.subscribe(({ leader, term }) => void say({ type: 'leader', leader, term }));
    await say({ type: 'ready', transportUrl: transport.url, apiUrl: api.url, recovered: kv.status().lastLogIndex > 0 });
    const failure = await Promise.race([ending, system.closed]);
    if (failure) throw failure;
  } finally {
    for (const step of undo) await step();
  }
}

function say(message: FromNode): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
