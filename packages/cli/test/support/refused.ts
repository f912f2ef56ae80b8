import { CommanderError } from 'commander';
import { exitCode } from '../../src/output.ts';
import { createProgram, usageOf } from '../../src/program.ts';

/** What the command line says to arguments that it refuses, and with which status it ends; a process for each would take long. */
export async function refused(...args: string[]): Promise<{ readonly status: number; readonly says: string }> {
  const thrown = await createProgram()
    .parseAsync(args, { from: 'user' })
    .then(
      () => undefined,
      (error: unknown) => (error instanceof CommanderError ? usageOf(error) : error),
    );
  const { code, message } = (thrown ?? {}) as { readonly code?: string; readonly message?: string };
  return { status: exitCode(thrown), says: `${code}: ${message}` };
}
