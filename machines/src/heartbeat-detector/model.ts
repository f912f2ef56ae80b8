import type { Model, NetworkView, NodeView, Property } from '@synod/protocol';
import { detectors, HEART, properties, watchers } from './cluster.ts';

/** Timeouts from 1 to here, in steps of 1: so many mistakes each detector may make before its timeout is above every delay. */
const BOUND = 3;
const input = { timeoutMs: 1, incrementMs: 1, maxTimeoutMs: BOUND };

const isTimeout = (id: string): boolean => id.startsWith('xstate.after.timeout.');

/**
 * Bounded delays, from some unknown time on (Chandra and Toueg §5, partial synchrony): a timeout below the bound may be too short, one at the bound ends
 * only when the process is down and nothing of it is on its way.
 */
const boundedDelays = (
  { actor, id }: { readonly actor: string; readonly id: string },
  nodes: readonly NodeView[],
  network: NetworkView,
): boolean => {
  if (!isTimeout(id)) return true;
  const watcher = detectors(nodes).find((each) => each.actor === actor);
  if (!watcher || watcher.context.timeoutMs < BOUND) return true;
  const heart = nodes.find((each) => each.actor === HEART);
  return !heart?.up && !network.inFlight.some(({ to, message }) => to === actor && message.type === 'Heartbeat');
};

const accuracy: Property = {
  name: 'Eventual Strong Accuracy',
  source:
    '§2.3: there is a time after which no correct process is suspected: suspicions of one that lives come to an end',
  kind: 'always',
  holds: (nodes: readonly NodeView[]) => detectors(nodes).every(({ context }) => context.mistakes < BOUND),
};

const sometimes = (name: string, source: string, state: string): Property => ({
  name,
  source,
  kind: 'sometimes',
  holds: (nodes: readonly NodeView[]) => detectors(nodes).some(({ value }) => value === state),
});

const suspected = sometimes('A process is suspected', 'figure 10, task 2', 'suspected');
const failed = sometimes('A process is held failed', 'several sources', 'failed');

const laterLife: Property = {
  name: 'A later life is heard of',
  source: 'a process that starts again',
  kind: 'sometimes',
  holds: (nodes: readonly NodeView[]) => detectors(nodes).some(({ context }) => context.life > 1),
};

/** Heartbeats that wait are as good as the last of them. */
const network = { order: 'fifo', lossy: true, capacity: 2 } as const;

export const detectorModels: readonly Model[] = [
  {
    name: 'accuracy',
    about:
      'A process that lives, and detectors whose timeouts are too short at first: each makes only so many mistakes.',
    nodes: { default: 2, min: 2, max: 3 },
    configure: (count) => ({
      members: watchers(count, input),
      properties: [...properties, accuracy, suspected],
      network,
      timerMayFire: boundedDelays,
    }),
    expected: [{ nodes: 2, distinct: 5_981, depth: 16 }],
  },
  {
    name: 'crash',
    about: 'The process crashes at any moment and starts again, or not.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (count) => ({
      members: watchers(count, input),
      properties: [...properties, accuracy, suspected, failed, laterLife],
      network: { ...network, capacity: 1 },
      faults: { crashes: 1 },
      timerMayFire: boundedDelays,
      within: (nodes: readonly NodeView[]) => detectors(nodes).every(({ context }) => context.life <= 2),
    }),
    expected: [{ nodes: 2, distinct: 23_910, depth: 20 }],
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
          source: '§2.2: eventually every process that crashes is permanently suspected by every correct process',
          kind: 'eventually' as const,
          holds: (nodes: readonly NodeView[]) => detectors(nodes).every(({ value }) => value === 'failed'),
        },
      ],
      network: { order: 'unordered' as const },
    }),
    expected: [
      { nodes: 3, distinct: 125, depth: 10 },
      { nodes: 2, distinct: 9, depth: 5 },
    ],
  },
];
