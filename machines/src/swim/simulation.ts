import { type Address, inRole, type NodeView, type Simulation } from '@synod/protocol';
import type { SwimContext, SwimInput } from './context.ts';
import { initialMembers } from './members.ts';
import { swimProperties } from './properties.ts';

/** What must come once faults have healed. */
export const AGREEMENT = 'every member holds every other alive';

const addressOf = (node: string): Address => `swim@${node}`;

/** All that run hold all that run alive. */
export const agree = (nodes: readonly NodeView[]): boolean => {
  const views = inRole<SwimContext>(nodes, 'member');
  return views.every(
    ({ context: { members, size } }) =>
      size === views.length && views.every(({ node }) => members.get(node)?.status === 'alive'),
  );
};

const simulation = (
  name: string,
  about: string,
  max: number,
  inputOf: (names: readonly string[]) => Partial<SwimInput>,
): Simulation => ({
  name,
  about,
  nodes: { default: 8, min: 2, max },
  clients: { default: 0, min: 0, max: 0 },
  configure: ({ nodes }) => {
    const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const input = inputOf(names);
    return {
      members: names.map((node) => ({ address: addressOf(node), role: 'member', input })),
      properties: swimProperties,
      progress: { about: AGREEMENT, withinMs: 120_000, holds: agree },
    };
  },
});

/** Members under every fault: whoever is wrongly held dead must come back. */
export const swimSimulations: readonly Simulation[] = [
  simulation(
    'group',
    'Members that know each other from the start. Tables are exchanged every five seconds.',
    10_000,
    (names) => ({ ...initialMembers(names), seeds: names.slice(0, 3), pushPullMs: 5_000 }),
  ),
  simulation('joining', 'Members that know nothing but three seeds.', 64, (names) => ({
    seeds: names.slice(0, 3),
    pushPullMs: 5_000,
  })),
];
