// `pnpm synod …`: the command line straight from the checkout.
import { bootstrap } from './bootstrap.mjs';
import { run } from './run.mjs';

await bootstrap();
process.exit(await run('node', ['packages/cli/dist/main.js', ...process.argv.slice(2)], { tolerate: true }));
