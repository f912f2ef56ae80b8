import { address, inRole, type Model, type NodeView } from '@synod/protocol';
import type { RaftContext } from './context.ts';
import { raftProperties } from './properties.ts';

const servers = (nodes: readonly NodeView[]) => inRole<RaftContext>(nodes, 'server');

const cluster = (count: number) => {
  const all = Array.from({ length: count }, (_, index) => address('raft', `n${index + 1}`));
  return {
    members: all.map((self) => ({
      address: self,
      role: 'server',
      input: { peers: all.filter((peer) => peer !== self) },
    })),
    properties: [
      ...raftProperties,
      {
        name: 'A leader is elected',
        source: '§5.2',
        kind: 'sometimes' as const,
        holds: (nodes: readonly NodeView[]) => servers(nodes).some(({ value }) => typeof value === 'object'),
      },
    ],
    // What is drawn only tells how long a timer runs, and here any armed timer may end at any time.
    ignored: ['random', 'electionTimeoutMs'],
  };
};

/** A timer by the name of its delay. */
const isTimer = (id: string, delay: string): boolean => id.startsWith(`xstate.after.${delay}.`);

/** The worlds in which Raft is checked: all schedules of a few servers within small bounds. */
export const raftModels: readonly Model[] = [
  {
    name: 'election',
    about: 'Elections up to term 2: votes and the first entries of leaders come in any order, or not at all.',
    nodes: { default: 3, min: 2, max: 5 },
    configure: (count) => ({
      ...cluster(count),
      network: { order: 'unordered', lossy: true, capacity: 1 },
      // Beyond the bound nobody asks for votes, and heartbeats only repeat what is sent anyway.
      timerMayFire: ({ actor, id }, nodes) =>
        isTimer(id, 'electionTimeout') &&
        servers(nodes).some((server) => server.actor === actor && server.context.currentTerm < 2),
    }),
    expected: [
      { nodes: 3, distinct: 81_687, depth: 19 },
      { nodes: 2, distinct: 176, depth: 11 },
    ],
  },
  {
    name: 'crashes',
    about: 'The same while one server crashes, also in the middle of a step, and starts again with what is durable.',
    nodes: { default: 3, min: 2, max: 5 },
    configure: (count) => ({
      ...cluster(count),
      network: { order: 'unordered', lossy: true, capacity: 1 },
      faults: { crashes: 1 },
      timerMayFire: ({ actor, id }, nodes) =>
        isTimer(id, 'electionTimeout') &&
        servers(nodes).some((server) => server.actor === actor && server.context.currentTerm < 2),
    }),
    expected: [
      { nodes: 3, distinct: 558_402, depth: 21 },
      { nodes: 2, distinct: 1_002, depth: 13 },
    ],
  },
];
