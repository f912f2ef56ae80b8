import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refused } from './support/refused.ts';
import { begin, emptyDirectory, synod } from './support/synod.ts';

const MODULE = fileURLToPath(new URL('./fixtures/counter.mjs', import.meta.url));
const COUNTER = `${MODULE}#counterMachine`;
const SOUND = `${MODULE}#soundMachine`;

async function failing() {
  const file = join(await emptyDirectory(), 'found.json');
  const { code, out, err } = await synod('property', COUNTER, '--seed', '7', '--save', file);
  return { file, code, out, err };
}

describe('synod property', () => {
  it('explores a machine that keeps its promises: status 0', async () => {
    const { code, out } = await synod('property', SOUND, '--seed', '3', '--runs', '50', '--length', '20');
    expect(out).toMatch(/^seed 3: 50 runs, [\d,]+ steps, 4 distinct worlds in [\d.]+ s\./);
    expect(out).toContain('never seen: a hundred');
    expect(out).toContain('✓ no run breaks a promise');
    expect(code).toBe(0);
  });

  it('shows the shortest run that breaks one, and saves it: status 1', async () => {
    const { code, out, err, file } = await failing();
    expect(out).toMatch(/✗ at most three \(always\) is broken after 1 step: /);
    expect(out).toMatch(/\n {2}start\n {2}1\. send \{ type: 'JUMP', by: 7 \} → 'on', \{ n: 7 \}/);
    expect(err).toMatch(/Saved .*found\.json\. See it: synod replay .*found\.json/);
    expect(code).toBe(1);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      format: 'synod-property-replay',
      seed: 7,
      module: COUNTER,
      steps: [{ send: { type: 'JUMP', by: 7 } }],
    });
  });

  it('writes the same file for the same seed', async () => {
    const [one, other] = [await failing(), await failing()];
    expect(await readFile(one.file, 'utf8')).toBe(await readFile(other.file, 'utf8'));
  });

  it('is JSON on request, with other properties and cases, under XState as well', async () => {
    const args = ['--properties', `${MODULE}#others`, '--cases', `${MODULE}#cases`, '--real', '--no-save', '--json'];
    const { code, out } = await synod('property', COUNTER, '--seed', '1', ...args);
    expect(JSON.parse(out)).toMatchObject({
      machine: 'counter',
      failure: { property: 'never two', steps: [{}, {}] },
      notes: [],
      replay: null,
      complete: true,
    });
    expect(code).toBe(1);
  });

  it('saves nothing with --no-save', async () => {
    const directory = await emptyDirectory();
    await synod('property', COUNTER, '--seed', '7', '--no-save');
    expect(await readdir(directory)).toEqual([]);
  });

  it('prints at Ctrl-C what is known so far: status 3', async () => {
    const { child, ended, saw } = begin(['property', SOUND, '--seed', '1', '--runs', '10000000']);
    await saw(/\d+ of 10000000 runs · 4 worlds/);
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect(out).toMatch(/, stopped by Ctrl-C\./);
    expect(code).toBe(3);
  });
});

describe('synod replay of such a run', () => {
  it('shows the steps, and says that it repeats', async () => {
    const { file } = await failing();
    const { code, out } = await synod('replay', file);
    expect(out).toMatch(/^counter of .*counter\.mjs#counterMachine, seed 7: 1 steps\./);
    expect(out).toContain('✓ It repeats: the same promise is broken again.');
    expect(code).toBe(0);
  });

  it('knows where the properties were, if not beside the machine', async () => {
    const file = join(await emptyDirectory(), 'found.json');
    const { code } = await synod(
      'property',
      COUNTER,
      '--properties',
      `${MODULE}#others`,
      '--seed',
      '1',
      '--save',
      file,
    );
    expect(code).toBe(1);
    expect((await synod('replay', file)).out).toContain('✓ It repeats: the same promise is broken again.');
  });

  it('does the same for a role of a protocol', async () => {
    const file = join(await emptyDirectory(), 'found.json');
    const role = ['two-phase-commit', '--role', 'participant', '--properties', `${MODULE}#neverPrepared`];
    const { code } = await synod('property', ...role, '--seed', '1', '--save', file);
    expect(code).toBe(1);
    const { code: again, out } = await synod('replay', file);
    expect(out).toContain('✓ It repeats: the same promise is broken again.');
    expect(again).toBe(0);
  });

  it('says so when it does not: status 1', async () => {
    const { file } = await failing();
    await writeFile(file, (await readFile(file, 'utf8')).replace('"by":7', '"by":3'));
    const { code, out } = await synod('replay', file, '--json');
    expect(JSON.parse(out)).toMatchObject({ repeats: false, sameFailure: false, differsAt: 1 });
    expect(code).toBe(1);
  });
});

describe('bad input gets one sentence and exit status 2', () => {
  it.each([
    [['nowhere.mjs#machine'], /nowhere\.mjs/],
    [[`${MODULE}#nope`], /"nope".*counterMachine/],
    [[`${MODULE}#notMachine`], /no XState v5 machine/],
    [[COUNTER, '--cases', `${MODULE}#wrong`], /PAYLOAD_UNKNOWN: .*"JUMPED".*UP/],
    [[COUNTER, '--properties', `${MODULE}#cases`], /PROPERTY_INVALID/],
    [[COUNTER, '--runs', 'many'], /--runs.*whole number/],
  ])('%s', async (args, says) => {
    const { status, says: said } = await refused('property', '--no-save', '--seed', '1', ...args);
    expect(said).toMatch(says);
    expect(status).toBe(2);
  });

  it('a file that was cut off', async () => {
    const { file } = await failing();
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -30));
    const { status, says } = await refused('replay', file);
    expect(says).toMatch(/PROPERTY_REPLAY_INVALID: .*not JSON/);
    expect(status).toBe(2);
  });
});
