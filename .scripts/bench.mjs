// `pnpm run bench NAME`: builds, then runs one bench in a process of its own. Arguments after the name go to it, `--json` among them.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { root, run } from './run.mjs';

const FOLDER = join(root, 'packages/cli/bench');

await bootstrap();
await run('tsc', ['-p', FOLDER], { quiet: true });
const benches = new Map(
  (await readdir(join(FOLDER, 'dist')))
    .filter((file) => file.endsWith('.bench.js'))
    .map((file) => [file.slice(0, -'.bench.js'.length), join(FOLDER, 'dist', file)]),
);

const [name, ...args] = process.argv.slice(2);
const bench = benches.get(name);
if (!bench) {
  process.stderr.write(
    `Name a bench: ${[...benches.keys()].sort().join(', ')}. For example: pnpm run bench ${[...benches.keys()][0]}\n`,
  );
  process.exit(2);
}
process.exit(await run('node', [bench, ...args], { tolerate: true }));
