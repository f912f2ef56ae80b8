#!/usr/bin/env node
import { EXIT } from './output.ts';
import { runCommandLine } from './program.ts';

// A reader that has seen enough, as in `synod watch … | head`, is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.ok);
  });
}

await runCommandLine(process.argv.slice(2));
