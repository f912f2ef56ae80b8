#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, exitCode, Output } from './output.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; asking for help or the version is no mistake.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    new Output(process.argv.includes('--json')).error(error);
    process.exitCode = exitCode(error);
  }
}
