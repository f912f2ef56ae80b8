import { publishTrace } from '@synod/inspector/publisher';
import { createKvNode, createKvServer } from '@synod/kv';
import { describeError, isSynodError } from '@synod/protocol';
import { createLmdbStorage, createSystem, createWebSocketTransport, type System, systemClock } from '@synod/runtime';
import type { FromNode, NodeConfig, ToNode } from '../launcher/messages.ts';
import { portInUse, usage } from '../options.ts';
import { OwnFaults } from './node-faults.ts';
import { TraceRecorder } from './trace-recorder.ts';

/** Several processes share few cores with a disk that syncs: timeouts well above the paper's 150–300 ms. */
const RAFT = { electionTimeoutMs: [500, 1_000], heartbeatIntervalMs: 100 } as const;

/** The life of a node's process: told by its launcher what to be, until it is told to stop or the launcher is gone. */
export async function runNodeProcess(): Promise<void> {
  if (!process.send) throw usage('A node is started by "synod run kv", not by hand.');
  const urls = new Map<string, string>();
  const faults = new OwnFaults();
  const begun = new Promise<NodeConfig>((resolve) => {
    process.on('message', (message: ToNode) => {
      if (message.type === 'start') {
        faults.put(message.config.faults);
        resolve(message.config);
      } else if (message.type === 'faults') faults.put(message.faults, message.text);
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
    await live(await begun, urls, faults, ending);
  } catch (error) {
    const code = isSynodError(error) ? error.code : 'NODE_FAILED';
    await say({ type: 'failed', code, message: isSynodError(error) ? error.message : describeError(error) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

async function live(
  config: NodeConfig,
  urls: Map<string, string>,
  faults: OwnFaults,
  ending: Promise<void>,
): Promise<void> {
  const { node, nodes, cluster, host, apiPort, inspector } = config;
  for (const [peer, url] of Object.entries(config.peers)) urls.set(peer, url);
  const { system, transportUrl } = await openSystem(config, urls, faults);
  faults.tellIn(system);
  // Before anything lives on the system: the trace then tells of all from its start.
  const recorder = record(config, system);
  const undo: (() => Promise<void>)[] = [async () => recorder?.close()];
  undo.unshift(() => system.shutdown());
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
    const kv = await createKvNode({
      system,
      peers: nodes.filter((name) => name !== node),
      raft: RAFT,
      clock: faults.clock,
    });
    const api = createKvServer({ node: kv, host, port: apiPort });
    await api.start().catch((error: unknown) => {
      throw isSynodError(error, 'PORT_IN_USE') ? portInUse(apiPort, `the API of ${node}`, error) : error;
    });
    undo.unshift(() => api.stop());
    kv.leader$.subscribe(({ leader, term }) => void say({ type: 'leader', leader, term }));
    await say({ type: 'ready', transportUrl, apiUrl: api.url });
    const failure = await Promise.race([ending, system.closed]);
    if (failure) throw failure;
  } finally {
    for (const step of undo) await step();
  }
}

/** Keeps a trace where one is wanted. */
function record({ node, cluster, traceFile }: NodeConfig, system: System): TraceRecorder | undefined {
  if (traceFile === undefined) return undefined;
  const recorder = new TraceRecorder(traceFile, { machine: 'kv', cluster, node, pid: process.pid });
  const failed = (error: unknown) => process.stderr.write(`${node}: ${describeError(error)}\n`);
  system.trace$.subscribe((each) => recorder.add(each, failed));
  return recorder;
}

/** The system on its disk and network; at another port if its last one was taken while it was down. */
async function openSystem(
  config: NodeConfig,
  urls: ReadonlyMap<string, string>,
  faults: OwnFaults,
): Promise<{ readonly system: System; readonly transportUrl: string }> {
  const { node, nodes, cluster, directory, host, transportPort: port } = config;
  const areAllKnown = nodes.every((name) => urls.has(name));
  const inner = createWebSocketTransport({
    cluster,
    listen: { host, port },
    // Peers named in an object are dialled at once: a node that returns hears of the leader before its election timeout.
    peers: areAllKnown ? Object.fromEntries(urls) : (peer) => urls.get(peer),
  });
  const storage = createLmdbStorage({ directory, cluster });
  const times = { clock: faults.clock, traceClock: systemClock };
  try {
    const system = await createSystem({ node, transport: faults.wrap(inner), storage, ...times });
    return { system, transportUrl: inner.url };
  } catch (error) {
    if (port === 0 || !isSynodError(error, 'PORT_IN_USE')) throw error;
    return openSystem({ ...config, transportPort: 0 }, urls, faults);
  }
}

function say(message: FromNode): Promise<void> {
  return new Promise((resolve) => {
    if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
