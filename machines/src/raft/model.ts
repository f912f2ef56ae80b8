import { type Address, address, inRole, type Message, type Model, type NodeView } from '@synod/protocol';
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
    symmetry: {
      nodes: all.map((each) => each.slice(each.indexOf('@') + 1)),
      sets: ['peers', 'votesGranted', 'probing'],
    },
    stale,
    // What is drawn only tells how long a timer runs, and here any armed timer may end at any time.
    ignored: ['random', 'electionTimeoutMs'],
  };
};

/**
 * Answers that come too late: of a term that is over, and votes for who is no candidate any more. In its term a server is a candidate
 * once at most, as the term is durable.
 */
const stale = (actor: NodeView, message: Message): boolean => {
  const { type, term = 0 } = message as Message & { readonly term?: number };
  const { currentTerm } = actor.context as RaftContext;
  if (type === 'AppendEntriesReply') return term < currentTerm;
  return type === 'RequestVoteReply' && (term < currentTerm || (term === currentTerm && actor.value !== 'candidate'));
};

/** A timer by the name of its delay. */
const isTimer = (id: string, delay: string): boolean => id.startsWith(`xstate.after.${delay}.`);

/** A cluster in which the first server stands in odd terms and the last one in even ones, up to a last term. */
const rivals = (count: number, lastTerm: number) => {
  const { members, symmetry: _, ...rest } = cluster(count);
  const [first, last] = [members[0]?.address, members.at(-1)?.address];
  return {
    ...rest,
    members: members.map((member) => ({ ...member, input: { ...member.input, maxEntries: 1 } })),
    timerMayFire: ({ actor, id }: { readonly actor: Address; readonly id: string }, nodes: readonly NodeView[]) => {
      if (!isTimer(id, 'electionTimeout')) return false;
      const next = 1 + (servers(nodes).find((server) => server.actor === actor)?.context.currentTerm ?? 0);
      return next <= lastTerm && actor === (next % 2 === 1 ? first : last);
    },
  };
};

/** Every server may be told, again and again, that any other is suspected. */
const suspicions = (count: number) =>
  Array.from({ length: count }, (_, at) => `n${at + 1}`).flatMap((own, _, all) =>
    all
      .filter((node) => node !== own)
      .map((node) => ({
        to: address('raft', own),
        event: { type: 'detector.suspected', node },
        times: 'always' as const,
      })),
  );

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
      { nodes: 3, distinct: 10_221, depth: 19 },
      { nodes: 2, distinct: 80, depth: 11 },
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
      { nodes: 3, distinct: 63_987, depth: 21 },
      { nodes: 2, distinct: 420, depth: 13 },
    ],
  },
  {
    name: 'suspicion',
    about: 'Elections up to term 2 in which failure detectors suspect any leader at any moment, rightly or wrongly.',
    nodes: { default: 3, min: 2, max: 3 },
    configure: (count) => ({
      ...cluster(count),
      network: { order: 'unordered', lossy: true, capacity: 1 },
      requests: suspicions(count),
      timerMayFire: ({ actor, id }, nodes) =>
        (isTimer(id, 'electionTimeout') || id === 'haste') &&
        servers(nodes).some((server) => server.actor === actor && server.context.currentTerm < 2),
    }),
    expected: [
      { nodes: 3, distinct: 42_775, depth: 22 },
      { nodes: 2, distinct: 120, depth: 13 },
    ],
  },
  {
    name: 'replication',
    about:
      'Two leaders in turn replicate what they are asked for, one entry a message, in any order and with any loss.',
    nodes: { default: 3, min: 2, max: 3 },
    configure: (count) => ({
      ...rivals(count, 2),
      requests: ['c1', 'c2'].map((node) => ({
        to: address('raft', 'n1'),
        from: address('client', node),
        event: { type: 'RegisterClient' },
      })),
      network: { order: 'unordered', lossy: true, capacity: 1 },
    }),
    expected: [
      { nodes: 2, distinct: 1_294, depth: 17 },
      { nodes: 3, distinct: 805_743, depth: 34 },
    ],
  },
  {
    name: 'figure-8',
    about:
      'Two servers stand in turn, four terms in all, and send one entry a message: the schedule of figure 8 is among them.',
    nodes: { default: 3, min: 3, max: 3 },
    configure: (count) => ({
      ...rivals(count, 4),
      network: { order: 'unordered', lossy: true, capacity: 1 },
    }),
    expected: [{ nodes: 3, distinct: 273_235, depth: 36 }],
  },
];
