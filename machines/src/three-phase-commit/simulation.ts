import { type Address, inRole, type Member, type NodeView, type Property, type Simulation } from '@synod/protocol';
import type { ParticipantContext } from './context.ts';
import { atomicCommitment, nonblocking } from './properties.ts';

/** Simulated milliseconds between the beginnings of two transactions of one client. */
const EVERY_MS = 500;
/** Transactions of one client. */
const TRANSACTIONS = 30;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

interface Roles {
  readonly coordinator: string;
  readonly participant: string;
}

/** Each client's transactions are coordinated on one node after the other, and all other nodes take part. */
function transactions(nodes: number, clients: number, roles: Roles) {
  const numbers = upTo(clients * TRANSACTIONS);
  const each = numbers.map((number) => {
    const home = (number % nodes) + 1;
    const coordinator: Address = `coordinator-${number}@n${home}`;
    const participants = upTo(nodes)
      .filter((node) => node !== home)
      .map((node): Address => `participant-${number}@n${node}`);
    const atMs = Math.ceil(number / clients) * EVERY_MS + (number % clients);
    // Every fifth fails at somebody, shortly before or after it is asked.
    const failing = number % 5 === 0 ? [participants[number % participants.length] as Address] : [];
    return {
      members: [
        { address: coordinator, role: roles.coordinator, input: { participants } },
        ...participants.map((address) => ({
          address,
          role: roles.participant,
          input: waiting(participants, coordinator),
        })),
      ] satisfies Member[],
      requests: [
        { to: coordinator, atMs, event: { type: 'coordinator.commit' } },
        ...failing.map((to) => ({ to, atMs: atMs + (number % 3), event: { type: 'participant.abort' } })),
      ],
    };
  });
  return { members: each.flatMap(({ members }) => members), requests: each.flatMap(({ requests }) => requests) };
}

/** A participant waits for its vote request until its transaction has surely been begun, or never will be. */
const waiting = (participants: readonly Address[], coordinator: Address) => ({
  participants,
  coordinator,
  voteRequestTimeoutMs: (TRANSACTIONS + 5) * EVERY_MS,
});

const areAllDecided = (role: string) => (nodes: readonly NodeView[]) =>
  inRole<ParticipantContext>(nodes, role).every(({ context }) => context.decision !== null || !context.voted);

const simulation = (name: string, about: string, roles: Roles, properties: readonly Property[]): Simulation => ({
  name,
  about,
  nodes: { default: 4, min: 2, max: 7 },
  clients: { default: 1, min: 1, max: 4 },
  configure: ({ nodes, clients }) => ({
    ...transactions(nodes, clients, roles),
    properties,
    progress: {
      about: 'every participant that has voted yes has its decision',
      withinMs: 30_000,
      holds: areAllDecided(roles.participant),
    },
  }),
});

export const commitSimulations: readonly Simulation[] = [
  simulation(
    'quorums',
    'Transactions by quorums, one after the other, which endure every fault.',
    { coordinator: 'quorumCoordinator', participant: 'quorumParticipant' },
    atomicCommitment,
  ),
  simulation(
    'crashes',
    'Transactions without quorums, which endure crashes (`--faults crash`) and, by design, neither partitions nor late messages.',
    { coordinator: 'coordinator', participant: 'participant' },
    [...atomicCommitment, ...nonblocking],
  ),
];
