import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LOCK } from './support/lock.ts';
import { refused } from './support/refused.ts';
import { begin, emptyDirectory, synod } from './support/synod.ts';

/** A module that is no protocol. */
const OTHER = fileURLToPath(new URL('./fixtures/counter.mjs', import.meta.url));

interface CheckJson {
  readonly states: number;
  readonly distinct: number;
  readonly depth: number;
  readonly seconds: number;
  readonly complete: boolean;
  readonly stopped?: string;
  readonly properties: readonly {
    readonly name: string;
    readonly kind: string;
    readonly verdict: string;
    readonly trace?: { readonly steps: readonly object[]; readonly trace: readonly object[] };
  }[];
}

async function check(...args: string[]) {
  const { code, out, err } = await synod('check', ...args, '--json');
  return { code, err, json: (out === '' ? {} : JSON.parse(out)) as CheckJson & Record<string, unknown> };
}

describe('synod check', () => {
  it('comes to the published counts of Gray and Lamport, by an alias of the protocol', async () => {
    const { code, json } = await check('2pc', '--model', 'gray-lamport', '--nodes', '5');
    expect(json).toMatchObject({ protocol: 'two-phase-commit', model: 'gray-lamport', nodes: 5, complete: true });
    expect([json.distinct, json.depth]).toEqual([8_832, 17]);
    expect(json.states).toBeGreaterThan(json.distinct);
    expect(json.seconds).toBeGreaterThan(0);
    expect(json.properties.map(({ verdict }) => verdict)).toEqual(['holds', 'holds', 'holds', 'holds']);
    expect(code).toBe(0);
  });

  it('tells a violation as JSON, with the run that shows it: status 1', async () => {
    const { code, json } = await check(LOCK, '--mutant', 'grants-always', '--first');
    expect(code).toBe(1);
    expect(json).toMatchObject({ protocol: 'lock', mutant: 'grants-always', complete: false, stopped: 'violation' });
    const broken = json.properties.find(({ verdict }) => verdict === 'violated');
    expect(broken).toMatchObject({ name: 'Mutual Exclusion', kind: 'always' });
    expect(broken?.trace?.steps.length).toBeGreaterThan(3);
    expect(broken?.trace?.trace.length).toBeGreaterThan(broken?.trace?.steps.length ?? 0);
  });

  it('draws the counterexample as a space-time diagram for people', async () => {
    const { code, out } = await synod('check', LOCK, '--mutant', 'grants-always', '--first');
    expect(out).toContain('✗ always     Mutual Exclusion: violated');
    expect(out).toMatch(/server@s1 +client@n1 +client@n2/);
    expect(out).toMatch(/─ Grant ─+▶◆ inside/);
    expect(code).toBe(1);
  });

  it('saves the counterexample, and replay shows it', async () => {
    const file = join(await emptyDirectory(), 'found.json');
    const { err } = await synod('check', LOCK, '--mutant', 'grants-always', '--first', '--save', file);
    expect(err).toContain(`See it: synod replay`);
    const saved = JSON.parse(await readFile(file, 'utf8'));
    expect(saved).toMatchObject({ format: 'synod-counterexample', version: 1, property: 'Mutual Exclusion' });
    const shown = await synod('replay', file);
    expect(shown.out).toMatch(
      /Mutual Exclusion violated.*\nFound by synod check lock --model small --nodes 2 --mutant/,
    );
    expect(shown.out).toMatch(/─ Grant ─+▶◆ inside/);
    expect(shown.code).toBe(0);
    const { code, err: refused } = await synod('replay', file, '--as-test');
    expect(refused).toMatch(/^error USAGE: A counterexample is found again by "synod check lock/);
    expect(code).toBe(2);
  });

  it('shows the run that reaches a "sometimes" property, where that is asked for', async () => {
    const file = join(await emptyDirectory(), 'reached.json');
    const { code, out } = await synod('check', LOCK, '--property', 'Entered', '--save', file);
    expect(out).toContain('Entered: 3 steps');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ property: 'Entered', verdict: 'holds' });
    expect(code).toBe(0);
  });

  it.each([
    [['--partition'], 0],
    [['--crashes', '1'], 0],
    // Who is granted twice is let in twice.
    [['--duplicates', '1', '--drops', '1'], 1],
  ])('takes other budgets for faults than the model: %j', async (args, status) => {
    const { json, code } = await check(LOCK, ...args, '--max-states', '3000', '--first');
    expect(json.distinct).toBeGreaterThan(36);
    expect(code).toBe(status);
  });

  it('goes by itself to the model with a partition, where one is asked for', async () => {
    const { code, json } = await check('3pc', '--partition', '--first');
    expect(json).toMatchObject({ model: 'partition', stopped: 'violation' });
    expect(json.properties.find(({ verdict }) => verdict === 'violated')?.name).toBe('Agreement');
    expect(code).toBe(1);
  });

  it('walks at random from a seed: no violation found is nothing proved, status 3', async () => {
    const { code, json } = await check(LOCK, '--search', 'walk', '--seed', '7', '--max-seconds', '1');
    expect(json.properties.map(({ verdict }) => verdict)).toEqual(['unknown', 'holds', 'unknown']);
    expect(json).toMatchObject({ complete: false, stopped: 'time', walks: expect.any(Number) });
    expect(code).toBe(3);
  });

  it('without reductions and memo comes to the same verdicts', async () => {
    const { json } = await check(LOCK, '--no-symmetry', '--no-reduction', '--no-memo', '--exact');
    expect(json).toMatchObject({ complete: true, distinct: 36 });
  });

  it('stops at a bound: status 3', async () => {
    const { code, json } = await check('2pc', '--nodes', '6', '--max-depth', '4', '--no-trace');
    expect(json).toMatchObject({ complete: false, stopped: 'depth' });
    expect(json.properties.some((property) => 'trace' in property)).toBe(false);
    expect(code).toBe(3);
  });

  it('prints at Ctrl-C what is known so far: status 3', async () => {
    const { child, ended, saw } = begin(['check', '2pc', '--model', 'gray-lamport', '--nodes', '9']);
    await saw(/distinct of .* waiting/);
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect(out).toContain('stopped by Ctrl-C; this is what is known so far');
    expect(out).toContain('? always     TCConsistent: unknown');
    expect(code).toBe(3);
  });

  it('lists protocols and models', async () => {
    const { code, json } = await check();
    expect(code).toBe(0);
    expect(json).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'two-phase-commit' })]));
  });
});

describe('bad input to synod check gets one sentence and exit status 2', () => {
  it.each([
    { args: ['nope'], says: /USAGE: There is no protocol "nope"; choose one of raft, .*path of a module/ },
    { args: ['./nothing.mjs'], says: /USAGE: There is no protocol/ },
    {
      args: ['2pc', '--model', 'nope'],
      says: /USAGE: two-phase-commit has no model "nope"; choose one of .*gray-lamport/,
    },
    { args: [LOCK, '--nodes', '50'], says: /USAGE: Model "small" takes 1 to 4 nodes, not 50/ },
    { args: [LOCK, '--crashes', '-1'], says: /USAGE: .*--crashes.*whole number/ },
    { args: [LOCK, '--search', 'sideways'], says: /USAGE: .*--search.*Allowed choices are breadth, depth, walk/ },
    { args: [LOCK, '--seed', '1'], says: /USAGE: A --seed draws a random walk/ },
    { args: [LOCK, '--mutant', 'nope'], says: /USAGE: lock has no mutant "nope"; choose one of grants-always/ },
    { args: [LOCK, '--property', 'nope'], says: /USAGE: .*has no property "nope"; choose one of "Mutual Exclusion"/ },
    { args: [LOCK, '--save', ''], says: /USAGE: .*--save.*name a file/ },
    { args: [OTHER], says: /SPECIFICATION_NOT_FOUND: .* has no export "specification"/ },
  ])('synod check $args', async ({ args, says }) => {
    const { status, says: said } = await refused('check', ...args);
    expect(said).toMatch(says);
    expect(status).toBe(2);
  });

  it('from the command line', async () => {
    const { code, out, err } = await synod('check', LOCK, '--mutant', 'nope');
    expect(err).toMatch(/^error USAGE: lock has no mutant "nope"/);
    expect([code, out]).toEqual([2, '']);
  });
});
