import { assign, raise, stateIn } from 'xstate';
import { type Args, add, type Chart, chart, note, noted, types } from './chart.ts';

// Charts about which states are entered and left, and when a machine is done.

const nested = chart({
  id: 'nested',
  initial: { target: 'one', actions: note('initial') },
  entry: note('+root'),
  on: { HOME: '.one', DEEP: '#deepest', RESTART: { target: '#nested', reenter: true }, STAY: { target: '#nested' } },
  states: {
    one: { ...noted('one'), on: { NEXT: 'two', STAY: { actions: note('stay') } } },
    two: {
      ...noted('two'),
      initial: 'a',
      tags: ['busy'],
      meta: { section: 2 },
      on: {
        NEXT: 'one',
        SELF: 'two',
        AGAIN: { target: 'two', reenter: true, actions: note('again') },
        INNER: '.b',
        INNER_AGAIN: { target: '.b', reenter: true },
      },
      states: {
        a: { ...noted('a'), on: { GO: 'b', NEXT: undefined, SELF: { target: 'a', reenter: true } } },
        b: {
          ...noted('b'),
          tags: ['deep', 'busy'],
          initial: { target: 'x', actions: [note('into x')] },
          on: { GO: { target: 'a', actions: note('back') }, UP: '#nested.two' },
          states: {
            x: { ...noted('x'), on: { GO: 'y' } },
            y: {
              id: 'deepest',
              ...noted('y'),
              meta: 'y',
              on: { GO: '#nested.two.a', UP: { target: '#nested.two', reenter: true } },
            },
          },
        },
      },
    },
  },
});

const parallel = chart({
  id: 'parallel',
  type: 'parallel',
  on: { BOTH: { target: ['.left.b', '.right.y'] }, ROOT: { target: '#parallel', reenter: true } },
  states: {
    left: {
      ...noted('left'),
      initial: 'a',
      tags: 'left',
      onDone: { actions: note('left done') },
      on: { CROSS: '#parallel.right.y', RESET: { target: 'left', reenter: true } },
      states: {
        a: { ...noted('a'), on: { GO: 'b', LEFT: 'b', SAME: { actions: note('a') } } },
        b: {
          ...noted('b'),
          on: { GO: 'a', END: 'f' },
          always: { guard: ({ context }: Args) => context.count === 2, target: 'a' },
        },
        f: { type: 'final', ...noted('f') },
      },
    },
    right: {
      ...noted('right'),
      initial: 'x',
      on: { CROSS: { target: '#parallel.left.b', reenter: true }, SAME: { actions: note('right') } },
      states: {
        x: { ...noted('x'), on: { GO: 'y', ADD: { actions: add() } } },
        y: {
          ...noted('y'),
          type: 'parallel',
          tags: ['inner'],
          on: { GO: 'x', OUT: { target: '#parallel' } },
          states: {
            // Keys that are numbers come first in an object, whatever their order in the chart.
            1: { initial: 'p', states: { p: { on: { END: 'q' } }, q: { type: 'final' } } },
            0: {
              initial: 'r',
              states: {
                r: {
                  always: { guard: stateIn({ left: 'f' }), target: 's' },
                  on: { END: 's', GO: { actions: note('r') } },
                },
                s: { type: 'final' },
              },
            },
          },
          onDone: 'z',
        },
        z: { ...noted('z'), type: 'final' },
      },
    },
  },
  onDone: { actions: note('never') },
  output: ({ context }: Args) => context.log,
});

const final = chart({
  id: 'final',
  initial: 'work',
  output: ({ context, event }: Args) => ({ count: context.count, event }),
  exit: note('-root'),
  states: {
    work: {
      ...noted('work'),
      initial: 'a',
      states: {
        a: { on: { DONE: 'b', BAD: 'c' } },
        b: { ...noted('b'), type: 'final', output: ({ event }: Args) => ({ by: event.type }) },
        c: { type: 'final', output: 'literal' },
      },
      on: { MORE: { actions: note('more') } },
      onDone: [
        { guard: ({ event }: Args) => event.output === 'literal', target: 'work', actions: note('again') },
        { target: 'rest', actions: assign((({ event }: Args) => ({ last: event })) as never) },
      ],
    },
    rest: { on: { DONE: 'end', BAD: 'silent' } },
    end: { ...noted('end'), type: 'final', output: ({ context }: Args) => context.log },
    silent: { type: 'final' },
  },
  on: { MORE: { actions: note('root more') } },
});

const eventless = chart({
  id: 'eventless',
  initial: 'idle',
  always: { guard: ({ context }: Args) => context.count === 7, actions: assign({ count: 0 }) },
  states: {
    idle: {
      on: {
        ADD: { actions: add() },
        RUN: { target: 'a', actions: [raise({ type: 'ADD' }), note('run')] },
        LOOP: 'loop',
      },
      // True without changing anything: it is taken once.
      always: { guard: ({ context }: Args) => context.count === 3, actions: raise({ type: 'THREE' }) },
    },
    a: { ...noted('a'), always: [{ guard: ({ context }: Args) => context.count > 4, target: 'c' }, { target: 'b' }] },
    b: { entry: raise({ type: 'ON' }), on: { ADD: { actions: note('late add') }, ON: 'c' } },
    c: {
      always: { guard: ({ event }: Args) => event.type === 'ON', target: 'idle', actions: note('by ON') },
      on: { '*': 'idle' },
    },
    loop: { always: 'pool' },
    pool: { always: 'loop' },
  },
});

const bounded = chart({
  id: 'bounded',
  options: { maxIterations: 4 },
  initial: 'a',
  states: {
    a: { on: { GO: 'b', FEW: 'd' } },
    b: { always: 'c' },
    c: { always: 'b' },
    d: { always: 'e' },
    e: { on: { GO: 'a' } },
  },
});

const restarting = chart({
  id: 'restarting',
  ...noted('root'),
  initial: 'a',
  on: { RESTART: { target: '#restarting.b', reenter: true } },
  states: { a: { ...noted('a'), on: { GO: 'b' } }, b: { ...noted('b') } },
});

const doneAtOnce = chart({ id: 'doneAtOnce', initial: 'end', states: { end: { type: 'final' } }, output: 'over' });

export const STATES: Readonly<Record<string, Chart>> = {
  nested: {
    machine: nested,
    events: [
      ...types('NEXT', 'GO', 'HOME', 'DEEP', 'RESTART', 'STAY', 'SELF', 'AGAIN'),
      ...types('INNER', 'INNER_AGAIN', 'UP', 'NOTHING'),
    ],
  },
  parallel: {
    machine: parallel,
    events: types('GO', 'LEFT', 'END', 'CROSS', 'RESET', 'SAME', 'BOTH', 'ROOT', 'ADD', 'OUT'),
  },
  final: { machine: final, events: types('DONE', 'BAD', 'MORE', 'xstate.stop', 'xstate.init') },
  eventless: { machine: eventless, events: types('ADD', 'ADD', 'ADD', 'RUN', 'ON', 'LOOP') },
  bounded: { machine: bounded, events: types('GO', 'FEW') },
  restarting: { machine: restarting, events: types('GO', 'RESTART', 'xstate.error.actor.x') },
  doneAtOnce: { machine: doneAtOnce, events: types('GO') },
};
