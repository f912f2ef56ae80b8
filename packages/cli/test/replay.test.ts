import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCK, LOCK_WRONG } from './support/lock.ts';
import { refused } from './support/refused.ts';
import { emptyDirectory, synod } from './support/synod.ts';

/** The replay file of a run that fails, as text. */
let text: string | undefined;

async function failing(): Promise<string> {
  const file = join(await emptyDirectory(), 'replay.json');
  await synod('sim', LOCK_WRONG, '--seed', '1', '--seconds', '5', '--faults', 'delay', '--save', file);
  return readFile(file, 'utf8');
}

/** The same in a file, changed. */
async function saved(change: (text: string) => string = (same) => same): Promise<string> {
  text ??= await failing();
  const file = join(await emptyDirectory(), 'replay.json');
  await writeFile(file, change(text));
  return file;
}

const replay = (file: string, ...args: string[]) => synod('replay', file, '--module', LOCK_WRONG, ...args);

describe('synod replay', () => {
  it('draws the run, and says that it repeats', async () => {
    const { code, out } = await replay(await saved());
    expect(out).toMatch(/^lock, simulation cluster, seed 1: 2 nodes/);
    expect(out).toMatch(/server@s1 +client@n1 +client@n2/);
    expect(out).toMatch(/✗ Mutual Exclusion \(always\) at \d+ ms/);
    expect(out).toMatch(/✓ It repeats: the same \d+ records, and Mutual Exclusion is broken at \d+ ms again\./);
    expect(code).toBe(0);
  });

  it('names the first step that differs: status 1', async () => {
    const file = await saved((whole) => whole.replace('"event":"Acquire","state"', '"event":"Acquired","state"'));
    const { code, out } = await replay(file);
    expect(out).toMatch(/✗ It differs\. Step \d+, "transition" of server@s1 at [\d.]+ ms, differs in "event"/);
    expect(code).toBe(1);
    const json = JSON.parse((await replay(file, '--json')).out);
    expect(json).toMatchObject({ repeats: false, sameViolation: true, sameTrace: false });
    expect(json.difference).toMatchObject({ index: expect.any(Number), recorded: expect.stringContaining('Acquired') });
  });

  it('tells when the promise is kept by now: status 1', async () => {
    const { code, out } = await synod('replay', await saved(), '--module', LOCK);
    expect(out).toContain('It does not repeat: now every promise is kept, in the file Mutual Exclusion is broken');
    expect(code).toBe(1);
  });

  it('writes a regression test, to a file or to the output', async () => {
    const printed = await replay(await saved(), '--as-test');
    expect(printed.out).toMatch(/^import \{ simulate \} from '@synod\/simulator';/);
    expect(printed.out).toContain("it('keeps Mutual Exclusion with seed 1'");
    const file = join(await emptyDirectory(), 'seed-1.test.ts');
    expect((await replay(await saved(), '--as-test', file)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(printed.out);
  });
});

describe('a file that cannot be replayed gets one sentence and exit status 2', () => {
  it.each([
    {
      what: 'that was cut off',
      change: (whole: string) => whole.slice(0, -40),
      says: /REPLAY_INVALID: .*not JSON/,
    },
    {
      what: 'without a seed',
      change: (whole: string) => whole.replace('"seed"', '"sead"'),
      says: /REPLAY_INVALID: .*seed/,
    },
    {
      what: 'of a later version',
      change: (whole: string) => whole.replace('"version": 1', '"version": 9'),
      says: /REPLAY_VERSION/,
    },
    { what: 'of something else', change: () => '{"a":1}', says: /RUN_FILE_UNKNOWN: .*synod sim --save/ },
    { what: 'that is no JSON', change: () => 'hello', says: /RUN_FILE_UNKNOWN: / },
    {
      what: 'of another protocol',
      change: (whole: string) => whole.replace('"protocol": "lock"', '"protocol": "key"'),
      says: /REPLAY_PROTOCOL: .*"key"/,
    },
    {
      what: 'a counterexample without steps',
      change: () => '{"format":"synod-counterexample","version":1}',
      says: /COUNTEREXAMPLE_INVALID: .*protocol/,
    },
    {
      what: 'a trace with a damaged line',
      change: () => '{"type":"header","format":"synod-trace","version":1,"about":{}}\n{"type":"send"}\n',
      says: /TRACE_INVALID/,
    },
  ])('$what', async ({ change, says }) => {
    const { status, says: said } = await refused('replay', await saved(change), '--module', LOCK_WRONG);
    expect(said).toMatch(says);
    expect(status).toBe(2);
  });

  it('that is not there, or whose protocol nobody knows', async () => {
    expect((await refused('replay', '/nowhere.json')).says).toMatch(/^FILE_UNREADABLE: \/nowhere.json/);
    const { status, says } = await refused('replay', await saved());
    expect(says).toMatch(/^USAGE: There is no protocol "lock"/);
    expect(status).toBe(2);
  });
});
