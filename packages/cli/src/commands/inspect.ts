import { isSynodError, SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, type Running, runningCluster } from '../connect.ts';
import { FORMATS } from '../export/formats.ts';
import { date, type ExportOptions, place } from '../export/options.ts';
import type { ModelChoice } from '../inspect/labs.ts';
import type { InspectOptions } from '../inspect.ts';
import { askControl } from '../launcher/control-client.ts';
import { collect, file, name, usage, wholeNumber } from '../options.ts';
import { Output } from '../output.ts';
import { isSpecificationName } from '../specifications.ts';
import { withCluster } from './cluster.ts';

interface InspectCommandOptions extends ClusterOptions, InspectOptions, ModelChoice, Partial<ExportOptions> {
  readonly look?: boolean;
}

const HELP = `
Formats of --export:
${Object.entries(FORMATS)
  .map(([format, { about }]) => `  ${format.padEnd(17)} ${about}`)
  .join('\n')}

Examples:
  synod inspect
  synod inspect --look
  synod inspect synod-raft-42.json
  synod inspect raft --model election --nodes 3
  synod inspect trace.jsonl --export perfetto --out trace.json
  synod inspect trace.jsonl --export mermaid-sequence --from 1s --to 1500ms --node n1 --node n2
  synod inspect trace.jsonl --export otel --epoch 2026-01-31T12:00:00Z --out spans.json
  synod inspect trace.jsonl --export mermaid-state --actor raft@n1
  synod inspect ./checkout.ts#machine --export scxml --out checkout.scxml
  synod inspect raft --role server --export mermaid-state
  synod inspect raft --role server --export svg --theme dark --out raft.svg
  synod inspect trace.jsonl --actor raft@n1 --to 1.5s --export svg --out raft.svg
  synod inspect trace.jsonl --export svg-spacetime --to 120 --out election.svg`;

/** inspect. */
export function addInspectCommand(program: Command): void {
  const command = program
    .command('inspect')
    .argument('[run]', 'a file with a run, or a protocol to walk through; of a chart MODULE#EXPORT as well', file);
  withCluster(command)
    .description(
      'print an address that opens the inspector, once: on the running cluster, on a run that was saved, on a model to walk through or, with nothing of these, on apps that connect',
    )
    .option('--look', 'of the running cluster: to look on only, for others; without it, the page may do faults')
    .option(
      '--port <port>',
      "of a run or model, or for apps: the inspector's port; 0: chosen by the system",
      wholeNumber(0, 65_535),
      0,
    )
    .option(
      '--module <path>',
      "of a run: the module of its protocol, if it is none of Synod's own; without it the run is only shown",
    );
  withModel(command);
  withExport(command)
    .addHelpText('after', HELP)
    .addHelpText(
      'after',
      '\nFor apps, SYNOD_APP_TOKEN and SYNOD_RECEIVER_TOKEN in the environment let their addresses stay the same.',
    )
    .action(async (named: string | undefined, options: InspectCommandOptions) => {
      const output = new Output(options.json === true);
      if (options.export !== undefined) return exportRun(named, { ...options, export: options.export }, output);
      refuseWithoutExport(options);
      if (named !== undefined) return inspectRun(named, options, output);
      await inspectCluster(options, output);
    });
}

const withModel = (command: Command): Command =>
  command
    .option('--model <name>', "the model to walk through; default: the protocol's first")
    .option('--nodes <count>', "of a model; default: the model's", wholeNumber(1, 64))
    .option('--mutant <name>', 'of a model: with this mistake in the place of the right machine')
    .option('--partition', 'of a model: a partition, at any time')
    .option('--crashes <count>', "of a model: crashes, instead of the model's", wholeNumber(0, 100))
    .option('--drops <count>', 'of a model: messages lost, likewise', wholeNumber(0, 100))
    .option('--duplicates <count>', 'of a model: messages delivered twice, likewise', wholeNumber(0, 100));

const withExport = (command: Command): Command =>
  command
    .option('--export <format>', 'write it in another format, in the place of opening it')
    .option('--out <file>', 'where to write the export; default: the standard output', file)
    .option('--actor <address>', 'only what this actor has part in, or its chart; may be repeated', collect)
    .option('--node <name>', 'only what happens on this node; may be repeated', collect)
    .option('--from <place>', 'the first record: its number, or a time as 1500ms or 1.5s', place)
    .option('--to <place>', 'the last record; of svg: the moment that is shown', place)
    .option(
      '--by <what>',
      'of mermaid-sequence and svg-spacetime: a line for each actor (default of the first) or node (of the second)',
    )
    .option(
      '--axis <what>',
      'of svg-spacetime, downwards: order, one event after the other (default), time, or busy, time without what is idle',
    )
    .option('--theme <name>', 'of svg and svg-spacetime: light (default) or dark')
    .option('--role <name>', "of a protocol's chart: the role", name)
    .option('--epoch <date>', "of otel: when the run's clock was 0; default: 1970", date);

/** What options may be that are one of a few words. */
const CHOICES: Readonly<Record<'by' | 'axis' | 'theme', readonly string[]>> = {
  by: ['actor', 'node'],
  axis: ['order', 'time', 'busy'],
  theme: ['light', 'dark'],
};

async function exportRun(path: string | undefined, options: ExportOptions, output: Output): Promise<void> {
  for (const [option, choices] of Object.entries(CHOICES)) {
    const chosen = options[option as keyof typeof CHOICES];
    if (chosen !== undefined && !choices.includes(chosen)) throw usage(`--${option} is ${choices.join(' or ')}.`);
  }
  const { exportTo } = await import('../export/run.ts');
  await exportTo(path, options, output);
}

function refuseWithoutExport(options: InspectCommandOptions): void {
  const { out, actor, node, from, to, by, axis, theme, role, epoch } = options;
  if ((out ?? actor ?? node ?? from ?? to ?? by ?? axis ?? theme ?? role ?? epoch) !== undefined)
    throw usage(
      '--out, --actor, --node, --from, --to, --by, --axis, --theme, --role and --epoch are of an export; give --export as well.',
    );
}

/** A protocol's name, or a module of which a model is asked for, is walked through; anything else is a file. */
async function inspectRun(named: string, options: InspectCommandOptions, output: Output): Promise<void> {
  const { inspectModel, inspectPath } = await import('../inspect.ts');
  if (isSpecificationName(named) || options.model !== undefined)
    return inspectModel(named, options, options.port, output);
  await inspectPath(named, options, output);
}

/** The running cluster or, where none runs and none was named, apps that connect. */
async function inspectCluster(options: InspectCommandOptions, output: Output): Promise<void> {
  const content = { faults: options.look !== true };
  const cluster = await inspectedCluster(options);
  if (!cluster) {
    const { inspectApps } = await import('../inspect-live.ts');
    return inspectApps(options.port, output);
  }
  const { control } = cluster;
  const { url } = (await askControl(control, 'POST', '/inspector', { content })) as { url: string | null };
  if (url === null)
    throw new SynodError(
      'INSPECTOR_OFF',
      'The cluster was started without inspector; start it without --no-inspector.',
    );
  output.result(url, { url });
}

async function inspectedCluster(options: InspectCommandOptions): Promise<Running | undefined> {
  try {
    return await runningCluster(options);
  } catch (error) {
    const isNamed = options.data !== undefined || options.look === true;
    if (!isNamed && isSynodError(error, 'CLUSTER_NOT_RUNNING')) return undefined;
    throw error;
  }
}
