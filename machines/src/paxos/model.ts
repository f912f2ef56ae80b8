import { address, type CheckConfiguration, inRole, type Message, type Model, type NodeView } from '@synod/protocol';
import { type Ballot, isHigher, sameBallot } from './ballot.ts';
import type { ProposerContext } from './context.ts';
import { outcomes, paxosProperties, progress } from './properties.ts';

const VALUES = ['x', 'y'] as const;

/** Two proposers, each asked for a value of its own, `count` acceptors and a learner. */
const ensemble = (count: number) => {
  const proposers = VALUES.map((_, index) => address('proposer', `p${index + 1}`));
  const acceptors = Array.from({ length: count }, (_, index) => address('acceptor', `a${index + 1}`));
  const learners = [address('learner', 'l1')];
  return {
    members: [
      ...proposers.map((self) => ({ address: self, role: 'proposer', input: { acceptors }, stable: true })),
      ...acceptors.map((self) => ({ address: self, role: 'acceptor', input: { learners } })),
      ...learners.map((self) => ({
        address: self,
        role: 'learner',
        input: { acceptors, proposers, learners },
        stable: true,
      })),
    ],
    requests: proposers.map((to, index) => ({ to, event: { type: 'proposer.propose', value: VALUES[index] } })),
    stale,
    // What is drawn only tells how long a wait lasts.
    ignored: ['random', 'backoffMs', 'failures'],
    ...(count > 1 && {
      symmetry: {
        nodes: acceptors.map((each) => each.slice(each.indexOf('@') + 1)),
        sets: ['acceptors', 'members', 'promisedBy'],
      },
    }),
  } satisfies Partial<CheckConfiguration>;
};

/** Promises of another ballot than the present one, and a Nack that a proposer knows better than or waits already because of. */
const stale = ({ role, value, context }: NodeView, message: Message): boolean => {
  if (role !== 'proposer') return false;
  const { round, self } = context as ProposerContext;
  const { type, ballot, promised } = message as Message & { readonly ballot?: Ballot; readonly promised?: Ballot };
  const own = { round, proposer: self };
  if (value === 'decided') return type === 'Promise' || type === 'Nack';
  if (type === 'Promise' && ballot) return isHigher(own, ballot) || (sameBallot(own, ballot) && value !== 'preparing');
  return type === 'Nack' && promised !== undefined && !isHigher(promised, own) && promised.round <= round;
};

const proposers = (nodes: readonly NodeView[]) => inRole<ProposerContext>(nodes, 'proposer');
const isTimer = (id: string, delay: string): boolean => id.startsWith(`xstate.after.${delay}.`);

const acceptorsOf = (fallback: number, max: number) => ({ default: fallback, min: 1, max });

export const paxosModels: readonly Model[] = [
  {
    name: 'agreement',
    about: 'Two proposers of one ballot each, whose messages come in any order or never.',
    nodes: acceptorsOf(3, 5),
    configure: (count) => ({
      ...ensemble(count),
      timerMayFire: () => false,
      properties: [...paxosProperties, ...outcomes(VALUES)],
    }),
    expected: [
      { nodes: 3, distinct: 54_083, depth: 28 },
      { nodes: 2, distinct: 471, depth: 22 },
    ],
  },
  {
    name: 'crashes',
    about:
      'The same while an acceptor crashes, also in the middle of a step, and comes back with what it promised and accepted.',
    nodes: acceptorsOf(3, 5),
    configure: (count) => ({
      ...ensemble(count),
      network: { order: 'unordered', lossy: true, capacity: 1 },
      faults: { crashes: 1 },
      timerMayFire: () => false,
      properties: [...paxosProperties, ...outcomes(VALUES)],
    }),
    expected: [
      { nodes: 3, distinct: 146_646, depth: 26 },
      { nodes: 2, distinct: 4_634, depth: 22 },
    ],
  },
  {
    name: 'duel',
    about:
      'Two proposers that wait at random outbid each other for ever, though nothing is lost and nobody crashes; one acceptor is enough for it.',
    nodes: acceptorsOf(1, 3),
    configure: (count) => ({
      ...ensemble(count),
      ordered: ['round'],
      timerMayFire: ({ id }) => isTimer(id, 'backoff'),
      properties: [...paxosProperties, progress],
    }),
    expected: [{ nodes: 1, distinct: 214, depth: 22, violates: ['Progress'] }],
  },
  {
    name: 'backoff',
    about: 'The same two proposers, who wait long enough for the other to finish: a value is chosen at last.',
    nodes: acceptorsOf(3, 3),
    configure: (count) => ({
      ...ensemble(count),
      network: { order: 'fifo' },
      timerMayFire: ({ id }, nodes) =>
        isTimer(id, 'backoff') && !proposers(nodes).some(({ value }) => value === 'preparing' || value === 'proposing'),
      properties: [...paxosProperties, progress, ...outcomes(VALUES)],
    }),
    expected: [
      { nodes: 3, distinct: 147_813, depth: 42 },
      { nodes: 2, distinct: 850, depth: 32 },
    ],
  },
];
