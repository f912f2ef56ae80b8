import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { generateTests, generateTestsAsync } from '../../src/generate.ts';
import { machineAdapter } from '../../src/play/machine-adapter.ts';
import { play } from '../../src/play/play.ts';
import { COVERAGE_KINDS } from '../../src/targets/target.ts';
import { writeTests } from '../../src/write/file.ts';
import { family, fetching, game } from './machines.ts';

const MACHINES = { fetching, family, game };
const ALL = { coverage: COVERAGE_KINDS, bounds: { patience: 300 } };

describe.each(Object.entries(MACHINES))('tests of the machine "%s"', (name, machine) => {
  const generated = generateTests(machine, ALL);

  it('pass under XState: its actors and the generator agree on every step', async () => {
    expect(generated.tests.length).toBeGreaterThan(5);
    for (const test of generated.tests) await play(machineAdapter(machine), test);
  });

  it('cover all states, transitions and delays', () => {
    const missing = generated.unreached.filter(({ target }) =>
      ['states', 'transitions', 'delays'].includes(target.kind),
    );
    expect(missing.map(({ target, reason }) => `${target.title}: ${reason}`)).toEqual([]);
  });

  it('leave nothing uncovered without a reason', () => {
    for (const { kind, covered, total } of generated.coverage)
      expect(covered + generated.unreached.filter(({ target }) => target.kind === kind).length).toBe(total);
    expect(generated.unreached.filter(({ reason }) => reason === '')).toEqual([]);
  });

  it('are the same to the byte when they are generated again', async () => {
    const options = { module: `./${name}.ts`, name };
    const { source } = writeTests(generated, options);
    expect(writeTests(await generateTestsAsync(machine, ALL), options).source).toBe(source);
  });

  it('are told apart by their names', () => {
    const names = generated.tests.map((test) => test.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('generating', () => {
  it('can be watched and ended', async () => {
    const controller = new AbortController();
    controller.abort();
    const { ended } = await generateTestsAsync(game, {
      ...ALL,
      bounds: { worlds: 1_000_000 },
      signal: controller.signal,
    });
    expect(['aborted', 'covered', 'patience', 'exhausted']).toContain(ended);
  });

  it('names a machine that cannot start by its own error', () => {
    const machine = createMachine({
      id: 'm',
      context: () => {
        throw new Error('no luck');
      },
    });
    expect(() => generateTests(machine)).toThrow('no luck');
  });

  it('tells where a guard throws, and covers the rest', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: {
          on: {
            BAD: {
              guard: () => {
                throw new Error('no luck');
              },
              target: 'b',
            },
            GOOD: 'b',
          },
        },
        b: {},
      },
    });
    const { thrown, coverage, unreached } = generateTests(machine, { coverage: ['transitions'] });
    expect(thrown.map(({ error: { code }, stimuli }) => [code, stimuli])).toEqual([
      ['GUARD_THREW', [{ send: { type: 'BAD' } }]],
    ]);
    expect(coverage).toEqual([{ kind: 'transitions', covered: 1, total: 2 }]);
    expect(unreached).toMatchObject([{ code: 'threw' }]);
  });

  it('refuses a coverage that there is not', () => {
    expect(() => generateTests(game, { coverage: ['lines' as 'states'] })).toThrow(/There is no coverage "lines"/);
  });
});
