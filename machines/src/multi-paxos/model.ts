import {
  type Address,
  type CheckConfiguration,
  inRole,
  type Member,
  type Model,
  type NodeView,
  type Request,
  Sequence,
} from '@synod/protocol';
import type { Durable, ReplicaContext } from './context.ts';
import { multiPaxosProperties } from './properties.ts';

// Small worlds. In all of them the network keeps what is sent and delivers it never, once or more often, at any time.

const at = (node: number): Address => `replica@n${node}`;

/** What a replica starts from, by node; and whose node may crash. */
interface Start {
  readonly recovered?: Readonly<Record<number, Partial<Durable>>>;
  readonly crashes?: readonly number[];
}

const members = (nodes: number, { recovered = {}, crashes = [] }: Start): readonly Member[] => {
  const numbers = Array.from({ length: nodes }, (_, index) => index + 1);
  return numbers.map((node) => ({
    address: at(node),
    role: 'replica',
    stable: !crashes.includes(node),
    input: {
      peers: numbers.filter((peer) => peer !== node).map(at),
      window: 2,
      maxEntries: 2,
      catchUpPatience: 0,
      ...(recovered[node] && { recovered: recovered[node] }),
    },
  }));
};

/** A command that any client might send; without a session it is chosen, applied and refused, which is enough here. */
const ask = (node: number, value: string): Request => {
  const { kind: _, ...command } = entryOf(value);
  return { to: at(node), from: 'client@c1', event: { type: 'ClientRequest', ...command } };
};

function entryOf(value: string) {
  const command = { type: 'put', key: 'k', value };
  return { kind: 'command', clientId: 1, sequenceNum: 1, answeredBelow: 0, command } as const;
}

interface Bounds {
  /** How many ballots each replica may begin, by node. */
  readonly ballots: readonly number[];
  readonly rounds: number;
  readonly slots: number;
  /** A round of n1 that it does not lead, and of which n2 does not hear. */
  readonly idle?: number;
}

/** Follows worlds in which replicas begin no more ballots and fill no more slots than this. */
const within =
  ({ rounds, slots, ballots, idle }: Bounds) =>
  (nodes: readonly NodeView[]): boolean =>
    inRole<ReplicaContext>(nodes, 'replica').every(({ actor, context: { promised, log, leader } }) => {
      if (promised?.round === idle && promised?.proposer === at(1) && (leader !== null || actor === at(2)))
        return false;
      const most = promised?.proposer === actor ? (ballots[Number(actor.split('@n')[1]) - 1] ?? 0) : rounds;
      return log.length <= slots && (promised?.round ?? 0) <= most;
    });

const world = (nodes: number, bounds: Bounds, requests: readonly Request[], start: Start = {}): CheckConfiguration => ({
  members: members(nodes, start),
  properties: multiPaxosProperties,
  requests,
  network: { order: 'duplicating' },
  faults: start.crashes ? { crashes: 1 } : {},
  within: within(bounds),
  ignored: ['random', 'leaderTimeoutMs'],
});

/** A replica that has accepted, slot by slot, these values in the first ballots of these proposers. */
const accepted = (values: readonly (readonly [proposer: number, value: string])[], chosenThrough = 0): Durable => {
  const log = values.map(([node, value]) => ({
    ballot: { round: 1, proposer: at(node) },
    entry: entryOf(value),
  }));
  return { promised: log.at(-1)?.ballot ?? null, log: Sequence.from(log), chosenThrough };
};

export const models: readonly Model[] = [
  {
    name: 'recovery',
    about: 'Two proposers, a ballot and a command each: the second finds what the first may have had chosen.',
    nodes: { default: 3, min: 3, max: 5 },
    configure: (nodes) => world(nodes, { rounds: 1, ballots: [1, 1], slots: 1 }, [ask(1, 'x'), ask(2, 'y')]),
    expected: [{ nodes: 3, distinct: 158_895, depth: 27 }],
  },
  {
    name: 'replication',
    about: 'One leader and two commands, accepted in any order.',
    nodes: { default: 3, min: 2, max: 5 },
    configure: (nodes) => world(nodes, { rounds: 1, ballots: [1], slots: 2 }, [ask(1, 'x'), ask(1, 'y')]),
    expected: [
      { nodes: 2, distinct: 1_030, depth: 19 },
      { nodes: 3, distinct: 4_544_284, depth: 32 },
    ],
  },
  {
    name: 'catch-up',
    about:
      'a and then z are chosen, as n2 knows; n1 knows of a, and accepted b after it; n3 knows of nothing, and leads next.',
    nodes: { default: 3, min: 3, max: 3 },
    configure: (nodes) =>
      world(nodes, { rounds: 2, ballots: [1, 1, 2], slots: 2 }, [], {
        recovered: {
          1: accepted(
            [
              [1, 'a'],
              [1, 'b'],
            ],
            1,
          ),
          2: accepted(
            [
              [2, 'a'],
              [2, 'z'],
            ],
            2,
          ),
          3: accepted([
            [2, 'a'],
            [2, 'z'],
          ]),
        },
      }),
    expected: [{ nodes: 3, distinct: 793, depth: 19 }],
  },
  {
    name: 'crash',
    about: 'n1 alone accepted x and n2 alone y; each leads one ballot, while n3 crashes once and comes back.',
    nodes: { default: 3, min: 3, max: 3 },
    configure: (nodes) =>
      world(nodes, { rounds: 2, ballots: [2, 2], slots: 1 }, [], {
        recovered: { 1: accepted([[1, 'x']]), 2: accepted([[2, 'y']]) },
        crashes: [3],
      }),
    expected: [{ nodes: 3, distinct: 317_017, depth: 27 }],
  },
  {
    name: 'late-leader',
    about: 'n1 alone accepted x, a majority later y, and only n2 knows: when n1 leads, it proposes y.',
    nodes: { default: 3, min: 3, max: 3 },
    configure: (nodes) =>
      world(nodes, { rounds: 2, ballots: [2, 1], slots: 1 }, [], {
        recovered: { 1: accepted([[1, 'x']]), 2: accepted([[2, 'y']], 1), 3: accepted([[2, 'y']]) },
      }),
    expected: [{ nodes: 3, distinct: 405, depth: 15 }],
  },
  {
    // Too many worlds to follow to the end in a test: here for the mistake that it shows early.
    name: 'second-try',
    about:
      'n1 alone accepted x and n2 alone y; n1 begins a ballot, does not lead it, and begins another; n2 leads in between.',
    nodes: { default: 3, min: 3, max: 3 },
    configure: (nodes) =>
      world(nodes, { rounds: 3, ballots: [3, 2], slots: 1, idle: 2 }, [], {
        recovered: { 1: accepted([[1, 'x']]), 2: accepted([[2, 'y']]) },
      }),
    expected: [],
  },
];
