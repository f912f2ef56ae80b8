import { SynodError } from '@synod/protocol';
import type { Command } from 'commander';
import { type ClusterOptions, runningCluster } from '../connect.ts';
import { FORMATS } from '../export/formats.ts';
import { date, type ExportOptions, place } from '../export/options.ts';
import { askControl } from '../launcher/control-client.ts';
import { collect, file, name, usage, wholeNumber } from '../options.ts';
import { EXIT_HELP, Output } from '../output.ts';
import { withCluster } from './cluster.ts';

type InspectOptions = ClusterOptions & Partial<ExportOptions> & { readonly port: number };

const HELP = `
Formats of --export:
${Object.entries(FORMATS)
  .map(([format, { about }]) => `  ${format.padEnd(17)} ${about}`)
  .join('\n')}

Examples:
  synod inspect
  synod inspect synod-raft-42.json
  synod inspect trace.jsonl --export perfetto --out trace.json
  synod inspect trace.jsonl --export mermaid-sequence --from 1s --to 1500ms --node n1 --node n2
  synod inspect trace.jsonl --export otel --epoch 2026-01-31T12:00:00Z --out spans.json
  synod inspect trace.jsonl --export mermaid-state --actor raft@n1
  synod inspect ./checkout.ts#machine --export scxml --out checkout.scxml
  synod inspect raft --role server --export mermaid-state`;

/** inspect. */
export function addInspectCommand(program: Command): void {
  const command = program
    .command('inspect')
    .argument(
      '[file]',
      'a replay file, a counterexample or a trace; of a chart MODULE#EXPORT or a protocol as well',
      file,
    );
  withCluster(command)
    .description('print an address that opens the inspector, once: on the running cluster, or on a run that was saved')
    .option('--port <port>', "of a saved run: the inspector's port; 0: chosen by the system", wholeNumber(0, 65_535), 0)
    .option('--export <format>', 'write it in another format, in the place of opening it')
    .option('--out <file>', 'where to write the export; default: the standard output', file)
    .option('--actor <address>', 'only what this actor has part in, or its chart; may be repeated', collect)
    .option('--node <name>', 'only what happens on this node; may be repeated', collect)
    .option('--from <place>', 'the first record: its number, or a time as 1500ms or 1.5s', place)
    .option('--to <place>', 'the last record', place)
    .option('--by <what>', 'of mermaid-sequence: a line for each actor or node')
    .option('--role <name>', "of a protocol's chart: the role", name)
    .option('--epoch <date>', "of otel: when the run's clock was 0; default: 1970", date)
    .addHelpText('after', HELP)
    .addHelpText('after', EXIT_HELP)
    .action(async (path: string | undefined, options: InspectOptions) => {
      const output = new Output(options.json === true);
      if (options.export !== undefined) return exportRun(path, { ...options, export: options.export }, output);
      refuseWithoutExport(options);
      if (path !== undefined) return inspectRun(path, options.port, output);
      await inspectCluster(options, output);
    });
}

async function exportRun(path: string | undefined, options: ExportOptions, output: Output): Promise<void> {
  if (options.by !== undefined && options.by !== 'actor' && options.by !== 'node')
    throw usage('--by is either actor or node.');
  const { exportTo } = await import('../export/run.ts');
  await exportTo(path, options, output);
}

function refuseWithoutExport({ out, actor, node, from, to, by, role, epoch }: InspectOptions): void {
  if ((out ?? actor ?? node ?? from ?? to ?? by ?? role ?? epoch) !== undefined)
    throw usage(
      '--out, --actor, --node, --from, --to, --by, --role and --epoch are of an export; give --export as well.',
    );
}

async function inspectRun(path: string, port: number, output: Output): Promise<void> {
  const [{ readRunFile }, { inspectFile }] = await Promise.all([
    import('../files/run-file.ts'),
    import('../inspect.ts'),
  ]);
  await inspectFile(path, readRunFile(path), port, output);
}

async function inspectCluster(options: ClusterOptions, output: Output): Promise<void> {
  const { url } = (await askControl((await runningCluster(options)).control, 'POST', '/inspector')) as {
    url: string | null;
  };
  if (url === null)
    throw new SynodError(
      'INSPECTOR_OFF',
      'The cluster was started without inspector; start it without --no-inspector.',
    );
  output.result(url, { url });
}
