import { assign, cancel, emit, enqueueActions, fromPromise, raise, setup, stopChild } from 'xstate';
import { e, noted, type Sample } from './sample.ts';

const queue = setup({
  types: { context: {} as { n: number } },
  guards: { even: ({ context }) => context.n % 2 === 0 },
  actions: { ...noted('even', 'late', 'self'), noted: (_, _params: { of: string }) => {} },
  actors: { job: fromPromise(async () => 1) },
  delays: { short: 10, growing: ({ context }) => 5 * context.n },
}).createMachine({
  id: 'queue',
  context: { n: 0 },
  initial: 'a',
  states: {
    a: {
      entry: enqueueActions(({ enqueue, check }) => {
        enqueue.assign({ n: ({ context }) => (context.n + 1) % 5 });
        if (check('even')) enqueue.raise({ type: 'EVEN' });
        enqueue.raise({ type: 'LATER' }, { delay: 'growing' });
        enqueue.raise({ type: 'LATER' }, { delay: 'short', id: 'named' });
      }),
      on: {
        EVEN: { actions: 'even' },
        LATER: [
          { guard: 'even', target: 'b', actions: 'late' },
          { actions: emit(({ context }) => ({ type: 'odd', n: context.n })) },
        ],
        GO: 'b',
      },
    },
    b: {
      entry: enqueueActions(({ enqueue, self }) => {
        enqueue.spawnChild('job', { id: 'job', input: 7 });
        enqueue.sendTo('job', { type: 'LISTEN' });
        enqueue.sendTo(self, { type: 'SELF' });
        enqueue({ type: 'noted', params: { of: 'b' } });
      }),
      exit: [stopChild('job'), cancel('named')],
      on: { SELF: { actions: 'self' }, GO: 'a', LATER: { actions: raise({ type: 'GO' }) } },
    },
  },
});

const album = setup({ types: { context: {} as { out: unknown } } }).createMachine({
  id: 'album',
  context: { out: null },
  initial: 'show',
  states: {
    show: {
      type: 'parallel',
      states: {
        left: {
          initial: 'a',
          states: {
            a: { on: { L: 'b' } },
            b: {
              initial: 'x',
              states: { x: { on: { L: 'y' } }, y: { on: { L: 'z' } }, z: { type: 'final', output: 'left' } },
              onDone: { target: 'c', actions: assign({ out: ({ event }) => event.output }) },
            },
            c: { on: { L: 'a' } },
            h: { type: 'history', history: 'deep', target: 'b' },
          },
        },
        right: {
          initial: 'a',
          states: {
            a: { on: { R: 'b' } },
            b: { tags: ['x'], on: { R: 'c' } },
            c: { type: 'final' },
            h: { type: 'history' },
          },
        },
        both: { type: 'history', history: 'deep' },
      },
      on: { HIDE: 'hidden', SWAP: { target: ['.left.h', '.right.a'] } },
    },
    hidden: { on: { BACK: { target: ['show.left.h', 'show.right.h'] }, ALL: 'show.both', NEW: 'show' } },
  },
});

const chain = setup({
  types: { context: {} as { n: number } },
  actions: noted('one', 'two', 'three', 'last', 'leave'),
}).createMachine({
  id: 'chain',
  context: { n: 0 },
  initial: 'a',
  states: {
    a: { on: { GO: { target: 'b', actions: [raise({ type: 'ONE' }), raise({ type: 'TWO' })] } } },
    b: {
      always: [
        { guard: ({ context }) => context.n > 2, target: 'd' },
        { target: 'c', actions: assign({ n: ({ context }) => context.n + 1 }) },
      ],
    },
    c: {
      entry: raise({ type: 'THREE' }),
      on: { ONE: { actions: 'one' }, TWO: { actions: 'two', target: 'e' }, THREE: { actions: 'three' } },
    },
    d: { type: 'final' },
    e: { on: { THREE: { target: 'a', actions: 'last' } }, exit: 'leave' },
  },
  output: ({ context, event }) => ({ n: context.n, by: event.type }),
});

export const chartSamples: readonly Sample[] = [
  { name: 'actions that choose actions', machine: queue, events: e('GO', 'LATER', 'EVEN') },
  { name: 'deep history across regions', machine: album, events: e('L', 'R', 'HIDE', 'BACK', 'ALL', 'NEW', 'SWAP') },
  {
    name: 'chains of always and raised events',
    machine: chain,
    events: e('GO', 'ONE', 'THREE'),
    never: ['chain.c#THREE[0]'],
  },
];
