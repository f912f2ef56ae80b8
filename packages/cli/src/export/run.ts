import { existsSync } from 'node:fs';
import type { ChartInTrace } from '@synod/inspector/export';
import { type Chart, chartOf } from '@synod/protocol';
import { loadMachine } from '@synod/testgen';
import { recordsOf, runOf } from '../files/records.ts';
import { onlyRole } from '../generate/source.ts';
import { usage } from '../options.ts';
import { count, type Output } from '../output.ts';
import { statusOf } from '../progress.ts';
import { isSpecificationName, loadSpecification } from '../specifications.ts';
import { type ChartFormat, counted, FORMATS, type Format, type TraceFormat } from './formats.ts';
import type { ExportOptions } from './options.ts';
import { writeFile, writeOut } from './write.ts';

/** Writes a run that was saved, or a machine's chart, in another format. */
export async function exportTo(source: string | undefined, options: ExportOptions, output: Output): Promise<void> {
  const format = FORMATS[options.export];
  if (!format) throw usage(`There is no format "${options.export}"; choose one of ${Object.keys(FORMATS).join(', ')}.`);
  if (source === undefined)
    throw usage('Name what to export: the file of a run, or for a chart MODULE#EXPORT or a protocol.');
  checkFit(format, source, options);
  let records = 0;
  if (format.of === 'chart') {
    const text = await chartText(format, source, options, output);
    await (options.out === undefined ? writeOut([text]) : writeFile(options.out, [text]));
  } else if (format.of === 'page') {
    const text = await pageText(source);
    await (options.out === undefined ? writeOut([text]) : writeFile(options.out, [text]));
  } else {
    records = await writeTrace(format, source, options, output);
  }
  if (options.out === undefined) return;
  const told = format.of === 'trace' ? ` with ${count(records)} records` : '';
  output.result(`Wrote ${options.out}${told}`, {
    file: options.out,
    format: options.export,
    ...(format.of === 'trace' && { records }),
  });
}

/** What was asked for, and the format has no use for, is refused before anything is read. */
function checkFit(format: Format, source: string, options: ExportOptions): void {
  const { actor = [], node, role, from, to } = options;
  if (format.of === 'chart') {
    if ((node ?? from) !== undefined) throw usage('A chart is of one actor: choose by --actor.');
    if (to !== undefined && isMachine(source)) throw usage('A machine is at no place; leave --to out.');
    if (actor.length > 1) throw usage('A chart is of one actor: give --actor once.');
    if (actor.length > 0 && isMachine(source)) throw usage('A machine has one chart; leave --actor out.');
  } else if (isMachine(source)) {
    throw usage(`${options.export} is of a run; give its file, as synod sim --trace writes it.`);
  }
  if (format.of === 'page' && (actor.length > 0 || (node ?? from ?? to) !== undefined))
    throw usage('The page has the whole run in it; leave --actor, --node, --from and --to out.');
  if (role !== undefined && !isSpecificationName(source)) throw usage('--role is of a protocol.');
  for (const [option, formats] of Object.entries(OPTIONS_OF)) {
    if (options[option as keyof typeof OPTIONS_OF] !== undefined && !formats.includes(options.export))
      throw usage(`--${option} is of ${formats.join(' and ')}.`);
  }
}

/** The options that only some formats have. */
const OPTIONS_OF: Readonly<Record<'by' | 'axis' | 'theme' | 'epoch', readonly string[]>> = {
  by: ['mermaid-sequence', 'svg-spacetime'],
  axis: ['svg-spacetime'],
  theme: ['svg', 'svg-spacetime'],
  epoch: ['otel'],
};

async function pageText(source: string): Promise<string> {
  const [{ standalonePage }, { recordingIn }] = await Promise.all([
    import('@synod/inspector'),
    import('../inspect.ts'),
  ]);
  return standalonePage(recordingIn(source));
}

/** Whether a machine is named, and no file of a run. */
const isMachine = (source: string): boolean =>
  !existsSync(source) ? source.includes('#') || isSpecificationName(source) : /\.[cm]?[jt]sx?$/.test(source);

async function chartText(format: ChartFormat, source: string, options: ExportOptions, output: Output): Promise<string> {
  const library = await import('@synod/inspector/export');
  const remark = (text: string): void => output.remark(text);
  if (isMachine(source))
    return format.write(library, { chart: await machineChart(source, options.role), actors: [] }, options, remark);
  return format.write(library, chartInRun(library, source, options), options, remark);
}

function chartInRun(
  { chartIn }: typeof import('@synod/inspector/export'),
  source: string,
  { actor, to }: ExportOptions,
): ChartInTrace {
  return chartIn(recordsOf(source), { ...(actor?.[0] !== undefined && { actor: actor[0] }), ...(to && { to }) });
}

async function machineChart(source: string, role: string | undefined): Promise<Chart> {
  if (!isSpecificationName(source)) return chartOf((await loadMachine(source)).machine);
  const specification = await loadSpecification(source);
  const name = role ?? onlyRole(specification);
  const protocol = specification.roles[name];
  if (protocol) return chartOf(protocol.machine);
  throw usage(`${specification.name} has no role "${name}"; it has ${Object.keys(specification.roles).join(', ')}.`);
}

async function writeTrace(
  format: TraceFormat,
  source: string,
  options: ExportOptions,
  output: Output,
): Promise<number> {
  const library = await import('@synod/inspector/export');
  const { actor, node, from, to, out } = options;
  const selection = {
    ...(actor && { actors: actor }),
    ...(node && { nodes: node }),
    ...(from && { from }),
    ...(to && { to }),
    present: format.present,
  };
  let records = 0;
  const status = statusOf(output);
  const run = runOf(source);
  const chosen = counted(library.select(run.records, selection), (now) => {
    records = now;
    if (now % 10_000 === 0) status.update(`${count(now)} records`);
  });
  try {
    const pieces = await format.write(library, { ...run, records: chosen }, options);
    await (out === undefined ? writeOut(pieces) : writeFile(out, pieces));
  } finally {
    status.stop();
  }
  return records;
}
