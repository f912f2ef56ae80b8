import type { CheckConfiguration, Model, NetworkView, NodeView, Property } from '@synod/protocol';
import { detectors, HEART, properties, watchers } from './cluster.ts';

/** Timeouts from 1 to a bound, in steps of 1: so many mistakes less one a detector may make before its timeout is above every delay. */
const timeoutsUpTo = (bound: number) => ({ timeoutMs: 1, incrementMs: 1, maxTimeoutMs: bound });

type Timer = Parameters<NonNullable<CheckConfiguration['timerMayFire']>>[0];

const isOf = (delay: string, { id }: Timer): boolean => id.startsWith(`xstate.after.${delay}.`);

/**
 * Bounded delays, from some unknown time on (Chandra and Toueg §5, partial synchrony): a timeout below the bound may be too short, one at the bound ends
 * only when the process is down and nothing of it is on its way.
 */
const boundedDelays = (timer: Timer, nodes: readonly NodeView[], network: NetworkView): boolean => {
  const { actor } = timer;
  // Who repeats itself waits until what was said before, and what was answered, has arrived: it keeps the worlds finite.
  if (isOf('suspicionInterval', timer))
    return !network.inFlight.some(({ from, to, message }) => (message.type === 'Withdrawal' ? to : from) === actor);
  if (!isOf('timeout', timer)) return true;
  const watcher = detectors(nodes).find((each) => each.actor === actor);
  if (!watcher || watcher.context.timeoutMs < watcher.context.maxTimeoutMs) return true;
  const heart = nodes.find((each) => each.actor === HEART);
  return !heart?.up && !network.inFlight.some(({ to, message }) => to === actor && message.type === 'Heartbeat');
};

/** Besides, a heartbeat follows when the one before has arrived or is lost: what a search for circles needs to end. */
const paced = (timer: Timer, nodes: readonly NodeView[], network: NetworkView): boolean =>
  isOf('heartbeatInterval', timer)
    ? !network.inFlight.some(({ from }) => from === HEART)
    : boundedDelays(timer, nodes, network);

const accuracy = (bound: number): Property => ({
  name: 'Eventual Strong Accuracy',
  source:
    '§2.3: there is a time after which no correct process is suspected: of one that lives there are only so many mistakes',
  kind: 'always',
  holds: (nodes: readonly NodeView[]) => detectors(nodes).every(({ context }) => context.mistakes < bound),
});

/**
 * ◇P on every fair path. A timer that stays armed ends at last, so that on a path on which the process lives each detector makes all the mistakes that its
 * timeouts allow, and trusts it with none left to make. Else the process crashed before, and all hold it failed. What is still on its way from it may
 * show once more that this was too soon: a mistake, of which "Eventual Strong Accuracy" allows only so many.
 */
const eventuallyPerfect: Property = {
  name: 'Eventually Perfect',
  source: '§2.2, §2.3: strong completeness and eventual strong accuracy',
  kind: 'eventually',
  holds: (nodes: readonly NodeView[]) =>
    detectors(nodes).every(({ value, context }) =>
      nodes.some(({ actor, up }) => actor === HEART && up)
        ? value === 'alive' && context.timeoutMs === context.maxTimeoutMs
        : value === 'failed',
    ),
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

/** Only the process crashes, and no more than so many messages are lost. */
const perfect = (count: number, faults: CheckConfiguration['faults'] & object): CheckConfiguration => ({
  members: watchers(count, timeoutsUpTo(2)).map((member) => ({ ...member, stable: member.address !== HEART })),
  properties: [...properties, accuracy(2), eventuallyPerfect],
  network: { order: 'fifo' },
  faults,
  timerMayFire: paced,
});

export const detectorModels: readonly Model[] = [
  {
    name: 'accuracy',
    about:
      'A process that lives, and detectors whose timeouts are too short at first: each makes only so many mistakes.',
    nodes: { default: 2, min: 2, max: 3 },
    configure: (count) => ({
      members: watchers(count, timeoutsUpTo(3)),
      properties: [...properties, accuracy(3), suspected],
      network,
      timerMayFire: boundedDelays,
    }),
    expected: [{ nodes: 2, distinct: 9_651, depth: 18 }],
  },
  {
    name: 'eventually-perfect',
    about:
      'The process crashes for good at any moment, or lives, and a message is lost: on every fair path all come to hold it failed, or to trust it for good.',
    nodes: { default: 2, min: 1, max: 2 },
    configure: (count) => perfect(count, { crashes: 1, restarts: false, drops: 1 }),
    expected: [
      { nodes: 2, distinct: 9_599, depth: 18 },
      { nodes: 1, distinct: 46, depth: 9 },
    ],
  },
  {
    name: 'crash',
    about: 'The process crashes at any moment and starts again, or not.',
    nodes: { default: 2, min: 2, max: 2 },
    configure: (count) => ({
      members: watchers(count, timeoutsUpTo(3)),
      properties: [...properties, accuracy(3), suspected, failed, laterLife],
      network: { ...network, capacity: 1 },
      faults: { crashes: 1 },
      timerMayFire: boundedDelays,
      within: (nodes: readonly NodeView[]) => detectors(nodes).every(({ context }) => context.life <= 2),
    }),
    expected: [{ nodes: 2, distinct: 29_636, depth: 23 }],
  },
  {
    name: 'completeness',
    about: 'The process is not there: on every fair path all detectors come to hold it failed.',
    nodes: { default: 3, min: 1, max: 3 },
    configure: (count) => ({
      members: watchers(count, timeoutsUpTo(3)).filter(({ address }) => address !== HEART),
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
      timerMayFire: boundedDelays,
    }),
    expected: [
      { nodes: 3, distinct: 6_185, depth: 19 },
      { nodes: 2, distinct: 28, depth: 7 },
    ],
  },
];
