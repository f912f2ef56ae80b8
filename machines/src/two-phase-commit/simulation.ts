import type { Address, Member, NodeView, Property, Simulation } from '@synod/protocol';
import { areAllDone, commitProperties, total } from './properties.ts';

/** Simulated milliseconds between the beginnings of two transactions of one client. */
const EVERY_MS = 500;
/** Transactions of one client. */
const TRANSACTIONS = 30;
const ACCOUNTS = 4;
const BALANCE = 100;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
const resourceAt = (node: number): Address => `resource@n${node}`;

/** Transfers between two nodes each, coordinated by a third; their accounts overlap, so that some meet locks. */
function transfers(nodes: number, clients: number) {
  return upTo(clients * TRANSACTIONS).map((number) => {
    const [home, from, to] = [0, 1, 2].map((offset) => ((number + offset) % nodes) + 1) as [number, number, number];
    const coordinator: Address = `coordinator-${number}@n${home}`;
    const parties = [from, to];
    const participants = parties.map((node): Address => `participant-${number}@n${node}`);
    const account = `account-${number % ACCOUNTS}`;
    const amount = 1 + (number % 70);
    const members: Member[] = [
      { address: coordinator, role: 'coordinator', input: { participants } },
      ...participants.map((address, index) => ({
        address,
        role: 'participant',
        input: {
          participants,
          coordinator,
          resource: resourceAt(parties[index] as number),
          operations: { [account]: index === 0 ? -amount : amount },
          // Until its transaction has surely been begun, or never will be.
          prepareTimeoutMs: (TRANSACTIONS + 10) * EVERY_MS,
        },
      })),
    ];
    const atMs = Math.ceil(number / clients) * EVERY_MS + (number % clients) * 2;
    return { members, request: { to: coordinator, atMs, event: { type: 'coordinator.commit' } } };
  });
}

const conservation = (sum: number): Property => ({
  name: 'Conservation',
  source: 'AC1 and AC2, seen from the accounts',
  kind: 'always',
  holds: (nodes) => total(nodes) === sum,
});

export const commitSimulations: readonly Simulation[] = [
  {
    name: 'bank',
    about:
      'Transfers between accounts at different nodes: nothing is lost, whatever fails, and all locks are free at last.',
    nodes: { default: 4, min: 3, max: 7 },
    clients: { default: 3, min: 1, max: 8 },
    configure: ({ nodes, clients }) => {
      const all = transfers(nodes, clients);
      const accounts = upTo(ACCOUNTS).map((number) => [`account-${number - 1}`, BALANCE] as const);
      return {
        members: [
          ...upTo(nodes).map((node) => ({
            address: resourceAt(node),
            role: 'resource',
            input: { balances: Object.fromEntries(accounts) },
          })),
          ...all.flatMap(({ members }) => members),
        ],
        requests: all.map(({ request }) => request),
        properties: [...commitProperties, conservation(nodes * ACCOUNTS * BALANCE)],
        progress: {
          about: 'nobody is in doubt, and no account is locked',
          withinMs: 30_000,
          holds: (now: readonly NodeView[]) => areAllDone(now),
        },
      };
    },
  },
];
