import {
  type ClusterOptions,
  type ExploredModel,
  type GeneratedCluster,
  generateClusterTestsAsync,
  type ModelChoice,
  type WrittenCluster,
  writeClusterTests,
} from '@synod/testgen';
import { interruptible } from '../interrupt.ts';
import { usage } from '../options.ts';
import { count, EXIT, type Output, paint, table } from '../output.ts';
import { statusOf } from '../progress.ts';
import { isSpecificationName, loadSpecification, referenceOf } from '../specifications.ts';
import { importedAs, shell, store } from './run.ts';

/** What `synod generate --cluster` may be told. */
export interface ClusterCommandOptions {
  readonly model?: readonly string[];
  readonly nodes?: number;
  readonly out?: string;
  readonly check?: boolean;
  readonly maxWorlds?: number;
  readonly maxDepth?: number;
  readonly json?: boolean;
}

/** Of what is not covered, a summary shows so many; the file and --json have more. */
const MOST_SHOWN = 15;

/** Generates tests of all machines of a protocol together and writes them. Returns the exit status. */
export async function runGenerateCluster(
  name: string,
  options: ClusterCommandOptions,
  output: Output,
): Promise<number> {
  if (!isSpecificationName(name))
    throw usage(`${name} is no protocol; --cluster takes one that declares its models, such as raft.`);
  const specification = await loadSpecification(name);
  if (options.nodes !== undefined && !options.model) throw usage('--nodes says how large a --model is; name one.');
  const generated = await interruptible(async (signal) => {
    const status = statusOf(output);
    try {
      const onProgress = ({ model, nodes, worlds }: ExploredModel) =>
        status.update(`${model} of ${nodes}: ${count(worlds)} worlds`);
      return await generateClusterTestsAsync(specification, { ...boundsOf(options), signal, onProgress });
    } finally {
      status.stop();
    }
  });
  if (!generated) {
    output.remark('Stopped by Ctrl-C; nothing was written.');
    return EXIT.unknown;
  }
  const { module } = importedAs({ module: referenceOf(name).module, name: 'specification' }, options.out);
  const written = writeClusterTests(generated, {
    module,
    title: specification.title,
    command: commandOf(name, options),
  });
  const changed = await store(written, options);
  const summary = summaryOf(generated, written, options, changed);
  if (options.out === undefined && !output.isJson) process.stdout.write(written.source);
  if (output.isJson || options.out !== undefined)
    output.result(summary, jsonOf(name, generated, written, options, changed));
  else output.remark(summary);
  return options.check === true && changed ? EXIT.failed : EXIT.ok;
}

function boundsOf({ model, nodes, maxWorlds, maxDepth }: ClusterCommandOptions): ClusterOptions {
  const models = model?.map((each): ModelChoice => ({ name: each, ...(nodes !== undefined && { nodes }) }));
  return {
    ...(models && { models }),
    ...(maxWorlds !== undefined && { maxWorlds }),
    ...(maxDepth !== undefined && { maxSteps: maxDepth }),
  };
}

/** The command that gives the file again. */
function commandOf(name: string, { model = [], nodes, maxWorlds, maxDepth, out }: ClusterCommandOptions): string {
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ...model.map((each) => ['--model', each] as const),
    ['--nodes', nodes],
    ['--max-worlds', maxWorlds],
    ['--max-depth', maxDepth],
    ['--out', out],
  ];
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${shell(String(value))}`]));
  return ['synod generate', shell(name), '--cluster', ...given].join(' ');
}

function summaryOf(
  { tests, coverage, unreached, choice, leftOut }: GeneratedCluster,
  written: WrittenCluster,
  { out, check }: ClusterCommandOptions,
  changed: boolean,
): string {
  const rows = coverage
    .filter(({ total }) => total > 0)
    .map(({ kind, covered, total }) => [kind, `${covered}/${total}`, `${((100 * covered) / total).toFixed(1)} %`]);
  const steps = tests.reduce((sum, test) => sum + test.steps.length, 0);
  const least = choice.atLeast === tests.length ? 'the fewest that do' : `at least ${choice.atLeast} are needed`;
  const shown = unreached.slice(0, MOST_SHOWN).map(({ target, reason, text }) => {
    const color = reason === 'dead' ? 'red' : 'yellow';
    return `${paint(color, reason === 'dead' ? 'dead' : 'not covered', process.stdout)} ${target.id}: ${text}`;
  });
  const more = unreached.length - shown.length;
  const lines = [
    `${count(tests.length)} tests of ${count(steps)} steps, out of ${count(choice.candidates)} traces: ${least}`,
    table(rows, () => undefined),
    ...shown,
    ...(more > 0 ? [`and ${count(more)} more; --json lists all`] : []),
    ...leftOut.map(({ model, text }) => `not explored ${model}: ${text}`),
    ...written.leftOut.map(({ name }) => `not written ${name}: source text cannot make what it asks for`),
  ];
  if (out === undefined) return lines.join('\n');
  const fate = check ? `${out} would change; generate it again without --check.` : `Wrote ${out}.`;
  return [...lines, changed ? fate : `${out} is up to date.`].join('\n');
}

function jsonOf(
  protocol: string,
  { tests, coverage, unreached, models, leftOut, choice }: GeneratedCluster,
  written: WrittenCluster,
  { out }: ClusterCommandOptions,
  changed: boolean,
): unknown {
  return {
    protocol,
    ...(out === undefined ? { source: written.source } : { file: out, changed }),
    coverage: Object.fromEntries(coverage.map(({ kind, covered, total }) => [kind, { covered, total }])),
    tests: tests.map(({ name, model, nodes, covers, steps }) => ({
      name,
      model,
      nodes,
      steps: steps.length,
      covers: covers.map(({ id }) => id),
    })),
    traces: choice,
    models,
    unreached: unreached.map(({ target, reason, text }) => ({ kind: target.kind, id: target.id, reason, text })),
    leftOut: [...leftOut, ...written.leftOut],
  };
}
