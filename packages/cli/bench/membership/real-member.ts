import { swim } from '@synod/machines/swim';
import type { MemberStatus } from '@synod/protocol';
import { createSystem, createWebSocketTransport, type TransportStats } from '@synod/runtime';
import type { Seed } from './real-messages.ts';

/** A member: a system of its own, with its own sockets. */
export interface RealMember {
  readonly node: string;
  readonly url: string;
  stats(): TransportStats;
  kill(): Promise<void>;
}

/** Starts a member with the defaults of SWIM, and waits until it belongs to the cluster. `changed` is told how it comes to hold others. */
export async function startMember(
  { node, cluster, seeds }: { readonly node: string; readonly cluster: string; readonly seeds: readonly Seed[] },
  changed: (node: string, member: string, status: MemberStatus) => void,
): Promise<RealMember> {
  const transport = createWebSocketTransport({ cluster });
  const system = await createSystem({ node, cluster, transport, membership: swim({ seeds }) });
  system.cluster.events$.subscribe((event) => {
    if ('member' in event && event.member.node !== node) changed(node, event.member.node, event.member.status);
  });
  for (const member of system.cluster.members) if (member.node !== node) changed(node, member.node, member.status);
  await system.cluster.joined({ timeoutMs: 30_000 });
  return { node, url: transport.url, stats: () => transport.stats(), kill: () => system.kill() };
}
