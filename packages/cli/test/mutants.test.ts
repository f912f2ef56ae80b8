import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCK, LOCK_HARMLESS, LOCK_WRONG } from './support/lock.ts';
import { refused } from './support/refused.ts';
import { begin, emptyDirectory, synod } from './support/synod.ts';

interface MutantsJson {
  readonly complete: boolean;
  readonly mutants: readonly {
    readonly mutant: string;
    readonly found: boolean;
    readonly check: { readonly file?: string } | null;
    readonly simulate: { readonly file?: string } | null;
  }[];
  readonly right: readonly { readonly passes: boolean }[];
}

async function mutants(...args: string[]) {
  const { code, out } = await synod('mutants', ...args, '--out', join(await emptyDirectory(), 'out'), '--json');
  return { code, json: JSON.parse(out) as MutantsJson };
}

describe('synod mutants', () => {
  it('finds a mistake with both tools and keeps what shows it; the right machine passes: status 0', async () => {
    const { code, json } = await mutants(LOCK);
    expect(json).toMatchObject({
      complete: true,
      mutants: [
        {
          ...{ protocol: 'lock', mutant: 'grants-always', mistake: 'As its name says.', source: 'toy', found: true },
          check: { found: true, property: 'Mutual Exclusion', states: expect.any(Number), seconds: expect.any(Number) },
          simulate: { found: true, property: 'Mutual Exclusion', seed: 1, runs: 1, seconds: expect.any(Number) },
        },
      ],
      right: [
        { tool: 'check', place: 'small-2', passes: true, states: 36 },
        { tool: 'sim', place: 'cluster-3-5s-delay', passes: true, runs: 3 },
      ],
    });
    for (const file of [json.mutants[0]?.check?.file, json.mutants[0]?.simulate?.file]) await access(file ?? '');
    expect(code).toBe(0);
  });

  it('prints who found what, and where it is shown', async () => {
    const out = join(await emptyDirectory(), 'out');
    const { code, out: text } = await synod('mutants', LOCK, '--out', out, '--no-shrink');
    expect(text).toMatch(/✓ +lock +grants-always +[\d,]+ states, [\d.]+ s +seed 1, [\d.]+ s +Mutual Exclusion/);
    expect(text).toContain('1 of 1 found; the right machines pass within the same bounds.');
    expect(text).toContain(`${out}/PROTOCOL/MUTANT.check.json`);
    expect((await synod('replay', `${out}/lock/grants-always.sim.json`, '--module', LOCK)).out).toContain('It repeats');
    expect((await synod('replay', `${out}/lock/grants-always.check.json`)).out).toContain('Mutual Exclusion violated');
    expect(code).toBe(0);
  });

  it('fails over a mistake that nobody finds: status 1', async () => {
    const { code, json } = await mutants(LOCK_HARMLESS);
    expect(json.mutants.map(({ mutant, found }) => [mutant, found])).toEqual([
      ['grants-always', true],
      ['harmless', false],
    ]);
    expect(code).toBe(1);
    expect((await mutants(LOCK_HARMLESS, '--only', 'grants-always')).code).toBe(0);
  });

  it('fails over a machine that is wrong without a mistake: status 1', async () => {
    const { code, json } = await mutants(LOCK_WRONG);
    expect(json.right.map(({ passes }) => passes)).toEqual([false, false]);
    expect(code).toBe(1);
  });

  it('prints at Ctrl-C what is known so far', async () => {
    const out = await emptyDirectory();
    const { child, ended, saw } = begin(['mutants', 'multi-paxos', '--out', out]);
    await saw(/[1-9]\d* of \d+ jobs/);
    child.kill('SIGINT');
    const { code, out: text } = await ended;
    expect(text).toContain('Stopped by Ctrl-C; this is what is known so far.');
    expect(code).toBe(3);
  });

  it.each([
    { args: ['nope'], says: /USAGE: There is no protocol "nope"/ },
    { args: [LOCK, '--only', 'nope'], says: /USAGE: There is no mutant "nope"/ },
    { args: [LOCK, '--workers', '0'], says: /--workers.*whole number/ },
  ])('refuses $args: status 2', async ({ args, says }) => {
    const { status, says: said } = await refused('mutants', ...args);
    expect(said).toMatch(says);
    expect(status).toBe(2);
  });
});
