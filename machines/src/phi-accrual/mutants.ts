import { forgetting, type Mutant, perform, providing, type Received } from '@synod/protocol';
import type { PhiContext } from './context.ts';
import type { Heartbeat } from './messages.ts';
import { estimateOf } from './phi.ts';
import { TRUST } from './simulation.ts';

// Mistakes in one action, one guard or one delay each.

const sampling = (rule: (context: PhiContext, event: Received<Heartbeat>) => Partial<PhiContext>) =>
  providing({
    actions: {
      sample: perform(({ context, event }) => ({
        change: rule(context as PhiContext, event as unknown as Received<Heartbeat>),
      })),
    },
  });

const next = ({ intervals, lastAt, settings }: PhiContext, at: number, maxIntervalMs = settings.maxIntervalMs) =>
  lastAt === null || at - lastAt > maxIntervalMs ? intervals : [...intervals, Math.max(0, at - lastAt)];

const troubled = { simulation: 'watch', nodes: 3, faults: ['crash', 'drop', 'delay', 'pause'], seeds: 20, seconds: 60 };

export const phiMutants: readonly Mutant[] = [
  {
    name: 'keeps-all',
    mistake: 'The window forgets nothing.',
    source: '§III-C: a window of fixed size',
    role: 'detector',
    mutate: sampling((context, { at, life }) => {
      const intervals = next(context, at);
      return { lastAt: at, life, intervals, estimate: estimateOf(intervals, context.settings.minDeviationMs) };
    }),
    violates: ['Bounded Window'],
    check: { model: 'crash', nodes: 1 },
  },
  {
    name: 'no-least-deviation',
    mistake: 'The deviation of a very regular process is taken as it is, down to 0.',
    source: 'Akka, min-std-deviation: else the first small delay is a certainty',
    role: 'detector',
    mutate: sampling((context, { at, life }) => {
      const intervals = next(context, at).slice(-context.settings.windowSize);
      return { lastAt: at, life, intervals, estimate: estimateOf(intervals, 1e-9) };
    }),
    violates: ['Sound Estimate'],
    check: { model: 'crash', nodes: 1 },
    simulate: troubled,
  },
  {
    name: 'learns-from-outages',
    mistake:
      'The time that the network was down is a sample: one such interval blinds the detector for a whole window.',
    source: 'Cassandra, fd_max_interval_ms; Akka samples no interval that ended a suspicion',
    role: 'detector',
    mutate: sampling((context, { at, life }) => {
      const { windowSize, minDeviationMs } = context.settings;
      const intervals = next(context, at, Number.POSITIVE_INFINITY).slice(-windowSize);
      return { lastAt: at, life, intervals, estimate: estimateOf(intervals, minDeviationMs) };
    }),
    violates: ['No Outage in the Window', TRUST],
    simulate: { ...troubled, faults: ['partition:high', 'drop:high'], seeds: 40 },
  },
  {
    name: 'heeds-old-lives',
    mistake: 'A heartbeat of a life that is over counts.',
    source: 'a late message of a process that has started again',
    role: 'detector',
    mutate: (protocol) =>
      providing({ guards: { isFresh: () => true } })(
        sampling(({ intervals, estimate }, { at, life }) => ({ lastAt: at, life, intervals, estimate }))(protocol),
      ),
    violates: ['Lives Only Grow'],
    check: { model: 'crash', nodes: 1 },
  },
  {
    name: 'forgets-its-life',
    mistake: 'The process forgets its life at a crash: after a restart it speaks as in its first one.',
    source: '§III-C: the time that it was down is no interval',
    role: 'heart',
    mutate: forgetting('life'),
    violates: ['It is trusted again in a later life'],
    check: { model: 'crash', nodes: 1 },
  },
];
