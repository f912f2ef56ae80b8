import {
  type Address,
  address,
  type CheckConfiguration,
  type Member,
  type Model,
  type Property,
} from '@synod/protocol';
import { grayLamport } from './gray-lamport-model.ts';
import type { Operations } from './messages.ts';
import { blocked, blockedOrDecided, commitProperties, outcomes, recovery, termination, total } from './properties.ts';

const resourceAt = (node: number): Address => address('resource', `n${node}`);

/** A transaction between the nodes from 1 to `count`: its coordinator at a node of its own. */
function transaction(name: string, count: number, operations: Operations): readonly Member[] {
  const coordinator = address('coordinator', name);
  const nodes = Array.from({ length: count }, (_, index) => index + 1);
  const participants = nodes.map((node) => address(`participant-${name}`, `n${node}`));
  return [
    { address: coordinator, role: 'coordinator', input: { participants } },
    ...nodes.map((node, index) => ({
      address: participants[index] as Address,
      role: 'participant',
      input: { participants, coordinator, resource: resourceAt(node), operations },
    })),
  ];
}

const resources = (count: number): readonly Member[] =>
  Array.from({ length: count }, (_, index) => ({
    address: resourceAt(index + 1),
    role: 'resource',
    input: { balances: { a: 1 } },
  }));

const start = (name: string) => ({ to: address('coordinator', name), event: { type: 'coordinator.commit' } });

/** Messages are faster than timeouts: one ends only when nothing can arrive any more. */
const quiet: CheckConfiguration['timerMayFire'] = (_, __, { inFlight }) => inFlight.length === 0;

const single = (count: number, properties: readonly Property[]): CheckConfiguration => ({
  members: [...transaction('c', count, { a: -1 }), ...resources(count)],
  requests: [start('c')],
  network: { order: 'fifo' },
  timerMayFire: quiet,
  properties: [...commitProperties, ...properties, ...outcomes],
});

const size = { default: 2, min: 1, max: 4 };

/** Accounts change by decided transactions alone, and by each of them once. */
const conservation = (sum: number): Property => ({
  name: 'Conservation',
  source: 'AC1 and AC2, seen from the accounts',
  kind: 'always',
  holds: (nodes) => total(nodes) === sum,
});

export const commitModels: readonly Model[] = [
  grayLamport,
  {
    name: 'blocking',
    about:
      'The coordinator may crash for good at any moment: between Prepare and its decision it leaves the participants blocked.',
    nodes: { ...size, min: 2 },
    configure: (count) => {
      const { members, ...rest } = single(count, [blocked, blockedOrDecided, termination]);
      const stable = members.map((member) => (member.role === 'coordinator' ? member : { ...member, stable: true }));
      return { ...rest, members: stable, faults: { crashes: 1, restarts: false } };
    },
    expected: [
      { nodes: 2, distinct: 909, depth: 19, violates: ['Termination'] },
      { nodes: 3, distinct: 19_462, depth: 35, violates: ['Termination'] },
    ],
  },
  {
    name: 'recovery',
    about:
      'Any two nodes crash, also in the middle of a step, and come back from their logs: all decide, and no lock is left.',
    nodes: size,
    configure: (count) => ({ ...single(count, [recovery]), faults: { crashes: 2 } }),
    expected: [{ nodes: 2, distinct: 65_713, depth: 30 }],
  },
  {
    name: 'loss',
    about: 'Any two messages are lost, and timeouts end at any moment.',
    nodes: size,
    configure: (count) => {
      const { timerMayFire: _, ...rest } = single(count, []);
      return { ...rest, network: { order: 'fifo', lossy: true, capacity: 1 } };
    },
    expected: [{ nodes: 2, distinct: 43_960, depth: 26 }],
  },
  {
    name: 'locks',
    about:
      'Two transactions move money between the same two accounts at once: one of them at least is refused, and none is lost.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (count) => ({
      members: [...transfer('c', count, -1), ...transfer('d', count, 1), ...resources(count)],
      requests: [start('c'), start('d')],
      network: { order: 'fifo' },
      timerMayFire: quiet,
      properties: [...commitProperties, conservation(count), ...outcomes.slice(1)],
    }),
    expected: [{ nodes: 2, distinct: 115_556, depth: 35 }],
  },
];

/** A transaction that takes from the account of one node what it gives to that of the other. */
const transfer = (name: string, count: number, amount: number): readonly Member[] =>
  transaction(name, count, {}).map((member, index) =>
    member.role === 'participant'
      ? { ...member, input: { ...member.input, operations: { a: index === 1 ? amount : -amount } } }
      : member,
  );
