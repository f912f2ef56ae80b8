#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, exitCode, Output } from './output.ts';
import { createProgram, usageOf } from './program.ts';

// A reader that has seen enough, as in `synod watch … | head`, is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.ok);
  });
}

try {
  await createProgram().parseAsync();
} catch (thrown) {
  const error = thrown instanceof CommanderError ? usageOf(thrown) : thrown;
  if (error) {
    new Output(process.argv.includes('--json')).error(error);
    process.exitCode = exitCode(error);
  }
}
