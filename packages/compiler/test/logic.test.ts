import { send } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyStateMachine,
  assign,
  cancel,
  createActor,
  createMachine,
  emit,
  enqueueActions,
  type InspectionEvent,
  log,
  raise,
  SimulatedClock,
} from 'xstate';
import { compile } from '../src/index.ts';

const machine = createMachine({
  id: 'live',
  context: ({ input }) => ({ count: (input as { from: number }).from }),
  initial: 'a',
  entry: emit({ type: 'begun' }),
  states: {
    a: {
      after: { 100: { target: 'b', actions: assign({ count: ({ context }) => context.count + 10 }) } },
      on: {
        GO: { target: 'b', actions: [send((() => ({ to: 'x@y', message: { type: 'Hello' } })) as never), log('gone')] },
        LATER: { actions: raise({ type: 'GO' }, { id: 'later', delay: 30 }) },
        STAY: { actions: cancel('later') },
        ADD: {
          actions: enqueueActions(({ enqueue, context }) => {
            enqueue.assign({ count: context.count + 1 });
            enqueue.emit({ type: 'added' });
          }),
        },
        BREAK: {
          actions: assign(() => {
            throw new Error('broken');
          }),
        },
      },
    },
    b: { entry: raise({ type: 'NEXT' }), on: { NEXT: 'c' } },
    c: { on: { END: 'end', GO: { actions: function custom() {} } } },
    end: { type: 'final', output: 'over' },
  },
  output: ({ context }) => ({ counted: (context as { count: number }).count }),
});

/** All that is heard of an actor: its snapshots, what it emits, logs and says to an inspector, and how it ends. */
function hear(logic: AnyActorLogic, play: (actor: ReturnType<typeof createActor>, clock: SimulatedClock) => void) {
  const heard: unknown[] = [];
  const clock = new SimulatedClock();
  const inspect = (event: InspectionEvent) => {
    const { type } = event;
    if (type === '@xstate.action') heard.push([type, event.action.type, event.action.params]);
    else if (type === '@xstate.microstep') {
      const { snapshot, _transitions } = event as unknown as {
        snapshot: { value: unknown };
        _transitions: { eventType: string }[];
      };
      heard.push([type, event.event.type, snapshot.value, _transitions.map(({ eventType }) => eventType)]);
    }
  };
  const actor = createActor(logic, {
    clock,
    inspect,
    input: { from: 5 },
    logger: (...words: unknown[]) => void heard.push(['log', ...words]),
  });
  actor.on('*', (event) => void heard.push(['emitted', event]));
  actor.subscribe({
    next: ({ value, context, status, output }) => void heard.push({ value, context, status, output }),
    error: (error) => void heard.push(['error', (error as Error).message]),
    complete: () => void heard.push('complete'),
  });
  actor.start();
  play(actor, clock);
  const { value, context, status } = actor.getSnapshot();
  return { heard, end: { value, context, status }, persisted: JSON.stringify(actor.getPersistedSnapshot()) };
}

const both = (play: Parameters<typeof hear>[1]) => [
  hear(compile(machine).logic as AnyActorLogic, play),
  hear(machine as AnyStateMachine, play),
];

describe("a compiled machine in XState's own actor", () => {
  it.each<[string, Parameters<typeof hear>[1]]>([
    [
      'takes events, sends, logs and ends',
      (actor) => {
        for (const type of ['ADD', 'GO', 'NOTHING', 'GO', 'END']) actor.send({ type });
      },
    ],
    ['sets timers', (_, clock) => clock.increment(100)],
    [
      'cancels them',
      (actor, clock) => {
        actor.send({ type: 'LATER' });
        actor.send({ type: 'STAY' });
        clock.increment(60);
        actor.send({ type: 'LATER' });
        clock.increment(30);
      },
    ],
    ['breaks', (actor) => actor.send({ type: 'BREAK' })],
    ['is stopped', (actor) => void actor.stop()],
  ])('%s, as when it is interpreted', (_, play) => {
    const [compiled, interpreted] = both(play);
    expect(compiled).toEqual(interpreted);
    expect(compiled?.heard.length).toBeGreaterThan(3);
  });

  it('is restored', () => {
    const { logic } = compile(machine);
    const first = createActor(logic, { input: { from: 1 } }).start();
    first.send({ type: 'ADD' });
    const second = createActor(logic, { snapshot: first.getPersistedSnapshot(), input: { from: 0 } }).start();
    second.send({ type: 'ADD' });
    expect(second.getSnapshot().context).toEqual({ count: 3 });
    expect(second.getSnapshot().matches('a')).toBe(true);
    expect(second.getSnapshot().can({ type: 'GO' })).toBe(true);
    first.stop();
    second.stop();
  });

  it('fails to start as an interpreted one does', () => {
    const broken = createMachine({
      context: () => {
        throw new Error('broken');
      },
    }) as unknown as AnyStateMachine;
    for (const logic of [compile(broken).logic as AnyActorLogic, broken]) {
      const errors: unknown[] = [];
      const actor = createActor(logic);
      actor.subscribe({ error: (error) => void errors.push((error as Error).message) });
      actor.start();
      expect(errors).toEqual(['broken']);
      expect(actor.getSnapshot().status).toBe('error');
    }
  });
});
