import type { AnyActorRef } from 'xstate';
import {
  assign,
  cancel,
  emit,
  enqueueActions,
  fromCallback,
  fromObservable,
  fromPromise,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import { e, type Sample, silent } from './sample.ts';

const grandchild = setup({}).createMachine({
  id: 'grandchild',
  initial: 'a',
  states: {
    a: { on: { UP: { target: 'b', actions: sendParent({ type: 'ROSE' }) } }, after: { 30: 'b' } },
    b: { type: 'final' },
  },
  output: 'grown',
});

const child = setup({ actors: { grandchild }, actions: { quiet: () => {} } }).createMachine({
  id: 'child',
  context: ({ input }) => ({ left: (input as { left: number } | undefined)?.left ?? 2 }),
  initial: 'counting',
  invoke: { src: 'grandchild', id: 'g', onDone: { actions: [assign({ left: 9 }), emit({ type: 'grown' })] } },
  states: {
    counting: {
      entry: sendParent({ type: 'HELLO' }),
      on: {
        TICK: [
          {
            guard: ({ context }) => context.left > 0,
            actions: [assign({ left: ({ context }) => context.left - 1 }), 'quiet'],
          },
          { target: 'out', actions: sendParent(({ context }) => ({ type: 'OUT', left: context.left })) },
        ],
        ROSE: { actions: sendParent({ type: 'ROSE' }) },
        BREAK: { actions: sendTo('g', { type: 'UP' }) },
      },
    },
    out: { type: 'final' },
  },
  output: ({ context }) => ({ left: context.left }),
});

const family = setup({ actors: { child, watch: fromCallback(() => {}) }, actions: { clap: () => {} } }).createMachine({
  id: 'family',
  context: { heard: [] as string[], last: null as unknown },
  initial: 'on',
  states: {
    on: {
      invoke: [
        {
          src: 'child',
          id: 'kid',
          input: { left: 1 },
          onDone: { target: 'off', actions: assign({ last: ({ event }) => event.output }) },
          onSnapshot: { actions: assign({ last: ({ event }) => event.snapshot.context }) },
        },
        { src: 'watch', id: 'w', systemId: 'watcher' },
      ],
      on: {
        T: { actions: sendTo('kid', { type: 'TICK' }) },
        B: { actions: [sendTo('kid', { type: 'BREAK' }), sendTo('w', { type: 'LOOK' })] },
        D: { actions: sendTo('kid', { type: 'TICK' }, { delay: 20, id: 'late' }) },
        C: { actions: cancel('late') },
        S: { actions: sendTo(({ system }) => system.get('watcher'), { type: 'BY_SYSTEM' }) },
        X: 'off',
      },
    },
    off: { on: { T: 'on', X: { target: 'on', actions: raise({ type: 'T' }, { delay: 5, id: 'self' }) } } },
  },
  on: {
    HELLO: { actions: assign({ heard: ({ context }) => [...context.heard, 'hello'].slice(-3) }) },
    OUT: { actions: assign({ heard: ({ context }) => [...context.heard, 'out'].slice(-3) }) },
    ROSE: { actions: [assign({ heard: ({ context }) => [...context.heard, 'rose'].slice(-3) }), 'clap'] },
  },
});

const spawner = setup({
  actions: { first: () => {} },
  actors: {
    child,
    numbers: fromObservable(() => silent),
    task: fromPromise(async () => 1),
    sum: fromTransition((s: number) => s, 0),
  },
}).createMachine({
  id: 'spawner',
  context: { refs: [] as unknown[], value: null as unknown },
  on: {
    ADD: {
      guard: ({ context }) => context.refs.length < 2,
      actions: assign({
        refs: ({ context, spawn }) => [
          ...context.refs,
          spawn('child', { id: `c${context.refs.length}`, input: { left: 0 } }),
        ],
      }),
    },
    POKE: {
      guard: ({ context }) => (context.refs[0] as AnyActorRef | undefined)?.getSnapshot().status === 'active',
      actions: sendTo(({ context }) => context.refs[0] as AnyActorRef, { type: 'TICK' }),
    },
    DROP: {
      guard: ({ context }) => context.refs.length > 0,
      actions: [
        stopChild(({ context }) => context.refs.at(-1) as never),
        assign({ refs: ({ context }) => context.refs.slice(0, -1) }),
      ],
    },
    WATCH: { actions: spawnChild('numbers', { id: 'nums', syncSnapshot: true }) },
    TASK: { actions: spawnChild('task', { id: 'task', input: { a: 1 } }) },
    SUM: { actions: [spawnChild('sum', { id: 'sum' }), sendTo('sum', { type: 'PLUS' })] },
    MANY: {
      actions: enqueueActions(({ enqueue, check, context }) => {
        enqueue('first');
        if (check(() => context.refs.length === 1)) enqueue.emit({ type: 'one' });
        enqueue.raise({ type: 'ADD' });
        enqueue.assign({ value: 'many' });
      }),
    },
    'xstate.snapshot.nums': {
      actions: assign({
        value: ({ event }) => (event as never as { snapshot: { context: unknown } }).snapshot.context ?? null,
      }),
    },
    'xstate.done.actor.*': {
      actions: assign({ value: ({ event }) => (event as never as { output: unknown }).output ?? null }),
    },
    'xstate.error.actor.*': { actions: assign({ value: 'failed' }) },
  },
});

export const familySamples: readonly Sample[] = [
  { name: 'children and grandchildren, a callback', machine: family, events: e('T', 'B', 'D', 'C', 'S', 'X') },
  { name: 'spawned actors', machine: spawner, events: e('ADD', 'POKE', 'DROP', 'WATCH', 'TASK', 'SUM', 'MANY') },
];
