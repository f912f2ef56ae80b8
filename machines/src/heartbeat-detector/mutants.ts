import { forgetting, type Mutant, perform, providing, type Received } from '@synod/protocol';
import { assign } from 'xstate';
import type { DetectorContext } from './context.ts';
import type { Heartbeat, Suspicion } from './messages.ts';
import { isFresh } from './rules.ts';
import { GONE, TRUST } from './simulation.ts';

// Mistakes in one action or one guard each.

const change = (name: string, rule: (context: DetectorContext, event: unknown) => Partial<DetectorContext>) =>
  providing({
    actions: { [name]: perform(({ context, event }) => ({ change: rule(context as DetectorContext, event) })) },
  });

export const detectorMutants: readonly Mutant[] = [
  {
    name: 'never-waits-longer',
    mistake: 'A mistake does not increase the timeout.',
    source: 'Chandra and Toueg, figure 10, task 3: without it the detector is not eventually accurate',
    role: 'detector',
    mutate: change('learnFromMistake', ({ mistakes }) => ({ mistakes: mistakes + 1 })),
    violates: ['Eventual Strong Accuracy', 'Mistakes Teach'],
    check: { model: 'accuracy' },
  },
  {
    name: 'counts-twice',
    mistake: 'One source that says twice that it suspects counts as two.',
    source: 'several sources are several different ones',
    role: 'detector',
    mutate: change('count', ({ sources }, event) => ({ sources: [...sources, (event as Received<Suspicion>).from] })),
    violates: ['Different Sources'],
    check: { model: 'accuracy' },
  },
  {
    name: 'fails-alone',
    mistake: 'What one detector suspects counts as failed.',
    source: 'failed is what several sources confirm',
    role: 'detector',
    mutate: providing({ guards: { hasQuorum: () => true, lacksQuorum: () => false } }),
    violates: ['Confirmed'],
    check: { model: 'accuracy' },
  },
  {
    name: 'keeps-suspicion-to-itself',
    mistake: 'A detector that suspects does not tell the others.',
    source: 'without it nobody comes to hold the process failed',
    role: 'detector',
    mutate: providing({ actions: { tellSuspicion: assign({}), tellSuspicionAgain: assign({}) } }),
    violates: ['Strong Completeness'],
    check: { model: 'completeness' },
  },
  {
    name: 'says-it-once',
    mistake: 'A detector that suspects says so once: where that is lost, another waits for its word for ever.',
    source: '§2.2, strong completeness, where channels lose messages',
    role: 'detector',
    mutate: providing({ actions: { tellSuspicionAgain: assign({}) } }),
    violates: ['Eventually Perfect', GONE],
    check: { model: 'eventually-perfect' },
    simulate: { simulation: 'gone', nodes: 3, faults: ['drop:high'], seeds: 20, seconds: 30 },
  },
  {
    name: 'stays-failed',
    mistake: 'What others confirmed stays failed although they have withdrawn it.',
    source: 'failed is what several sources confirm',
    role: 'detector',
    mutate: providing({ guards: { lacksQuorum: () => false } }),
    violates: ['Confirmed'],
    check: { model: 'accuracy' },
  },
  {
    name: 'heeds-the-dead',
    mistake: 'The process forgets its life at a crash: after a restart it speaks as in its first one.',
    source: 'Aguilera, Chen and Toueg (1998): crash-recovery detectors tell the lives of a process apart',
    role: 'heart',
    mutate: forgetting('life'),
    violates: ['A later life is heard of', 'Eventual Strong Accuracy'],
    check: { model: 'crash' },
  },
  {
    name: 'trusts-no-more',
    mistake: 'A heartbeat does not clear a suspicion: who was suspected in this life stays so.',
    source: '§2.3: ◇P may be wrong for a finite time, and must come to be right',
    role: 'detector',
    mutate: providing({
      guards: {
        isFreshMistake: () => false,
        isFresh: (({ context, event }: { context: DetectorContext; event: Received<Heartbeat> }) =>
          isFresh(context, event) && (context.suspectedLife === 0 || event.life > context.suspectedLife)) as never,
      },
    }),
    violates: [TRUST, 'Eventually Perfect'],
    check: { model: 'eventually-perfect' },
    simulate: { simulation: 'watch', nodes: 3, faults: ['crash', 'pause', 'partition:high'], seeds: 40, seconds: 60 },
  },
];
