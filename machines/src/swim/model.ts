import { inRole, type Model, type NodeView, type Property } from '@synod/protocol';
import type { SwimContext, SwimInput } from './context.ts';
import { initialMembers } from './members.ts';
import { swimProperties } from './properties.ts';

const views = (nodes: readonly NodeView[]) => inRole<SwimContext>(nodes, 'member');

const sometimes = (
  name: string,
  source: string,
  holds: (nodes: readonly NodeView<SwimContext>[]) => boolean,
): Property => ({
  name,
  source,
  kind: 'sometimes',
  holds: (nodes: readonly NodeView[]) => holds(views(nodes)),
});

const holds = (nodes: readonly NodeView<SwimContext>[], status: string): boolean =>
  nodes.some(({ node, context }) => context.members.some((held) => held.node !== node && held.status === status));

const reached = [
  sometimes('A member is suspected', '§4.2', (nodes) => holds(nodes, 'suspect')),
  sometimes('A member is held dead', '§4.2', (nodes) => holds(nodes, 'dead')),
];
const refuted = sometimes('A suspicion is refuted', '§4.2', (nodes) =>
  nodes.some(({ node, context }) =>
    context.members.some((held) => held.node !== node && held.status === 'alive' && held.incarnation > 0),
  ),
);

/** Few updates, told once or twice, and no tables: what a small world needs. */
const input = (names: readonly string[]): Partial<SwimInput> => ({
  ...initialMembers(names),
  indirect: 1,
  retransmit: 2,
  pushPullMs: 0,
  lifeguard: { health: false, suspicion: true, buddy: true },
});

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);

const group = (names: readonly string[], present: number, given: Partial<SwimInput> = {}) => ({
  members: names.slice(0, present).map((node) => ({
    address: `swim@${node}` as const,
    role: 'member',
    input: { ...input(names), ...given },
  })),
  properties: [...swimProperties, ...reached] as Property[],
  // How long a timer runs depends on them, and in which order one turns to members that are all alike.
  ignored: ['random', 'phase', 'drawn', 'swaps'],
});

const bounded = (sequence: number, incarnation: number) => (nodes: readonly NodeView[]) =>
  views(nodes).every(({ context }) => context.sequence <= sequence && context.incarnation <= incarnation);

/** The forgetting of the dead is left out: it only makes room. */
const timerMayFire = ({ id }: { readonly id: string }) => !id.startsWith('retention/');

/** Bounded worlds of SWIM. Timers may end at any time, so that every answer may come too late. */
export const swimModels: readonly Model[] = [
  {
    name: 'refutation',
    about:
      'Members that suspect each other, refute, and are wrongly held dead: any answer may be too late. Two probes each, and one refutation.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (nodes) => {
      const given = group(named(nodes), nodes);
      return { ...given, properties: [...given.properties, refuted], timerMayFire, within: bounded(2, 1) };
    },
    expected: [{ nodes: 2, distinct: 47_002, depth: 17 }],
  },
  {
    name: 'loss',
    about: 'The same, and one message is lost.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (nodes) => {
      const given = group(named(nodes), nodes);
      return {
        ...given,
        properties: [...given.properties, refuted],
        timerMayFire,
        within: bounded(2, 1),
        faults: { drops: 1 },
      };
    },
    expected: [{ nodes: 2, distinct: 118_487, depth: 17 }],
  },
  {
    name: 'crash',
    about:
      'A member crashes at any moment and starts again: it must come back under its name, above all that was said of it.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (nodes) => {
      const given = group(named(nodes), nodes);
      return {
        ...given,
        properties: [...swimProperties, reached[0] as Property, refuted],
        timerMayFire,
        within: bounded(1, 1),
        faults: { crashes: 1 },
      };
    },
    expected: [{ nodes: 2, distinct: 1_468, depth: 13 }],
  },
  {
    name: 'indirect',
    about: 'Three members, one probe each: the third is asked to ping on behalf of another.',
    nodes: { default: 3, min: 3, max: 3 },
    configure: (nodes) => {
      const given = group(named(nodes), nodes);
      const asked = sometimes('A third is asked', '§3.1', (all) =>
        all.some(({ context }) => context.probe?.asked.length === 1),
      );
      return {
        ...given,
        properties: [...swimProperties, reached[0] as Property, asked],
        timerMayFire,
        within: bounded(1, 1),
      };
    },
    expected: [{ nodes: 3, distinct: 25_270, depth: 25 }],
  },
  {
    name: 'leave',
    about: 'A member leaves while others suspect it.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (nodes) => {
      const given = group(named(nodes), nodes);
      return {
        ...given,
        properties: [
          ...given.properties,
          sometimes('A member is known to have left', '§4.1', (all) => holds(all, 'left')),
        ],
        requests: [{ to: 'swim@n1', event: { type: 'member.leave' } }],
        timerMayFire,
        within: bounded(2, 0),
      };
    },
    expected: [{ nodes: 2, distinct: 12_737, depth: 18 }],
  },
  {
    name: 'completeness',
    about: 'A member that is not there at all: whoever probes it comes to hold it dead, on every fair path.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (nodes) => ({
      ...group(named(nodes), nodes - 1),
      properties: [
        ...swimProperties,
        {
          name: 'Strong Completeness',
          source: '§3.2: every failure is detected by every member that does not fail',
          kind: 'eventually' as const,
          holds: (all: readonly NodeView[]) => holds(views(all), 'dead'),
        },
      ],
      timerMayFire,
      ordered: ['sequence'],
    }),
    expected: [{ nodes: 2, distinct: 8, depth: 5 }],
  },
];
