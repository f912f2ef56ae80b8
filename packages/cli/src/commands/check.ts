import { type Specification, withMutant } from '@synod/protocol';
import { type Command, Option } from 'commander';
import type { CheckCommandOptions } from '../check/run.ts';
import { file, usage, wholeNumber } from '../options.ts';
import { Output, paint, verdictHelp } from '../output.ts';
import { loadAll, loadSpecification, modelOf } from '../specifications.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;

const EXAMPLES = `
Examples:
  synod check two-phase-commit --model gray-lamport --nodes 5
  synod check 3pc --partition --save counterexample.json
  synod check raft --crashes 2 --max-seconds 60
  synod check raft --search walk --seed 7 --json
  synod check ./my-protocol.js --model small`;

/** check. */
export function addCheckCommand(program: Command): void {
  const command = program
    .command('check')
    .argument('[protocol]', 'what to check, a name or a module; without it, protocols and their models are listed')
    .description('follow every schedule of a model, and judge its properties')
    .option('--model <name>', "the model; default: the protocol's first")
    .option('--nodes <count>', "nodes; default: the model's", wholeNumber(1, 64))
    .option('--mutant <name>', 'check this mistake in the place of the right machine')
    .option('--partition', 'a partition, at any time; without --model, the first model with one, if there is any')
    .option('--crashes <count>', "crashes of nodes that are not stable, instead of the model's", wholeNumber(0, 100))
    .option('--drops <count>', 'messages lost, likewise', wholeNumber(0, 100))
    .option('--duplicates <count>', 'messages delivered twice, likewise', wholeNumber(0, 100));
  addSearchOptions(command)
    .option('--no-trace', 'leave the counterexamples out')
    .option('--save <file>', 'save the first counterexample as a file for replay and inspect', file)
    .option('--property <name>', 'show and save the run of this property, also one that reaches a "sometimes"')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', verdictHelp())
    .action(async (protocol: string | undefined, options: CheckCommandOptions) => {
      const output = new Output(options.json === true);
      if (protocol === undefined) return list(output);
      if (options.seed !== undefined && options.search !== 'walk')
        throw usage('A --seed draws a random walk; give it with --search walk.');
      const { runCheck } = await import('../check/run.ts');
      const given = await loadSpecification(protocol);
      const specification = options.mutant === undefined ? given : mutated(given, options.mutant);
      process.exitCode = await runCheck(
        specification,
        modelOf(given, options.model, options.partition),
        options,
        output,
      );
    });
}

const addSearchOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--search <order>',
        'breadth finds shortest counterexamples, depth keeps a smaller frontier, walk draws random runs of what is too big',
      )
        .choices(['breadth', 'depth', 'walk'])
        .default('breadth'),
    )
    .option('--seed <number>', 'draws the random walk; default: 1', wholeNumber(0, 2 ** 32 - 1))
    .option('--exact', 'compare whole states where 64-bit fingerprints are equal')
    .option('--no-memo', 'compute every step anew')
    .option('--no-symmetry', 'tell interchangeable nodes apart')
    .option('--no-reduction', 'keep messages that can do nothing any more')
    .option('--max-depth <states>', 'states on a path', wholeNumber(1, LARGEST))
    .option('--max-states <count>', 'distinct states', wholeNumber(1, LARGEST))
    .option('--max-seconds <seconds>', 'time', wholeNumber(1, LARGEST))
    .option('--max-memory <mebibytes>', "memory of the search's tables", wholeNumber(1, 1_048_576), 2_048)
    .option('--first', 'stop at the first violation');

function mutated(specification: Specification, name: string): Specification {
  const { mutants } = specification;
  const mutant = mutants.find((each) => each.name === name);
  if (mutant) return withMutant(specification, mutant);
  throw usage(
    `${specification.name} has no mutant "${name}"; choose one of ${mutants.map((each) => each.name).join(', ') || '(it has none)'}.`,
  );
}

async function list(output: Output): Promise<void> {
  const all = await loadAll();
  const lines = all.flatMap((each) => [
    paint('bold', each.name, process.stdout),
    ...('refused' in each
      ? [`  ${each.refused}`]
      : each.models.map((model) => `  ${model.name.padEnd(16)} ${model.about}`)),
  ]);
  const json = all.map((each) =>
    'refused' in each
      ? each
      : { name: each.name, models: each.models.map(({ name, about, nodes }) => ({ name, about, nodes })) },
  );
  output.result(lines.join('\n'), json);
}
