import { type Address, inRole, type Member, type NodeView, type Simulation } from '@synod/protocol';
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
          command: { type: 'write', value: turn * clients + client },
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

export const simulations: readonly Simulation[] = [
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
