// `npm test`: everything that must hold of a commit. Arguments after `--` go to Vitest.
import { bootstrap } from './bootstrap.mjs';
import { elapsed, phase, run } from './run.mjs';

const filters = process.argv.slice(2);

await bootstrap();
if (filters.length === 0) {
  await phase('format and lint', () => run('biome', ['check', '.'], { quiet: true }));
  await phase('types of the tests', () => run('tsc', ['-p', 'tsconfig.test.json'], { quiet: true }));
  await phase("types of the inspector's page", () => run('tsc', ['-p', 'inspector/page'], { quiet: true }));
  await phase('rooms and circles', () =>
    run('depcruise', ['--config', '.dependency-cruiser.cjs', 'packages', 'machines', 'runtime', 'inspector'], {
      quiet: true,
    }),
  );
  await phase('generated documents', () => run('node', ['.scripts/docs.mjs', '--check'], { quiet: true }));
  await phase('generated tests', () => run('node', ['.scripts/examples.mjs', '--check'], { quiet: true }));
}
const code = await run('vitest', ['run', ...filters], { tolerate: true });
process.stderr.write(
  code === 0
    ? `all is well (${elapsed()}, Node ${process.version})\n`
    : `the tests failed (${elapsed()}, Node ${process.version})\n`,
);
process.exit(code);
