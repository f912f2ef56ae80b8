import { and, assign, cancel, emit, fromPromise, not, or, raise, setup, stateIn } from 'xstate';
import { actorSamples } from './actor-machines.ts';
import { chartSamples } from './chart-machines.ts';
import { familySamples } from './family-machines.ts';
import { e, noted, type Sample } from './sample.ts';

const flow = setup({
  types: { context: {} as { n: number; log: readonly string[] }, events: {} as { type: 'A' | 'B' | 'C'; by?: number } },
  guards: {
    odd: ({ context }) => context.n % 2 === 1,
    above: ({ context }, { limit }: { limit: number }) => context.n > limit,
    inRed: stateIn({ lamp: 'red' }),
  },
  actions: { ping: () => {}, note: (_, _params: { text: string }) => {} },
  delays: { soon: 10, later: ({ context }) => 100 * (context.n + 1) },
}).createMachine({
  id: 'flow',
  type: 'parallel',
  context: { n: 0, log: [] },
  states: {
    lamp: {
      initial: 'red',
      states: {
        red: { after: { soon: 'green', later: 'off' }, on: { A: { target: 'green', actions: 'ping' } } },
        green: {
          entry: assign({ n: ({ context }) => context.n + 1 }),
          exit: { type: 'note', params: ({ context }) => ({ text: `n=${context.n}` }) },
          after: { later: { target: 'red', guard: or(['odd', not({ type: 'above', params: { limit: 3 } })]) } },
          on: { B: [{ guard: 'odd', target: 'red' }, { guard: and(['inRed', 'odd']) }, { target: 'off' }] },
        },
        off: { on: { C: { target: 'red', actions: assign({ n: 0 }) } } },
      },
    },
    count: {
      initial: 'low',
      states: {
        low: { always: { guard: and([{ type: 'above', params: { limit: 2 } }, 'odd']), target: 'high' } },
        high: {
          always: { guard: not('odd'), target: 'low', actions: raise({ type: 'C' }) },
          on: { B: { actions: emit({ type: 'told' }) } },
        },
      },
    },
  },
  on: {
    'x.*': { actions: assign({ log: ({ context, event }) => [...context.log, event.type] }) },
    '*': { actions: 'ping' },
  },
});

const past = setup({}).createMachine({
  id: 'past',
  initial: 'game',
  context: { lives: 3, at: new Date(5), seen: new Set<string>(), by: new Map<string, bigint>() },
  states: {
    game: {
      initial: 'one',
      states: {
        one: { on: { N: 'two' } },
        two: {
          initial: 'a',
          states: { a: { on: { N: 'b' } }, b: { on: { N: '#past.over' } } },
          on: {
            M: {
              actions: assign({
                seen: ({ context }) => new Set([...context.seen, 'm']),
                by: ({ context }) => new Map([...context.by, ['m', 1n]]),
              }),
            },
          },
        },
        shallow: { type: 'history' },
        deep: { type: 'history', history: 'deep' },
      },
      on: { P: 'paused' },
    },
    paused: { on: { S: 'game.shallow', D: 'game.deep', R: { target: 'game', reenter: true } } },
    over: { type: 'final' },
  },
  output: ({ context }) => context.lives,
});

const load = setup({
  actors: { fetch: fromPromise(async ({ input }: { input: { id: number } }) => input.id) },
  delays: { back: ({ context }) => 2 ** (context as { tries: number }).tries * 100 },
}).createMachine({
  id: 'load',
  context: { tries: 0, data: undefined as unknown },
  initial: 'idle',
  states: {
    idle: { on: { GO: 'loading' } },
    loading: {
      invoke: {
        id: 'pay',
        src: 'fetch',
        input: ({ context }) => ({ id: (context as { tries: number }).tries }),
        onDone: { target: 'done', actions: assign({ data: ({ event }) => event.output }) },
        onError: [
          { guard: ({ context }) => (context as { tries: number }).tries > 1, target: 'failed' },
          { target: 'waiting', actions: assign({ tries: ({ context }) => (context as { tries: number }).tries + 1 }) },
        ],
      },
      on: { STOP: 'idle', AGAIN: { target: 'loading', reenter: true } },
    },
    waiting: { after: { back: 'loading' } },
    failed: { type: 'final' },
    done: { initial: 'x', states: { x: { on: { GO: 'y' } }, y: { type: 'final' } }, onDone: 'idle' },
  },
});

const regions = setup({
  actions: noted('rightDone', 'allDone', 'in', 'out', 'leave', 'bye', 'rooted', 'gone'),
}).createMachine({
  id: 'regions',
  initial: 'both',
  context: {},
  states: {
    both: {
      type: 'parallel',
      states: {
        left: { initial: 'a', states: { a: { on: { L: 'z' } }, z: { type: 'final' } } },
        right: {
          initial: 'a',
          states: { a: { on: { R: 'z' }, after: { 40: 'z' } }, z: { type: 'final' } },
          onDone: { actions: 'rightDone' },
        },
      },
      onDone: { target: 'end', actions: 'allDone' },
      entry: 'in',
      exit: ['out', emit({ type: 'left' })],
    },
    end: {
      on: { R: { target: 'both' }, L: { target: 'end', reenter: true }, Q: 'stop' },
      entry: raise({ type: 'M' }),
      exit: 'leave',
    },
    stop: { type: 'final', entry: 'bye' },
  },
  on: { M: { actions: ['rooted'] } },
  exit: 'gone',
});

/** A timer that is set again under its id before it has ended. */
const twice = setup({}).createMachine({
  id: 'twice',
  context: { n: 0 },
  on: {
    SET: { actions: raise({ type: 'DUE' }, { delay: 50, id: 't' }) },
    LONG: { actions: raise({ type: 'DUE' }, { delay: 500, id: 't' }) },
    CANCEL: { actions: cancel('t') },
    BRIEF: { actions: [raise({ type: 'DUE' }, { delay: 50, id: 't' }), cancel('t')] },
    DUE: { actions: assign({ n: ({ context }) => context.n + 1 }) },
  },
});

/** A child that fails, and a parent that does not listen. */
const fragile = setup({ actors: { task: fromPromise(async () => 1) } }).createMachine({
  id: 'fragile',
  initial: 'a',
  states: { a: { invoke: { id: 'task', src: 'task' }, on: { B: 'b' } }, b: { on: { A: 'a' } } },
});

const plainSamples: readonly Sample[] = [
  {
    name: 'parallel, after, guards, always',
    machine: flow,
    events: e('A', 'B', 'C', 'x.y', 'Q'),
    never: ['flow.lamp.green#B[1]', 'flow.lamp.red#xstate.after.later.flow.lamp.red[0]'],
  },
  { name: 'history, final, dates, sets, maps, bigints', machine: past, events: e('N', 'M', 'P', 'S', 'D', 'R') },
  { name: 'a promise with retries', machine: load, events: e('GO', 'STOP', 'AGAIN') },
  { name: 'regions that end', machine: regions, events: e('L', 'R', 'Q', 'M') },
  { name: 'a timer set twice', machine: twice, events: e('SET', 'LONG', 'CANCEL', 'BRIEF') },
  { name: 'a failure that nobody hears', machine: fragile, events: e('A', 'B') },
];

/** Machines that together use all that XState's charts can say. */
export const samples: readonly Sample[] = [...plainSamples, ...familySamples, ...actorSamples, ...chartSamples];
