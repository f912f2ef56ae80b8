// `npm start`: a cluster of five on this machine. Arguments after `--` go to `synod run kv`.
import { bootstrap } from './bootstrap.mjs';
import { run } from './run.mjs';

await bootstrap();
process.exit(
  await run('node', ['packages/cli/dist/main.js', 'run', 'kv', ...process.argv.slice(2)], { tolerate: true }),
);
