import { Command } from 'commander';
import { addClusterCommands } from './commands/cluster.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addRunCommand } from './commands/run.ts';
import { runNodeProcess } from './node/node-process.ts';
import { EXIT_HELP } from './output.ts';

/** The `synod` command with all its subcommands. */
export function createProgram(): Command {
  const program = new Command('synod')
    .description('Distributed algorithms as statecharts: run them, watch them, drive them')
    .version('0.1.0')
    .showHelpAfterError('(add --help for what is possible)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_HELP)
    .exitOverride();
  addRunCommand(program);
  addKeyCommands(program);
  addClusterCommands(program);
  program.command('node', { hidden: true }).action(runNodeProcess);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('(add --help for what is possible)').addHelpText('after', EXIT_HELP);
  return program;
}
