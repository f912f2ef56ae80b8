import { address, type CheckConfiguration, type Model } from '@synod/protocol';
import { atomicCommitment, nonblocking, outcomes, recovery, termination } from './properties.ts';
import { quiet, synchronous } from './timing.ts';

type Roles = readonly [coordinator: string, participant: string];

const CRASHES: Roles = ['coordinator', 'participant'];
const QUORUMS: Roles = ['quorumCoordinator', 'quorumParticipant'];

/** One transaction, which may fail at the last participants. */
const transaction = (count: number, [coordinatorRole, participantRole]: Roles, failing = 1) => {
  const coordinator = address('coordinator', 'c');
  const participants = Array.from({ length: count }, (_, index) => address('participant', `p${index + 1}`));
  return {
    members: [
      { address: coordinator, role: coordinatorRole, input: { participants } },
      ...participants.map((self) => ({ address: self, role: participantRole, input: { participants, coordinator } })),
    ],
    requests: [
      { to: coordinator, event: { type: 'coordinator.commit' } },
      ...participants.slice(-failing).map((to) => ({ to, event: { type: 'participant.abort' } })),
    ],
  } satisfies Partial<CheckConfiguration>;
};

/** With quorums nobody goes by the order of the participants, but for how long they wait. */
const quorums = (count: number) => ({
  ...transaction(count, QUORUMS, count),
  timerMayFire: synchronous,
  ...(count > 1 && {
    symmetry: {
      nodes: Array.from({ length: count }, (_, index) => `p${index + 1}`),
      sets: ['participants', 'votes', 'acks'],
    },
  }),
});

const size = (fallback: number) => ({ default: fallback, min: 1, max: 5 });

export const commitModels: readonly Model[] = [
  {
    name: 'crashes',
    about:
      'Any two processes crash for good, also in the middle of a step; messages are faster than timeouts. Nobody is blocked.',
    nodes: size(3),
    configure: (count) => ({
      ...transaction(count, CRASHES),
      faults: { crashes: 2, restarts: false },
      timerMayFire: synchronous,
      properties: [...atomicCommitment, ...nonblocking, termination, ...outcomes],
    }),
    expected: [
      { nodes: 3, distinct: 36_904, depth: 26 },
      { nodes: 2, distinct: 2_638, depth: 17 },
    ],
  },
  {
    name: 'recovery',
    about: 'Two crashes, of one process or of two, which come back from their logs; all decide at last.',
    nodes: size(2),
    configure: (count) => ({
      ...transaction(count, CRASHES),
      faults: { crashes: 2 },
      timerMayFire: synchronous,
      properties: [...atomicCommitment, ...nonblocking, recovery, ...outcomes],
    }),
    expected: [{ nodes: 2, distinct: 56_639, depth: 25 }],
  },
  {
    name: 'partition',
    about:
      'A partition while some are committable and some uncertain: each side goes by its own, and they decide differently.',
    nodes: size(3),
    configure: (count) => ({
      ...transaction(count, CRASHES),
      faults: { partitions: 1 },
      timerMayFire: synchronous,
      properties: [...atomicCommitment, ...outcomes],
    }),
    expected: [
      { nodes: 2, distinct: 5_370, depth: 21, violates: ['Agreement'] },
      { nodes: 3, distinct: 263_830, depth: 31, violates: ['Agreement'] },
    ],
  },
  {
    name: 'quorum-partition',
    about: 'With quorums, a partition and any loss: whatever side decides, nobody decides otherwise.',
    nodes: size(2),
    configure: (count) => ({
      ...quorums(count),
      network: { order: 'unordered', lossy: true, capacity: 1 },
      faults: { partitions: 1 },
      timerMayFire: quiet,
      properties: [...atomicCommitment, ...outcomes],
    }),
    expected: [{ nodes: 2, distinct: 40_744, depth: 29 }],
  },
  {
    name: 'quorum-failures',
    about: 'The same while a process crashes and comes back from its log.',
    nodes: size(2),
    configure: (count) => ({
      ...quorums(count),
      network: { order: 'unordered', lossy: true, capacity: 1 },
      faults: { partitions: 1, crashes: 1 },
      timerMayFire: quiet,
      properties: [...atomicCommitment, ...outcomes],
    }),
    expected: [{ nodes: 2, distinct: 195_421, depth: 29 }],
  },
  {
    name: 'quorum-recovery',
    about: 'With quorums, a process crashes and comes back from its log; all decide at last.',
    nodes: size(2),
    configure: (count) => ({
      ...quorums(count),
      faults: { crashes: 1 },
      properties: [...atomicCommitment, recovery, ...outcomes],
    }),
    expected: [
      { nodes: 2, distinct: 9_687, depth: 21 },
      { nodes: 3, distinct: 605_756, depth: 32 },
    ],
  },
  {
    name: 'quorum-blocking',
    about: 'With quorums, two processes crash for good: who is left is consistent, and may wait for ever.',
    nodes: size(3),
    configure: (count) => ({
      ...quorums(count),
      faults: { crashes: 2, restarts: false },
      properties: [...atomicCommitment, termination, ...outcomes],
    }),
    expected: [
      { nodes: 2, distinct: 7_084, depth: 18, violates: ['Termination'] },
      { nodes: 3, distinct: 285_077, depth: 29, violates: ['Termination'] },
    ],
  },
];
