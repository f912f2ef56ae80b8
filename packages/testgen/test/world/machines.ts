import type { AnyActorRef, AnyStateMachine, EventObject } from 'xstate';
import {
  and,
  assign,
  cancel,
  emit,
  enqueueActions,
  fromCallback,
  fromObservable,
  fromPromise,
  fromTransition,
  not,
  or,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';

/** Machines that together use all that XState's charts can say, and the events that they are to be driven with. */
export interface Sample {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly events: readonly EventObject[];
  readonly input?: unknown;
}

const e = (...types: string[]): EventObject[] => types.map((type) => ({ type }));

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
        low: { always: { guard: { type: 'above', params: { limit: 2 } }, target: 'high' } },
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
    numbers: fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) }) as never),
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

const nothing = (): void => {};

const regions = setup({
  actions: {
    rightDone: nothing,
    allDone: nothing,
    in: nothing,
    out: nothing,
    leave: nothing,
    bye: nothing,
    rooted: nothing,
    gone: nothing,
  },
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
    DUE: { actions: assign({ n: ({ context }) => context.n + 1 }) },
  },
});

/** A child that fails, and a parent that does not listen. */
const fragile = setup({ actors: { task: fromPromise(async () => 1) } }).createMachine({
  id: 'fragile',
  initial: 'a',
  states: { a: { invoke: { id: 'task', src: 'task' }, on: { B: 'b' } }, b: { on: { A: 'a' } } },
});

export const samples: readonly Sample[] = [
  { name: 'parallel, after, guards, always', machine: flow, events: [...e('A', 'B', 'C', 'x.y', 'Q')] },
  { name: 'history, final, dates, sets, maps, bigints', machine: past, events: e('N', 'M', 'P', 'S', 'D', 'R') },
  { name: 'a promise with retries', machine: load, events: e('GO', 'STOP', 'AGAIN') },
  { name: 'children and grandchildren, a callback', machine: family, events: e('T', 'B', 'D', 'C', 'S', 'X') },
  { name: 'spawned actors', machine: spawner, events: e('ADD', 'POKE', 'DROP', 'WATCH', 'TASK', 'SUM', 'MANY') },
  { name: 'regions that end', machine: regions, events: e('L', 'R', 'Q', 'M') },
  { name: 'a timer set twice', machine: twice, events: e('SET', 'LONG', 'CANCEL') },
  { name: 'a failure that nobody hears', machine: fragile, events: e('A', 'B') },
];
