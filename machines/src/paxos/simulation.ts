import { type Address, inRole, type Member, type NodeView, type Property, type Simulation } from '@synod/protocol';
import type { LearnerContext } from './context.ts';
import { paxosProperties } from './properties.ts';

/** Simulated milliseconds between the beginnings of two decrees. */
const EVERY_MS = 1_000;
/** Decrees of a run, each an instance of the algorithm. */
const DECREES = 15;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** The decree that an actor belongs to: `3` of `acceptor-3@n1`. */
const decreeOf = (actor: Address): string => actor.slice(actor.indexOf('-') + 1, actor.indexOf('@'));

/** What holds of one instance holds of each. */
function ofEach(property: Property): Property {
  if (property.kind === 'step') return property;
  const holds = (nodes: readonly NodeView[]): boolean => {
    const decrees = new Map<string, NodeView[]>();
    for (const node of nodes) {
      const own = decrees.get(decreeOf(node.actor));
      if (own) own.push(node);
      else decrees.set(decreeOf(node.actor), [node]);
    }
    for (const own of decrees.values()) if (!property.holds(own)) return false;
    return true;
  };
  return { ...property, holds };
}

const properties = paxosProperties.map(ofEach);

/** Every node is an acceptor; the first ones are proposers, each with a value of its own; the last two are learners. */
function decree(number: number, nodes: number, count: number) {
  const at = (role: string, node: number): Address => `${role}-${number}@n${((node - 1) % nodes) + 1}`;
  const acceptors = upTo(nodes).map((node) => at('acceptor', node));
  const proposers = upTo(count).map((index) => at('proposer', number + index));
  const learners = upTo(2).map((index) => at('learner', number + count + index));
  const members: Member[] = [
    ...acceptors.map((address) => ({ address, role: 'acceptor', input: { learners } })),
    ...proposers.map((address) => ({ address, role: 'proposer', input: { acceptors } })),
    ...learners.map((address) => ({ address, role: 'learner', input: { acceptors, proposers, learners } })),
  ];
  const requests = proposers.map((to, index) => ({
    to,
    atMs: number * EVERY_MS + index * 3,
    event: { type: 'proposer.propose', value: `v${number}-${index + 1}` },
  }));
  return { members, requests };
}

/** Of every decree for which a value was asked that is not lost, all learners know it. */
const areAllLearned = (nodes: readonly NodeView[]): boolean => {
  const learners = inRole<LearnerContext>(nodes, 'learner');
  const asked = new Set(
    inRole<{ readonly value: string | null }>(nodes, 'proposer').flatMap(({ actor, context }) =>
      context.value === null ? [] : [decreeOf(actor)],
    ),
  );
  return learners.every(({ actor, context }) => context.chosen !== null || !asked.has(decreeOf(actor)));
};

export const paxosSimulations: readonly Simulation[] = [
  {
    name: 'decrees',
    about: 'Decrees, one after the other, for each of which several proposers have a value of their own.',
    nodes: { default: 5, min: 3, max: 9 },
    clients: { default: 2, min: 1, max: 3 },
    configure: ({ nodes, clients }) => {
      const all = upTo(DECREES).map((number) => decree(number, nodes, clients));
      return {
        members: all.flatMap(({ members }) => members),
        requests: all.flatMap(({ requests }) => requests),
        properties,
        progress: {
          about: 'every learner knows every decree that a proposer was asked for',
          withinMs: 60_000,
          holds: areAllLearned,
        },
      };
    },
  },
];
