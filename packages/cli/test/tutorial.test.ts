import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { blocksOf, missingLine, patched } from './support/walkthrough.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = join(root, 'packages/testgen/TUTORIAL.md');
const FOLDER = 'packages/examples/mine';

/** What a reader types, in the words of this machine. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  synod: [process.execPath, join(root, 'packages/cli/dist/main.js')],
  'npx vitest': [process.execPath, join(root, 'node_modules/vitest/vitest.mjs')],
};

/** Runs a command of the page from the root, and gives its status and all that it says, as a terminal would show it. */
async function run(command: string, log: string): Promise<{ readonly status: number | null; readonly output: string }> {
  const name = Object.keys(COMMANDS).find((each) => command.startsWith(`${each} `));
  if (name === undefined) throw new Error(`The page has a command that is not known here: ${command}`);
  const [program = '', ...first] = COMMANDS[name] ?? [];
  const args = [...first, ...command.slice(name.length + 1).split(' ')];
  const { VITEST: _, VITEST_WORKER_ID: __, VITEST_POOL_ID: ___, NODE_ENV: ____, ...rest } = process.env;
  const env = { ...rest, NO_COLOR: '1', NODE_OPTIONS: '' };
  const shown = await open(log, 'w');
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', shown.fd, shown.fd] });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await shown.close();
  return { status, output: await readFile(log, 'utf8') };
}

it('the tutorial of testgen does what it says, line by line', async () => {
  const folder = await mkdtemp(join(root, `${FOLDER}-`));
  onTestFinished(() => rm(folder, { recursive: true }));
  const here = (text: string) => text.replaceAll(FOLDER, `packages/examples/${basename(folder)}`);
  let last = '';
  for (const { language, info, text, line } of blocksOf(await readFile(PAGE, 'utf8'))) {
    const at = `${PAGE}:${line}`;
    const file = join(folder, basename(info));
    if (language === 'ts') await writeFile(file, text);
    else if (language === 'diff') await writeFile(file, patched(await readFile(file, 'utf8'), text));
    else if (language === 'sh') {
      const { status, output } = await run(here(text.trim()), join(folder, 'shown.log'));
      expect({ at, isFine: status === 0, output: status === 0 ? '' : output }).toEqual({
        at,
        isFine: info !== 'fails',
        output: info === 'fails' ? expect.any(String) : '',
      });
      last = output;
    } else expect(missingLine(info === '' ? last : await readFile(file, 'utf8'), here(text)), at).toBeUndefined();
  }
}, 120_000);
