import type { SynodError } from '@synod/protocol';
import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './commands/check.ts';
import { addClusterCommands } from './commands/cluster.ts';
import { addFaultCommands } from './commands/faults.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addMutantsCommand } from './commands/mutants.ts';
import { addMutateCommand } from './commands/mutate.ts';
import { addPropertyCommand } from './commands/property.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRunCommand } from './commands/run.ts';
import { addSimCommand } from './commands/sim.ts';
import { addValidateCommand } from './commands/validate.ts';
import { usage } from './options.ts';
import { EXIT_HELP, exitCode, Output } from './output.ts';

/** The `synod` command with all its subcommands. What is wrong with its arguments it throws, and prints nothing. */
export function createProgram(): Command {
  const program = new Command('synod')
    .description('Distributed algorithms as statecharts: run them, watch them, drive them')
    .version('0.1.0')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', `\nExamples:\n  synod run kv\n  synod put greeting hello\n  synod status\n${EXIT_HELP}`)
    .exitOverride();
  addRunCommand(program);
  addKeyCommands(program);
  addClusterCommands(program);
  addInspectCommand(program);
  addFaultCommands(program);
  program.command('node', { hidden: true }).action(async () => {
    const { runNodeProcess } = await import('./node/node-process.ts');
    await runNodeProcess();
  });
  program.command('members', { hidden: true }).action(async () => {
    const { runMembersProcess } = await import('./node/members-process.ts');
    await runMembersProcess();
  });
  for (const command of program.commands) command.addHelpText('after', EXIT_HELP);
  // Their exit statuses are others.
  addCheckCommand(program);
  addSimCommand(program);
  addGenerateCommand(program);
  addPropertyCommand(program);
  addReplayCommand(program);
  addMutantsCommand(program);
  addMutateCommand(program);
  addValidateCommand(program);
  return program;
}

/** Runs one command. What goes wrong is told on the error stream, and sets the status that the process ends with. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageOf(thrown) : thrown;
    if (!error) return;
    new Output(args.includes('--json')).error(error);
    process.exitCode = exitCode(error);
  }
}

/** What commander refused, as a coded error; undefined when somebody asked for help or the version. */
export function usageOf({ code, exitCode, message }: CommanderError): SynodError | undefined {
  if (exitCode === 0) return undefined;
  if (code === 'commander.help') return usage('Name a command; --help lists them.');
  const text = message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '');
  return usage(`${text.charAt(0).toUpperCase()}${text.slice(1)}; --help shows what is possible.`);
}
