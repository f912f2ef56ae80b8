import { type Address, inRole, type Member, type NodeView, type Simulation } from '@synod/protocol';
import { keyValueObject } from '../replicated/index.ts';
import type { ReplicaContext } from './context.ts';
import { lastSlot } from './log.ts';
import { multiPaxosProperties } from './properties.ts';

const at = (node: number): Address => `replica@n${node}`;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const replicas = (nodes: number): readonly Member[] =>
  upTo(nodes).map((node) => ({
    address: at(node),
    role: 'replica',
    // A small window and small parts, so that a run meets both.
    input: {
      peers: upTo(nodes)
        .filter((peer) => peer !== node)
        .map(at),
      window: 8,
      maxEntries: 4,
    },
  }));

/** Simulated milliseconds between two commands of a client, and for how long they come. */
const EVERY_MS = 250;
const FOR_MS = 60_000;

/** Each client asks all replicas at once; whoever leads proposes. A command for each turn, so that no two are alike. */
const asked = (nodes: number, clients: number) =>
  upTo(Math.floor(FOR_MS / EVERY_MS)).flatMap((turn) =>
    upTo(clients).flatMap((client) =>
      upTo(nodes).map((node) => ({
        to: at(node),
        from: `client@c${client}` as const,
        atMs: turn * EVERY_MS + client,
        event: {
          type: 'ClientRequest',
          clientId: client,
          sequenceNum: turn,
          answeredBelow: turn,
          command: { type: 'write', key: 'x', value: turn * clients + client },
        },
      })),
    ),
  );

/** Somebody leads, all that it proposed is chosen, and everybody has applied it. */
function isSettled(nodes: readonly NodeView[]): boolean {
  const all = inRole<ReplicaContext>(nodes, 'replica');
  const leader = all.find(({ up, value }) => up && typeof value === 'object' && 'leading' in value)?.context;
  if (!leader) return false;
  return all.every(({ up, context }) => up && context.lastApplied === lastSlot(leader.log));
}

/** Once faults have healed, clients are served, and what was chosen by then is applied everywhere. */
function isServing(now: readonly NodeView[], healed: readonly NodeView[], operations: number): boolean {
  const chosen = Math.max(...inRole<ReplicaContext>(healed, 'replica').map(({ context }) => context.chosenThrough));
  return operations > 0 && inRole<ReplicaContext>(now, 'replica').every(({ context }) => context.lastApplied >= chosen);
}

export const simulations: readonly Simulation[] = [
  {
    name: 'store',
    about: 'The key-value store that Raft replicates, and its clients, whose histories are judged.',
    nodes: { default: 5, min: 3, max: 9 },
    clients: { default: 3, min: 1, max: 16 },
    configure: ({ nodes, clients }) => ({
      members: [
        ...replicas(nodes),
        ...upTo(clients).map(
          (client): Member => ({
            address: `client@c${client}`,
            role: 'client',
            stable: true,
            input: { servers: upTo(nodes).map(at) },
          }),
        ),
      ],
      properties: multiPaxosProperties,
      object: keyValueObject,
      progress: {
        about: 'clients are answered, and every replica has applied what was chosen when the faults ended',
        withinMs: 30_000,
        holds: isServing,
      },
    }),
  },
  {
    name: 'cluster',
    about: 'Replicas, and clients that ask all of them four times a second.',
    nodes: { default: 5, min: 3, max: 9 },
    clients: { default: 3, min: 1, max: 16 },
    configure: ({ nodes, clients }) => ({
      members: replicas(nodes),
      properties: multiPaxosProperties,
      requests: asked(nodes, clients),
      progress: {
        about: 'one replica leads, and every replica has applied all that it proposed',
        // What a slow link has taken up before the faults end still has to come through it.
        withinMs: 30_000,
        holds: isSettled,
      },
    }),
  },
];
