import { isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  createActor,
  createMachine,
  emit,
  enqueueActions,
  forwardTo,
  fromCallback,
  type InspectionEvent,
  raise,
  SimulatedClock,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import { compileLogic } from '../src/index.ts';

const helper = createMachine({
  id: 'helper',
  context: ({ input }) => ({ left: (input as { left: number } | undefined)?.left ?? 1 }),
  initial: 'ready',
  exit: sendParent({ type: 'BYE' }),
  states: {
    ready: {
      entry: sendParent({ type: 'HELLO' }),
      on: {
        TICK: [
          {
            guard: ({ context }) => (context as { left: number }).left > 1,
            actions: assign({ left: ({ context }) => (context as { left: number }).left - 1 }),
          },
          { target: 'over' },
        ],
        FAIL: {
          actions: () => {
            throw new Error('failed');
          },
        },
      },
    },
    over: { type: 'final' },
  },
  output: ({ context }) => ({ left: (context as { left: number }).left }),
}) as unknown as AnyStateMachine;

/** Says back what it is told, and that it ends. */
const echo = fromCallback(({ sendBack, receive }) => {
  receive((event) => sendBack({ type: 'ECHO', of: event.type } as never));
});

const machine = setup({ actors: { helper, echo } }).createMachine({
  id: 'boss',
  context: ({ spawn }) => ({
    heard: [] as string[],
    own: spawn('echo', { id: 'first' }) as AnyActorRef,
    late: undefined as unknown,
  }),
  initial: 'idle',
  on: {
    HELLO: { actions: assign({ heard: ({ context }) => [...context.heard, 'hello'] }) },
    BYE: { actions: assign({ heard: ({ context }) => [...context.heard, 'bye'] }) },
    ECHO: { actions: assign({ heard: ({ context, event }) => [...context.heard, `echo ${event.of}`] }) },
    STOP: '.idle',
  },
  states: {
    idle: {
      on: {
        WORK: 'working',
        SPAWN: { actions: assign({ late: ({ spawn }) => spawn('helper', { id: 'late', input: { left: 3 } }) }) },
        UNSPAWN: { actions: stopChild('late') },
        TELL: { actions: sendTo(({ context }) => context.own, { type: 'TOLD' }) },
        LATER: { actions: sendTo('first', { type: 'TOLD LATER' }, { delay: 20, id: 'later' }) },
        NOBODY: { actions: sendTo('nobody', { type: 'TOLD' }) },
        MANY: {
          actions: enqueueActions(({ enqueue, check }) => {
            enqueue.spawnChild('echo', { id: 'many' });
            enqueue.sendTo('many', { type: 'ONE' });
            if (check(() => true)) enqueue.emit({ type: 'enqueued' } as never);
          }),
        },
        FEW: { actions: enqueueActions(({ enqueue }) => enqueue.stopChild('many')) },
      },
    },
    working: {
      // It is sent to before it is there.
      entry: [sendTo('helping', { type: 'TICK' }), spawnChild('echo', { id: 'beside' })],
      exit: [stopChild('beside'), emit({ type: 'left' })],
      invoke: [
        {
          src: 'helper',
          id: 'helping',
          input: { left: 3 },
          onDone: 'done',
          onError: { target: 'idle', actions: emit({ type: 'failed' }) },
        },
        { src: 'echo', id: 'echoing', onSnapshot: { actions: raise({ type: 'SEEN' }) } },
      ],
      on: {
        TICK: { actions: forwardTo('helping') },
        FAIL: { actions: forwardTo('helping') },
        AGAIN: { target: 'working', reenter: true },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.heard,
}) as unknown as AnyStateMachine;

const idOf = (ref: unknown): string | undefined => (ref as { readonly id?: string } | undefined)?.id;

/** All that is heard of an actor and those beneath it. */
function hear(logic: AnyActorLogic, events: readonly string[]) {
  const heard: unknown[] = [];
  const clock = new SimulatedClock();
  const inspect = (event: InspectionEvent) => {
    if (event.type === '@xstate.action') heard.push([idOf(event.actorRef), event.action.type]);
    else if (event.type === '@xstate.event') heard.push([idOf(event.sourceRef), idOf(event.actorRef), event.event]);
    else if (event.type === '@xstate.actor') heard.push(['actor', idOf(event.actorRef)]);
  };
  const actor = createActor(logic, { id: 'boss', clock, inspect, logger: () => {} });
  actor.on('*', (event) => void heard.push(['emitted', event]));
  actor.subscribe({
    next: ({ value, context, status, output, children }) =>
      void heard.push({
        value,
        status,
        output,
        words: (context as { heard: string[] }).heard,
        children: Object.keys(children),
      }),
    error: (error) => void heard.push(['error', (error as Error).message]),
    complete: () => void heard.push('complete'),
  });
  actor.start();
  for (const type of events) {
    actor.send({ type });
    clock.increment(10);
  }
  const { value, status, children } = actor.getSnapshot();
  // Sessions are counted over the whole process.
  return JSON.parse(
    JSON.stringify({ heard, value, status, children: Object.keys(children) }).replaceAll(/x:\d+/g, 'x'),
  );
}

const RUNS: Readonly<Record<string, readonly string[]>> = {
  'invokes, forwards, and ends with its child': ['WORK', 'TICK', 'TICK'],
  'leaves what it invokes': ['WORK', 'STOP', 'WORK', 'AGAIN', 'STOP'],
  'hears of a child that fails': ['WORK', 'FAIL', 'WORK'],
  'spawns in an assign and in its context, and stops': ['SPAWN', 'TELL', 'UNSPAWN', 'SPAWN'],
  'sends later': ['LATER', 'OTHER', 'OTHER', 'OTHER'],
  'enqueues what has to do with others': ['MANY', 'FEW', 'MANY'],
  'breaks, where nobody is to be sent to': ['NOBODY'],
};

describe('a machine with other actors, compiled for a live actor', () => {
  it.each(Object.entries(RUNS))('%s, as when it is interpreted', (_, events) => {
    const compiled = hear(compileLogic(machine) as AnyActorLogic, events);
    expect(compiled).toEqual(hear(machine, events));
    expect(compiled.heard.length).toBeGreaterThan(5);
  });

  it('is refused with a history state', () => {
    const withHistory = createMachine({
      initial: 'a',
      states: { a: { initial: 'b', states: { b: {}, h: { type: 'history' } } } },
    });
    let error: unknown;
    try {
      compileLogic(withHistory);
    } catch (thrown) {
      error = thrown;
    }
    expect(isSynodError(error, 'COMPILE_UNSUPPORTED')).toBe(true);
  });
});
