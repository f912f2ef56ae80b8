import type { AnyActorRef, EventObject } from 'xstate';
import {
  assign,
  createMachine,
  emit,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  log,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import { e, noted, type Sample, silent } from './sample.ts';

type Heard = { heard: readonly string[] };
/** Keeps the types of the last events that came by. */
const hearing = ({ context, event }: { context: Heard; event: EventObject }): readonly string[] =>
  [...context.heard, event.type].slice(-4);

const wildcards = setup({
  types: { context: {} as Heard },
  actions: { ...noted('in', 'out', 'any', 'other', 'silence'), hear: assign({ heard: hearing }) },
  actors: { keys: fromEventObservable(() => silent), clock: fromObservable(() => silent) },
}).createMachine({
  id: 'wildcards',
  context: { heard: [] },
  initial: 'on',
  invoke: { id: 'keys', src: 'keys', onDone: { actions: 'silence' }, onError: '.broken' },
  states: {
    on: {
      entry: 'in',
      exit: 'out',
      invoke: { id: 'clock', src: 'clock', onSnapshot: { actions: 'hear' }, onDone: 'off', onError: 'off' },
      on: {
        'key.up': 'off',
        'key.*': { actions: 'hear' },
        HELLO: undefined,
        AGAIN: { target: 'on', reenter: true },
        STAY: 'on',
      },
      initial: 'x',
      states: { x: { on: { 'key.down.*': 'y' } }, y: { on: { '*': { target: 'x', actions: 'any' } } } },
    },
    off: { on: { AGAIN: 'on' }, always: { guard: ({ context }) => context.heard.length > 3, target: 'broken' } },
    broken: {},
  },
  on: { '*': { actions: ['other', 'hear'] } },
});

const brittle = createMachine({
  id: 'brittle',
  context: ({ input }) => ({ n: (input as { n: number }).n }),
  invoke: { id: 'deep', src: fromPromise(async () => 1) },
  entry: [sendParent({ type: 'BORN' }), assign({ n: ({ context }) => positive(context.n as number) })],
  on: {
    BREAK: { actions: ['cracks', sendParent({ type: 'NEVER' }), assign({ n: () => positive(-1) })] },
    GUARD: { guard: () => positive(-1) > 0 },
    QUIT: '.end',
    TELL: { actions: emit({ type: 'unheard' }) },
  },
  initial: 'go',
  states: { go: { after: { 15: 'end' } }, end: { type: 'final' } },
  output: ({ context }) => context.n,
});

function positive(n: number): number {
  if (n < 0) throw new Error('no negative numbers');
  return n;
}

const nursery = setup({
  types: { context: {} as Heard & { n: number } },
  actions: { ...noted('born', 'never'), hear: assign({ heard: hearing }) },
  actors: { brittle },
}).createMachine({
  id: 'nursery',
  context: { heard: [], n: 1 },
  initial: 'busy',
  states: {
    busy: {
      entry: sendTo('kid', { type: 'TELL' }),
      invoke: {
        id: 'kid',
        src: 'brittle',
        systemId: 'kid',
        input: ({ context }: { context: { n: number } }) => ({ n: context.n }),
        onDone: { target: 'idle', actions: 'hear' },
        onError: { target: 'sorry', actions: 'hear' },
      },
      on: {
        B: { actions: sendTo('kid', { type: 'BREAK' }) },
        G: { actions: [sendTo('kid', { type: 'TELL' }), sendTo('kid', { type: 'GUARD' })] },
        T: { actions: sendTo('kid', { type: 'TELL' }) },
        Q: { actions: sendTo(({ system }) => system.get('kid'), { type: 'QUIT' }) },
        R: { target: 'busy', reenter: true },
        NEG: { target: 'busy', reenter: true, actions: assign({ n: -1 }) },
      },
    },
    idle: { on: { R: 'busy' } },
    sorry: { entry: assign({ n: 1 }), on: { R: 'busy' } },
  },
  on: { BORN: { actions: ['hear', 'born'] }, NEVER: { actions: 'never' } },
});

const crowd = setup({
  types: { context: {} as { refs: readonly AnyActorRef[] } },
  actions: noted('empty', 'ended', 'failed'),
  actors: { job: fromPromise(async () => 1), tally: fromTransition((n: number) => n + 1, 0) },
}).createMachine({
  id: 'crowd',
  context: { refs: [] },
  on: {
    JOB: {
      guard: ({ context }) => context.refs.length < 3,
      actions: assign({ refs: ({ context, spawn }) => [...context.refs, spawn('job')] }),
    },
    INLINE: {
      guard: ({ context }) => context.refs.length < 3,
      actions: assign({ refs: ({ context, spawn }) => [...context.refs, spawn(fromCallback(() => {}))] }),
    },
    TALLY: { actions: spawnChild('tally') },
    LOST: { actions: spawnChild('nobody has given this' as never, { id: 'lost', syncSnapshot: true }) },
    TELL: {
      actions: sendTo(
        ({ context }) => context.refs[0] as AnyActorRef,
        ({ context }) => ({ type: 'COUNT', of: context.refs.length }),
      ),
    },
    STOP: [
      {
        guard: ({ context }) => context.refs.length > 0,
        actions: [
          stopChild(({ context }) => context.refs[0] as AnyActorRef),
          assign({ refs: ({ context }) => context.refs.slice(1) }),
        ],
      },
      { actions: ['empty', stopChild('lost')] },
    ],
    'xstate.done.actor.*': { actions: [({ event }) => event, 'ended', log('ended')] },
    'xstate.error.actor.*': { actions: 'failed' },
  },
});

/** Actors that end, or speak, as soon as they are. */
const hasty = setup({
  types: { context: {} as Heard },
  actions: { ...noted('done', 'hi', 'ho', 'stale'), hear: assign({ heard: hearing }) },
  actors: {
    gone: createMachine({ id: 'gone', initial: 'x', states: { x: { type: 'final' } }, output: 'at once' }),
    loud: createMachine({
      id: 'loud',
      entry: [sendParent({ type: 'HI' }), raise({ type: 'LATER' }, { delay: 5 })],
      on: { LATER: { actions: sendParent({ type: 'HO' }, { delay: 5 }) } },
    }),
  },
}).createMachine({
  id: 'hasty',
  context: { heard: [] },
  initial: 'a',
  states: {
    a: { on: { GO: 'b', BOTH: 'c' } },
    b: { invoke: { id: 'gone', src: 'gone', onDone: { target: 'a', actions: ['hear', 'done'] } } },
    c: {
      invoke: [
        { id: 'loud', src: 'loud', onSnapshot: { actions: 'hear' } },
        { id: 'gone', src: 'gone', onDone: { actions: 'hear' } },
      ],
      on: { GO: 'a', HI: { actions: ['hear', 'hi'] }, HO: { target: 'a', actions: ['hear', 'ho'] } },
    },
  },
  on: { HO: { actions: 'stale' } },
});

export const actorSamples: readonly Sample[] = [
  {
    name: 'wildcards, observables of values and events, reentry',
    machine: wildcards,
    events: e('key.up', 'key.left', 'key.down', 'key.down.a', 'HELLO', 'AGAIN', 'STAY', 'Z'),
  },
  {
    name: 'a child that throws and is heard',
    machine: nursery,
    events: e('B', 'G', 'T', 'Q', 'R', 'NEG'),
    // What throws is not taken.
    never: ['brittle#BREAK[0]', 'brittle#GUARD[0]', 'nursery#NEVER[0]'],
  },
  {
    name: 'actors without an id, or without logic',
    machine: crowd,
    events: e('JOB', 'INLINE', 'TALLY', 'LOST', 'TELL', 'STOP'),
  },
  { name: 'actors that end or speak at once', machine: hasty, events: e('GO', 'BOTH'), never: ['hasty#HO[0]'] },
];
