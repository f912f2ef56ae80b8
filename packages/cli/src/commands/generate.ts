import { COVERAGE_KINDS, type CoverageKind, DEFAULT_COVERAGE } from '@synod/testgen/coverage';
import { type Command, InvalidArgumentError } from 'commander';
import type { ClusterCommandOptions } from '../generate/cluster.ts';
import type { GenerateCommandOptions } from '../generate/options.ts';
import { collect, file, name, usage, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

const HELP = `
Coverage: ${COVERAGE_KINDS.join(', ')}, or all.
  states       every state is entered
  transitions  every transition is taken
  pairs        every two transitions of which one can follow the other
  effects      all that a step was ever seen to do: change a field, call for an action, tell somebody; comes with pairs
  guards       every guard, and every condition of a composed one, is true once and false once
  regions      every combination of the states of parallel regions
  delays       every delayed transition comes when its time has come, and not a millisecond before
  sometimes    what a protocol says must be reachable

With --cluster, the checker's runs of several actors become tests over real WebSockets: the fewest that take every transition of every
machine, bring every message to every state in which it can arrive, and have every durable field survive a crash. --max-worlds is then for
each model, by default 50,000.

Examples:
  synod generate ./checkout.ts#checkoutMachine --coverage transitions --out checkout.generated.test.ts
  synod generate ./checkout.ts#checkoutMachine --coverage pairs,guards --cases ./cases.ts#cases --out checkout.generated.test.ts
  synod generate ./checkout.ts#checkoutMachine --out checkout.generated.test.ts --check
  synod generate raft --role server --coverage transitions --json
  synod generate raft --cluster --model election --nodes 3 --out raft.generated.test.ts

Exit status:
  0  tests were generated; what they do not cover is listed with reasons
  1  with --check, the file would change; or the machine threw
  2  bad input: flags, arguments, files, a module without such a machine, cases that do not fit
  3  stopped by Ctrl-C`;

/** generate. */
export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .argument('<machine>', 'MODULE#EXPORT of an XState v5 machine, or the name of a protocol')
    .description('generate Vitest tests of a machine that cover its states, transitions, guards, delays …')
    .option('--coverage <kinds>', 'what to cover, a list with commas', kinds, DEFAULT_COVERAGE)
    .option('--out <file>', 'the file to write; without it, tests go to the standard output', file)
    .option('--check', 'write nothing; fail when the file would change')
    .option('--role <name>', "the protocol's role", name)
    .option(
      '--cases <module>',
      'MODULE#EXPORT of cases, schemas or arbitraries for inputs, events and actors; default: the export "cases" of a module with one machine',
      file,
    )
    .option('--seed <number>', 'draws values where no cases are given', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--max-worlds <count>', 'distinct worlds to explore; default 20,000', wholeNumber(1, LARGEST))
    .option('--max-depth <steps>', 'steps of one test; default 100', wholeNumber(1, LARGEST))
    .option(
      '--values <count>',
      'values to try for one event in one world, where no cases are given; default 8',
      wholeNumber(1, 10_000),
    )
    .option(
      '--patience <count>',
      'worlds without anything new before giving up; default 2,000',
      wholeNumber(1, LARGEST),
    )
    .option('--cluster', 'tests of all machines of a protocol together, over WebSockets')
    .option(
      '--model <name>',
      'with --cluster: a model or simulation; may be given more than once; default all',
      collect,
    )
    .option('--nodes <count>', 'with --cluster: how many nodes the models have', wholeNumber(1, 1_000))
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (machine: string, options: AllOptions, command: Command) => {
      const output = new Output(options.json === true);
      checkCombination(options, command);
      if (options.cluster) {
        const { runGenerateCluster } = await import('../generate/cluster.ts');
        process.exitCode = await runGenerateCluster(machine, options, output);
      } else {
        const { runGenerate } = await import('../generate/run.ts');
        process.exitCode = await runGenerate(machine, options, output);
      }
    });
}

type AllOptions = GenerateCommandOptions & ClusterCommandOptions & { readonly cluster?: boolean };

/** Flags that speak of one machine, or of several. */
const OF_ONE = ['coverage', 'role', 'cases', 'seed', 'values', 'patience'];
const OF_SEVERAL = ['model', 'nodes'];

function checkCombination({ cluster }: AllOptions, command: Command): void {
  const wrong = (cluster ? OF_ONE : OF_SEVERAL).find((flag) => command.getOptionValueSource(flag) === 'cli');
  if (wrong !== undefined)
    throw usage(`--${wrong} ${cluster ? 'does not go with' : 'goes only with'} --cluster; leave one of them out.`);
}

/** A list of kinds of coverage with commas, or `all`. */
export function kinds(text: string): readonly CoverageKind[] {
  if (text === 'all') return COVERAGE_KINDS;
  const wanted = text.split(',').map((kind) => kind.trim());
  const unknown = wanted.find((kind) => !COVERAGE_KINDS.some((each) => each === kind));
  if (unknown === undefined) return COVERAGE_KINDS.filter((kind) => wanted.includes(kind));
  throw new InvalidArgumentError(
    `There is no coverage "${unknown}"; choose among ${COVERAGE_KINDS.join(', ')}, or all.`,
  );
}
