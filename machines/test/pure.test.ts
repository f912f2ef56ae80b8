import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

const FORBIDDEN = {
  time: 'export const f = () => Date.now();',
  'a date': 'export const f = () => new Date();',
  'a global by its object': 'export const f = () => globalThis.Date.now();',
  'another clock': 'export const f = () => performance.now();',
  randomness: 'export const f = () => Math.random();',
  'randomness taken apart': 'const { random } = Math;\nexport const f = random;',
  'randomness by name': "export const f = () => Math['random']();",
  'random identifiers': 'export const f = () => crypto.randomUUID();',
  'a timeout': 'export const f = () => setTimeout(() => undefined, 1);',
  'an interval': 'export const f = () => setInterval(() => undefined, 1);',
  'a promise': 'export const f = () => new Promise(() => undefined);',
  'an async arrow': 'export const f = async (): Promise<number> => 1;',
  'an async function': 'export async function f(): Promise<number> {\n  return 1;\n}',
  'an async method': 'export const f = {\n  async g(): Promise<number> {\n    return 1;\n  },\n};',
  'a promise actor': "import { fromPromise } from 'xstate';\n\nexport const f = fromPromise;",
  'a file': "import { readFileSync } from 'node:fs';\n\nexport const f = readFileSync;",
  'the process': 'export const f = () => process.pid;',
  output: "export const f = () => console.log('x');",
} as const;

const PURE = 'export const f = (x: number): number => Math.max(x, 1);';

let folder: string;

/** Lints `code` as a rule of a protocol, with the project's own configuration. */
async function lint(code: string): Promise<{ failed: boolean; output: string }> {
  const file = join(folder, 'machines/src/demo/rules.ts');
  await writeFile(file, `${code}\n`);
  return new Promise((resolve) => {
    const args = [BIOME, 'lint', '--vcs-enabled=false', '--colors=off', file];
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    );
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-lint-'));
  await mkdir(join(folder, 'machines/src/demo'), { recursive: true });
  await cp(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  await cp(join(ROOT, '.scripts/lint'), join(folder, '.scripts/lint'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies: { xstate: '*' } }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a machine is pure: the linter refuses', () => {
  it.each(Object.entries(FORBIDDEN))('%s', async (_, code) => {
    const { failed, output } = await lint(code);
    expect(output).toContain('A machine is pure');
    expect(failed).toBe(true);
  });

  it('nothing that is pure', async () => {
    const { failed, output } = await lint(PURE);
    expect(output).not.toContain('A machine is pure');
    expect(failed).toBe(false);
  });
});
