import type { CheckProgress, CheckResult, PropertyResult } from '@synod/checker';
import type { Model, Specification } from '@synod/protocol';
import { type Command, Option } from 'commander';
import { usage, wholeNumber } from '../options.ts';
import { EXIT, Output, paint } from '../output.ts';
import { loadSpecification, modelOf, specificationNames } from '../specifications.ts';

interface CheckCommandOptions {
  readonly model?: string;
  readonly nodes?: number;
  readonly search: 'breadth' | 'depth';
  readonly exact?: boolean;
  readonly memo: boolean;
  readonly maxDepth?: number;
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxMemory: number;
  readonly first?: boolean;
  readonly trace: boolean;
  readonly json?: boolean;
}

const LARGEST = Number.MAX_SAFE_INTEGER;

const EXIT_HELP = `
Exit status:
  0  every property holds
  1  a property is violated
  2  bad input: flags, arguments, a model that contradicts itself
  3  stopped at a bound or by Ctrl-C before everything was explored`;

/** check. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .argument('[protocol]', 'what to check; without it, protocols and their models are listed')
    .description('follow every schedule of a model, and judge its properties')
    .option('--model <name>', "the model; default: the protocol's first")
    .option('--nodes <count>', "nodes; default: the model's", wholeNumber(1, 64))
    .addOption(
      new Option('--search <order>', 'breadth finds shortest counterexamples, depth keeps a smaller frontier')
        .choices(['breadth', 'depth'])
        .default('breadth'),
    )
    .option('--exact', 'compare whole states where 64-bit fingerprints are equal')
    .option('--no-memo', 'compute every step anew')
    .option('--max-depth <states>', 'states on a path', wholeNumber(1, LARGEST))
    .option('--max-states <count>', 'distinct states', wholeNumber(1, LARGEST))
    .option('--max-seconds <seconds>', 'time', wholeNumber(1, LARGEST))
    .option('--max-memory <mebibytes>', "memory of the search's tables", wholeNumber(1, 1_048_576), 2_048)
    .option('--first', 'stop at the first violation')
    .option('--no-trace', 'leave the counterexamples out')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  synod check two-phase-commit --model gray-lamport --nodes 5\n  synod check raft --json',
    )
    .addHelpText('after', EXIT_HELP)
    .action(async (protocol: string | undefined, options: CheckCommandOptions) => {
      const output = new Output(options.json === true);
      if (protocol === undefined) return list(output);
      const specification = await loadSpecification(protocol);
      await run(specification, modelOf(specification, options.model), options, output);
    });
}

async function list(output: Output): Promise<void> {
  const specifications = await Promise.all(specificationNames().map(loadSpecification));
  const lines = specifications.flatMap(({ name, models }) => [
    paint('bold', name, process.stdout),
    ...models.map((model) => `  ${model.name.padEnd(16)} ${model.about}`),
  ]);
  const json = specifications.map(({ name, models }) => ({
    name,
    models: models.map(({ name, about, nodes }) => ({ name, about, nodes })),
  }));
  output.result(lines.join('\n'), json);
}

async function run(
  specification: Specification,
  model: Model,
  options: CheckCommandOptions,
  output: Output,
): Promise<void> {
  const { checkAsync } = await import('@synod/checker');
  const { default: fallback, min, max } = model.nodes;
  const nodes = options.nodes ?? fallback;
  if (nodes < min || nodes > max) throw usage(`Model "${model.name}" takes ${min} to ${max} nodes, not ${nodes}.`);
  const { maxDepth, maxStates, maxSeconds } = options;
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  process.once('SIGINT', stop);
  output.remark(`${specification.title}, model ${model.name}, ${nodes} nodes: ${model.about}`);
  try {
    const result = await checkAsync(model.configure(nodes), specification.roles, {
      order: options.search,
      exact: options.exact ?? false,
      ...(options.memo ? {} : { memo: 0 }),
      ...(maxDepth !== undefined && { maxDepth }),
      ...(maxStates !== undefined && { maxStates }),
      ...(maxSeconds !== undefined && { maxSeconds }),
      maxMemoryMb: options.maxMemory,
      stopAtFirst: options.first ?? false,
      signal: interrupt.signal,
      onProgress: (progress) => output.remark(paint('dim', describeProgress(progress))),
    });
    const about = { protocol: specification.name, model: model.name, nodes };
    output.result(describe(result, options.trace), { ...about, ...(options.trace ? result : withoutTraces(result)) });
    process.exitCode = exitCode(result);
  } finally {
    process.off('SIGINT', stop);
  }
}

function exitCode({ properties, complete }: CheckResult): number {
  if (properties.some(({ verdict }) => verdict === 'violated')) return EXIT.failed;
  return complete && properties.every(({ verdict }) => verdict === 'holds') ? EXIT.ok : EXIT.unknown;
}

const withoutTraces = (result: CheckResult) => ({
  ...result,
  properties: result.properties.map(({ trace: _, ...property }) => property),
});

const count = (value: number): string => value.toLocaleString('en-US');

const describeProgress = ({ distinct, states, depth, waiting, seconds }: CheckProgress): string =>
  `${seconds.toFixed(0)} s: ${count(distinct)} distinct of ${count(states)} states, depth ${depth}, ${count(waiting)} waiting`;

const STOPPED = {
  depth: 'stopped at --max-depth: raise it to see the rest',
  states: 'stopped at --max-states: raise it to see the rest',
  time: 'stopped at --max-seconds: raise it to see the rest',
  memory:
    'stopped at --max-memory: raise it, or bound the model more tightly; are there numbers in it that grow for ever?',
  interrupted: 'stopped by Ctrl-C; this is what is known so far',
  violation: 'stopped at the first violation',
} as const;

function describe(result: CheckResult, traces: boolean): string {
  const { states, distinct, depth, seconds, stopped, properties } = result;
  const rate = count(Math.round(states / Math.max(seconds, 0.001)));
  const end = stopped ? `${paint('yellow', 'Incomplete', process.stdout)}: ${STOPPED[stopped]}.` : 'Complete.';
  return [
    `${count(distinct)} distinct of ${count(states)} states, depth ${depth}, in ${seconds.toFixed(2)} s (${rate} states/s). ${end}`,
    '',
    ...properties.map(describeProperty),
    ...(traces ? properties.filter(({ verdict }) => verdict === 'violated').flatMap(describeTrace) : []),
  ].join('\n');
}

const MARKS = { holds: ['✓', 'green'], violated: ['✗', 'red'], unknown: ['?', 'yellow'] } as const;

function describeProperty({ name, kind, verdict, message }: PropertyResult): string {
  const [mark, style] = MARKS[verdict];
  return `${paint(style, mark, process.stdout)} ${kind.padEnd(10)} ${name}: ${verdict}${message ? `, ${message}` : ''}`;
}

function describeTrace({ name, trace }: PropertyResult): string[] {
  if (!trace) return [];
  const { steps, cycleFrom } = trace;
  const lines = steps.flatMap(({ text }, index) => [
    ...(index === cycleFrom ? ['     … and from here on, for ever:'] : []),
    `${String(index + 1).padStart(4)} ${text}`,
  ]);
  return ['', paint('bold', `${name}: ${steps.length} steps`, process.stdout), ...lines];
}
