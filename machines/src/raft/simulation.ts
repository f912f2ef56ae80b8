import { type Address, inRole, type Member, type NodeView, type Property, type Simulation } from '@synod/protocol';
import { keyValueObject } from '../replicated/index.ts';
import type { RaftContext } from './context.ts';
import { raftProperties } from './properties.ts';

/** Figure 3 speaks of servers alone. */
function ofServers(property: Property<RaftContext>): Property {
  if (property.kind !== 'step')
    return { ...property, holds: (nodes: readonly NodeView[]) => property.holds(inRole(nodes, 'server')) };
  const holds = (before: NodeView, after: NodeView): boolean =>
    after.role !== 'server' || property.holds(before as NodeView<RaftContext>, after as NodeView<RaftContext>);
  return { ...property, holds };
}

/** What must come once faults have healed. */
export const PROGRESS = 'clients are answered, and every server has applied what was committed when the faults ended';

const properties = raftProperties.map(ofServers);

const address = (actor: string, node: string, index: number): Address => `${actor}@${node}${index + 1}`;

/** Once faults have healed, whatever was committed by then is applied everywhere, and clients are served. */
function isServing(now: readonly NodeView[], healed: readonly NodeView[], operations: number): boolean {
  const committed = Math.max(...inRole<RaftContext>(healed, 'server').map(({ context }) => context.commitIndex));
  return operations > 0 && inRole<RaftContext>(now, 'server').every(({ context }) => context.lastApplied > committed);
}

const cluster = (name: string, about: string, settings: object): Simulation => ({
  name,
  about,
  nodes: { default: 5, min: 1, max: 9 },
  clients: { default: 3, min: 1, max: 16 },
  configure: ({ nodes, clients }) => {
    const servers = Array.from({ length: nodes }, (_, index) => address('raft', 'n', index));
    const server = (self: Address): Member => ({
      address: self,
      role: 'server',
      input: { peers: servers.filter((peer) => peer !== self), ...settings },
    });
    const client = (_: unknown, index: number): Member => ({
      address: address('client', 'c', index),
      role: 'client',
      stable: true,
      input: { servers },
    });
    return {
      members: [...servers.map(server), ...Array.from({ length: clients }, client)],
      properties,
      object: keyValueObject,
      progress: {
        about: PROGRESS,
        withinMs: 10_000,
        holds: isServing,
      },
    };
  },
});

/** Raft under load: a key-value store, read and written by clients whose histories are judged. */
export const raftSimulations: readonly Simulation[] = [
  cluster('store', 'A key-value store, and clients that read, write and swap two keys.', {}),
  cluster('small-parts', 'The same, where AppendEntries carries one entry at a time: logs differ for longer.', {
    maxEntries: 1,
  }),
];
