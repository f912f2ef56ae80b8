import { describe, expect, it } from 'vitest';
import { assign, emit, fromPromise, setup } from 'xstate';
import {
  createSubject,
  generateTests,
  killedBy,
  machineAdapter,
  mutantsOf,
  mutationScore,
  play,
  record,
} from '../../src/index.ts';

/** A parcel locker: a guard, a delay by name and one by number, an actor, entry and exit actions, a history state, a dead transition. */
const locker = setup({
  types: {
    context: {} as { readonly code: number; readonly tries: number },
    events: {} as
      | { readonly type: 'ENTER'; readonly code: number }
      | { readonly type: 'CLOSE' }
      | { readonly type: 'POWER_OFF' }
      | { readonly type: 'POWER_ON' }
      | { readonly type: 'NEVER' },
    emitted: {} as { readonly type: 'alarm' },
  },
  actors: { notify: fromPromise(async () => 'told') },
  guards: {
    isRight: ({ context, event }) => event.type === 'ENTER' && event.code === context.code,
    isThird: ({ context }) => context.tries >= 2,
  },
  actions: {
    count: assign({ tries: ({ context }) => context.tries + 1 }),
    clear: assign({ tries: 0 }),
    light: () => {},
    dark: () => {},
    nothing: assign({}),
  },
  delays: { patience: ({ context }) => 1_000 * (context.tries + 1) },
}).createMachine({
  id: 'locker',
  context: { code: 4711, tries: 0 },
  initial: 'on',
  states: {
    on: {
      initial: 'locked',
      on: { POWER_OFF: 'off' },
      states: {
        locked: {
          entry: 'nothing',
          on: {
            ENTER: [
              { guard: 'isRight', target: 'open', actions: 'clear' },
              { guard: 'isThird', target: 'blocked', actions: [emit({ type: 'alarm' }), 'clear'] },
              { actions: 'count' },
            ],
          },
        },
        open: { entry: 'light', exit: 'dark', on: { CLOSE: 'locked' }, after: { patience: 'notifying' } },
        notifying: { invoke: { src: 'notify', id: 'notify', onDone: 'locked', onError: 'blocked' } },
        blocked: { after: { 30000: 'locked' } },
        walled: { on: { NEVER: 'open' } },
        last: { type: 'history' },
      },
    },
    off: { on: { POWER_ON: 'on.last' } },
  },
});

it('the mutants of a machine are every change of each kind, in document order, named after their place', () => {
  const mutants = mutantsOf(locker);
  const count = (operator: string) => mutants.filter((mutant) => mutant.operator === operator).length;
  expect({
    transitions: count('drop-transition'),
    guards: count('negate-guard'),
    targets: count('retarget'),
    actions: count('drop-action'),
    delays: count('change-delay'),
  }).toEqual({ transitions: 11, guards: 2, targets: 10, actions: 7, delays: 2 });
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  expect(mutants.map(({ description }) => description)).toEqual(
    expect.arrayContaining([
      'on.locked → on.open on ENTER when isRight: is gone',
      'on.locked → on.open on ENTER when isRight: its guard is turned round',
      'on.locked → on.open on ENTER when isRight: leads to on.notifying',
      'on.locked stays on ENTER: does not count',
      'entry of on.open: does not light',
      'on.blocked: waits 33000 ms instead of 30000',
      'the delay patience is longer by a tenth, and by a millisecond at least',
      'off → on as it was on POWER_ON: leads to on',
    ]),
  );
});

it('a mutant is killed by exactly those tests that fail when they are played against it under XState', async () => {
  const { tests } = generateTests(locker, { coverage: ['pairs'] });
  const recordings = record(createSubject(locker), tests);
  for (const mutant of mutantsOf(locker))
    for (const recording of recordings) {
      const failed = await play(machineAdapter(mutant.machine), recording.test).then(
        () => false,
        () => true,
      );
      expect({ mutant: mutant.description, failed }).toEqual({
        mutant: mutant.description,
        failed: killedBy(mutant.machine, [recording]) !== undefined,
      });
    }
});

describe('the score', () => {
  it('is whole at pair coverage, with what no test can tell set aside, but for what no run comes to', async () => {
    const { mutants, scores, equivalent, idle, survivors, complete } = await mutationScore(locker, {
      coverage: ['states', 'transitions', 'pairs'],
    });
    expect({ mutants, complete }).toEqual({ mutants: 32, complete: true });
    expect(equivalent.map(({ description }) => description)).toEqual(['entry of on.locked: does not nothing']);
    expect(idle).toEqual([]);
    const score = Object.fromEntries(scores.map((each) => [each.kind, each.score]));
    expect(score).toMatchObject({ pairs: 29 / 31 });
    expect(score.states).toBeLessThan(score.transitions ?? 0);
    // History might bring it back, for all that the chart alone can tell.
    const reason = /^on.walled was not reached in any of the \d+ worlds/;
    expect(survivors.filter(({ of }) => of.includes('pairs'))).toMatchObject([
      { mutant: { description: 'on.walled → on.open on NEVER: is gone' }, unreached: expect.stringMatching(reason) },
      {
        mutant: { description: 'on.walled → on.open on NEVER: leads to on.notifying' },
        unreached: expect.stringMatching(reason),
      },
    ]);
  });

  it('explains a survivor: by a test of another kind, or by a run', async () => {
    const { survivors } = await mutationScore(locker, { coverage: ['states', 'transitions'] });
    expect(survivors.every(({ seenBy, unreached }) => (seenBy ?? unreached) !== undefined)).toBe(true);
    const only = await mutationScore(locker, { coverage: ['states'] });
    const run = only.survivors.find(({ mutant }) => mutant.id === 'drop-transition locker.on.open#CLOSE[0]');
    expect(run?.seenBy).toEqual({
      input: undefined,
      steps: [{ send: { type: 'ENTER', code: 4711 } }, { send: { type: 'CLOSE' } }],
    });
  });

  it('can be stopped, and says so', async () => {
    const controller = new AbortController();
    const { complete, mutants } = await mutationScore(locker, {
      coverage: ['states'],
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 3) controller.abort();
      },
    });
    expect({ complete, mutants }).toEqual({ complete: false, mutants: 4 });
  });
});
