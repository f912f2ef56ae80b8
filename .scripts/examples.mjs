// Generates the tests of packages/examples: `node .scripts/examples.mjs` writes, `--check` compares and fails.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './run.mjs';

/** What some take beside the defaults: a draw of tic-tac-toe comes after nearly all of its boards. */
const EXTRA = { 'tic-tac-toe': ['--patience', '10000'] };

const FOLDER = 'packages/examples';

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
const names = (await readdir(join(root, FOLDER, 'src'))).map((file) => file.replace(/\.ts$/, ''));
let failed = 0;
const next = names.values();
// Two at a time, as there are cores.
await Promise.all(
  [next, next].map(async (mine) => {
    for (const name of mine) if ((await generate(name)) !== 0) failed++;
  }),
);
if (failed > 0) {
  process.stderr.write(
    check
      ? 'The tests of packages/examples are out of date; run: pnpm run examples\n'
      : 'Not all could be generated.\n',
  );
  process.exitCode = 1;
}

/** Runs `synod generate` from the root, as a reader would. Resolves to its exit status. */
function generate(name) {
  const args = [`${FOLDER}/src/${name}.ts`, '--out', `${FOLDER}/test/${name}.generated.test.ts`];
  const flags = [...(EXTRA[name] ?? []), ...(check ? ['--check'] : [])];
  return run('node', ['packages/cli/dist/main.js', 'generate', ...args, ...flags], { quiet: true, tolerate: true });
}
