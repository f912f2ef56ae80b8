import { describe, expect, it } from 'vitest';
import { assign, createMachine } from 'xstate';
import { generateTests } from '../../src/generate.ts';
import { createPayloads } from '../../src/payloads/create.ts';
import { machineAdapter } from '../../src/play/machine-adapter.ts';
import { play } from '../../src/play/play.ts';
import { choose } from '../../src/suite/choose.ts';
import type { Plan } from '../../src/suite/plan.ts';
import { generated } from '../support/generated.ts';

const plan = (length: number, ...covers: readonly string[]): Plan =>
  ({ origin: {}, steps: Array.from({ length }, () => ({})), covers: new Set(covers) }) as unknown as Plan;

describe('the choice of tests', () => {
  it('takes few that cover all, of equal ones the shorter, and none that others make superfluous', () => {
    const long = plan(3, 'a', 'b', 'c');
    const plans = [plan(1, 'a'), plan(2, 'a', 'b'), long, plan(1, 'd'), plan(4, 'd'), plan(2, 'c', 'd')];
    const chosen = choose(plans, new Map());
    expect(chosen.map(({ plan: { covers } }) => [...covers])).toEqual([['d'], ['a', 'b', 'c']]);
    expect(choose([], new Map())).toEqual([]);
  });

  it('puts each target down to one test', () => {
    const chosen = choose(
      [plan(2, 'a', 'b'), plan(2, 'b', 'c')],
      new Map([
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ]),
    );
    expect(chosen.map(({ fresh }) => fresh)).toEqual([['a', 'b'], ['c']]);
  });
});

const door = createMachine({
  id: 'door',
  context: { knocks: 0 },
  initial: 'closed',
  states: {
    closed: {
      on: {
        OPEN: 'open',
        KNOCK: { actions: assign({ knocks: ({ context }) => context.knocks + 1 }) },
        LOCK: [{ guard: ({ event }) => event.key === 'right', target: 'locked' }],
      },
    },
    open: { on: { CLOSE: 'closed' }, after: { 1000: 'closed' } },
    locked: { on: { UNLOCK: 'closed' } },
  },
});

const keys = {
  LOCK: [
    { type: 'LOCK', key: 'wrong' },
    { type: 'LOCK', key: 'right' },
  ],
};

describe('the tests of a machine', () => {
  const { tests, coverage, unreached } = generated(door, ['states', 'transitions', 'delays'], keys);

  it('are named after what they do, in the order of the chart', () => {
    expect(tests.map(({ name }) => name)).toEqual([
      'closed stays on KNOCK',
      'closed → open on OPEN, then closed on CLOSE',
      'closed → open on OPEN, then closed after 1000 ms',
      'closed → locked on LOCK, then closed on UNLOCK',
    ]);
    expect(tests.map(({ target }) => target.title)).toEqual([
      'closed stays on KNOCK',
      'open → closed on CLOSE',
      'open → closed after 1000 ms',
      'locked → closed on UNLOCK',
    ]);
    expect(coverage).toEqual([
      { kind: 'states', covered: 3, total: 3 },
      { kind: 'transitions', covered: 6, total: 6 },
      { kind: 'delays', covered: 1, total: 1 },
    ]);
    expect(unreached).toEqual([]);
  });

  it('see a delayed transition come when its time has come, and not a millisecond before', () => {
    expect(tests[2]?.steps.slice(1)).toEqual([
      { wait: 999, state: 'open' },
      { wait: 1, state: 'closed' },
    ]);
  });

  it('pass under XState', async () => {
    for (const test of tests) await play(machineAdapter(door), test);
  });

  it('cover every pair', () => {
    const pairs = generated(door, ['pairs'], keys);
    expect(pairs.coverage).toMatchObject([
      { kind: 'transitions' },
      { kind: 'pairs', covered: 15, total: 15 },
      { kind: 'effects' },
    ]);
    // Each test covers what no other does.
    expect(pairs.tests.length).toBeLessThan(15);
  });

  it('show with pairs all that a step was ever seen to do, also what the shortest run to a pair would not', () => {
    const machine = createMachine({
      id: 'm',
      context: { highest: 0 },
      initial: 'a',
      states: {
        a: {
          on: {
            // Whoever only says 0 never misses the action.
            HEAR: { actions: assign({ highest: ({ context, event }) => Math.max(context.highest, event.n) }) },
          },
        },
      },
    });
    const payloads = createPayloads(machine, { events: { HEAR: [{ n: 0 }, { n: 7 }] } });
    const { tests, coverage } = generateTests(machine, { coverage: ['pairs'], payloads });
    expect(coverage).toContainEqual({ kind: 'effects', covered: 1, total: 1 });
    expect(tests.flatMap(({ steps }) => steps.map((step) => step.context))).toContainEqual({ highest: 7 });
  });

  it('tell apart by what they carry what has one name', () => {
    const machine = createMachine({
      id: 'm',
      context: { n: 0 },
      initial: 'a',
      states: {
        a: {
          on: {
            SET: [
              { guard: ({ event }) => event.n > 1, target: 'b' },
              { target: 'b', actions: [] },
            ],
          },
        },
        b: {},
      },
    });
    const { tests } = generated(machine, ['transitions'], {
      SET: [{ type: 'SET', n: 1 } as { readonly type: 'SET' }, { type: 'SET', n: 2 } as { readonly type: 'SET' }],
    });
    expect(tests.map(({ name }) => name)).toEqual(['a → b on SET ({ n: 2 })', 'a → b on SET ({ n: 1 })']);
  });

  it('change little when the machine changes little', () => {
    const { states, ...rest } = door.config as { readonly states: Readonly<Record<string, { readonly on?: object }>> };
    const more = { ...states, locked: { on: { ...states.locked?.on, RING: { actions: assign({ knocks: 0 }) } } } };
    const before = tests.map(({ name }) => name);
    const after = generated(
      createMachine({ ...rest, states: more } as never),
      ['states', 'transitions', 'delays'],
      keys,
    );
    const names = after.tests.map(({ name }) => name);
    expect(names.filter((name) => !before.includes(name))).toEqual(['closed → locked on LOCK, then stays on RING']);
    expect(before.filter((name) => !names.includes(name))).toEqual([]);
  });
});
