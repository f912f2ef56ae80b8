import { type LinkFault, layLinkFault, type TraceRecord } from '@synod/protocol';
import { onTestFinished } from 'vitest';
import { protocol as raft } from '../../../machines/src/raft/index.ts';
import {
  createFaultyTransport,
  createSkewedClock,
  createSystem,
  createWebSocketTransport,
  systemClock,
} from '../../../runtime/src/index.ts';
import { type Controls, type Groups, type InspectorServer, startInspector } from '../../src/index.ts';
import { publishTrace } from '../../src/publisher/publisher.ts';

/** Raft on a few systems of this process, over real sockets, on which an inspector's page may lay faults. */
export async function raftCluster(names: readonly string[]) {
  const urls = new Map<string, string>();
  const nodes = names.map((node) => {
    const inner = createWebSocketTransport({ cluster: 'test', peers: (peer) => urls.get(peer) });
    return { node, inner, transport: createFaultyTransport(inner, { seed: 1 }), clock: createSkewedClock() };
  });
  let inspector: InspectorServer | undefined;
  let groups: Groups = [];
  let links: readonly LinkFault[] = [];
  const rates: Record<string, number> = {};
  const put = async (): Promise<void> => {
    for (const { transport } of nodes) transport.setFaults({ groups, links });
    inspector?.showFaults({ groups, links, rates });
  };
  const lay = (fault: LinkFault) => {
    links = layLinkFault(links, fault);
    return put();
  };
  const controls: Controls = {
    partition: (asked) => {
      const rest = names.filter((node) => !asked.flat().includes(node));
      groups = rest.length > 0 ? [...asked, rest] : asked;
      return put();
    },
    heal: () => {
      groups = [];
      return put();
    },
    drop: lay,
    delay: lay,
    duplicate: lay,
    skew: (node, skew) => {
      rates[node] = skew.rate;
      nodes.find((each) => each.node === node)?.clock.skew(skew);
      return put();
    },
    clear: () => {
      groups = [];
      links = [];
      return put();
    },
  };
  inspector = await startInspector({ controls });
  const { publishUrl: url, publisherToken: token } = inspector;
  onTestFinished(() => inspector?.stop());
  const traces = new Map<string, TraceRecord[]>();
  for (const { node, inner, transport, clock } of nodes) {
    const system = await createSystem({ node, transport, clock, traceClock: systemClock, seed: Number(node.slice(1)) });
    onTestFinished(() => system.kill());
    urls.set(node, inner.url);
    const trace: TraceRecord[] = [];
    traces.set(node, trace);
    system.trace$.subscribe((record) => trace.push(record));
    const publisher = publishTrace({ url, token, node, trace$: system.trace$ });
    onTestFinished(() => publisher.stop());
    const peers = names.filter((name) => name !== node).map((name) => `raft@${name}` as const);
    const input = { peers, electionTimeoutMs: [500, 1_000], heartbeatIntervalMs: 80 } as const;
    await system.spawn('raft', raft, { input });
  }
  /** What faults lost of what a node sent or received. */
  const lost = (node: string): number =>
    (traces.get(node) ?? []).filter((record) => record.type === 'drop' && record.reason === 'fault').length;
  const notes = (node: string, code: string): number =>
    (traces.get(node) ?? []).filter((record) => record.type === 'note' && record.code === code).length;
  return { inspector, lost, notes };
}
