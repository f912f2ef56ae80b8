import { describe, expect, it } from 'vitest';
import { type AnyMachineSnapshot, type AnyStateMachine, and, assign, createActor, raise, setup } from 'xstate';
import { createEngine, type GuardOutcome, GuardsAnew } from '../src/index.ts';

const lift = setup({
  types: { context: {} as { floor: number; doors: number } },
  guards: {
    isTop: ({ context }) => context.floor === 3,
    isGround: ({ context }) => context.floor === 0,
    isClosed: ({ context }) => context.doors === 0,
    isOver: ({ context }, { most }: { most: number }) => context.floor > most,
  },
}).createMachine({
  id: 'lift',
  context: { floor: 0, doors: 0 },
  type: 'parallel',
  states: {
    cabin: {
      initial: 'resting',
      on: { ALARM: { target: '.stuck', guard: { type: 'isOver', params: { most: 1 } } } },
      states: {
        resting: {
          on: {
            UP: [
              { guard: and(['isTop', 'isClosed']), actions: raise({ type: 'BELL' }) },
              { guard: 'isClosed', target: 'moving', actions: assign({ floor: ({ context }) => context.floor + 1 }) },
            ],
          },
        },
        moving: { always: [{ guard: 'isGround', target: 'stuck' }, { target: 'resting' }] },
        stuck: {},
      },
      always: { guard: { type: 'isOver', params: { most: 7 } }, target: '.stuck' },
    },
    bell: { on: { BELL: { guard: 'isTop', actions: assign({ doors: 1 }) } } },
  },
});

/** What an actor of a machine is told to have asked in each of its steps. */
function askedBy(machine: AnyStateMachine, types: readonly string[]) {
  const anew = new GuardsAnew(machine);
  let told: GuardOutcome[] = [];
  const actor = createActor(machine, {
    inspect: (inspection) => {
      const seen = inspection as unknown as {
        readonly type: string;
        readonly event: { readonly type: string };
        readonly snapshot: AnyMachineSnapshot;
        readonly _transitions: readonly object[];
      };
      if (seen.type === '@xstate.microstep') {
        const { event, snapshot, _transitions: transitions } = seen;
        told.push(...anew.microstep(actor.getSnapshot() as AnyMachineSnapshot, { event, snapshot, transitions }));
      } else if (seen.type === '@xstate.snapshot') anew.rest();
    },
  }).start();
  return types.map((type) => {
    told = [];
    actor.send({ type });
    return told;
  });
}

/** What XState itself asks, in pure steps. */
function asked(machine: AnyStateMachine, types: readonly string[]) {
  const engine = createEngine(machine);
  let { snapshot } = engine.initial();
  return types.map((type) => {
    const all: GuardOutcome[] = [];
    ({ snapshot } = engine.step(snapshot, { type }, undefined, (outcome) => all.push(outcome)));
    return all;
  });
}

describe('guards that are asked anew', () => {
  it('come out as they did, in the order in which they were asked', () => {
    const types = ['UP', 'ALARM', 'NONSENSE', 'UP', 'UP', 'UP', 'UP', 'ALARM', 'UP'];
    const steps = askedBy(lift, types);
    expect(steps).toEqual(asked(lift, types));
    expect(steps[0]?.map(({ condition, outcome }) => `${condition} ${outcome}`)).toEqual([
      'isTop false',
      'isTop and isClosed false',
      'isClosed true',
      'isGround false',
      'isOver false',
    ]);
  });

  it('are not told where they would come out otherwise', () => {
    let calls = 0;
    const moody = setup({ guards: { isOdd: () => ++calls % 2 === 1 } }).createMachine({
      id: 'moody',
      initial: 'a',
      states: { a: { on: { GO: { guard: 'isOdd', target: 'b' } } }, b: {} },
    });
    expect(askedBy(moody, ['GO'])).toEqual([[]]);
  });

  it('leave to the actor what they throw', () => {
    const throwing = setup({
      guards: {
        isBroken: () => {
          throw new Error('broken');
        },
      },
    }).createMachine({ id: 'throwing', on: { GO: { guard: 'isBroken' }, REST: {} } });
    expect(() => askedBy(throwing, ['REST'])).not.toThrow();
  });
});
