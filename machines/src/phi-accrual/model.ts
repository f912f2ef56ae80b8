import type { Model, NodeView, Property } from '@synod/protocol';
import { detectors, HEART, properties, watchers } from './cluster.ts';

const sometimes = (name: string, source: string, holds: (all: ReturnType<typeof detectors>) => boolean): Property => ({
  name,
  source,
  kind: 'sometimes',
  holds: (nodes: readonly NodeView[]) => holds(detectors(nodes)),
});

/** The checker's time stands still: intervals are 0 there. A window of two forgets the first estimate soon. */
const input = { windowSize: 2 };

/** φ is a number of a moment, and the checker knows no moments: it checks what the chart makes of thresholds crossed at any time. */
export const phiModels: readonly Model[] = [
  {
    name: 'crash',
    about:
      'A process that crashes at any moment and starts again, or not, messages that overtake each other, and detectors whose thresholds are crossed at any moment.',
    nodes: { default: 2, min: 1, max: 2 },
    configure: (count) => ({
      members: watchers(count, input),
      properties: [
        ...properties,
        sometimes('A process is held failed', '§III-A', (all) => all.some(({ value }) => value === 'failed')),
        sometimes('It is trusted again in a later life', '§III-C', (all) =>
          all.some(({ value, context }) => value === 'alive' && context.life > 1),
        ),
      ],
      network: { order: 'unordered', lossy: true, capacity: 2 },
      faults: { crashes: 1 },
    }),
    expected: [
      { nodes: 2, distinct: 8_880, depth: 21 },
      { nodes: 1, distinct: 158, depth: 12 },
    ],
  },
  {
    name: 'completeness',
    about: 'The process is not there: on every fair path all detectors come to hold it failed.',
    nodes: { default: 3, min: 1, max: 3 },
    configure: (count) => ({
      members: watchers(count, input).filter(({ address }) => address !== HEART),
      properties: [
        ...properties,
        {
          name: 'Strong Completeness',
          source: '§II-C, property 1: φ of a process that crashed grows without end',
          kind: 'eventually' as const,
          holds: (nodes: readonly NodeView[]) => detectors(nodes).every(({ value }) => value === 'failed'),
        },
      ],
    }),
    expected: [{ nodes: 3, distinct: 27, depth: 7 }],
  },
];
