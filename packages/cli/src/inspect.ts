import { basename } from 'node:path';
import type { JudgedProperty, Recording, Verdicts } from '@synod/inspector';
import { isSynodError, type TraceRecord } from '@synod/protocol';
import type { Violation } from '@synod/simulator';
import { linesOf } from './files/lines.ts';
import { checkedTrace, type RunFile, readRunFile } from './files/run-file.ts';
import { openTrace } from './files/trace-file.ts';
import { clientHistory } from './inspect/history.ts';
import { labOfCounterexample, labOfModel, labOfReplay, type ModelChoice, type Shown } from './inspect/labs.ts';
import { verdictsOfRun } from './inspect/told-run.ts';
import { interruptible } from './interrupt.ts';
import { portInUse } from './options.ts';
import type { Output } from './output.ts';
import { loadSpecification } from './specifications.ts';

export interface InspectOptions {
  readonly port: number;
  /** The module of the run's protocol, if it is none of Synod's own. */
  readonly module?: string;
}

/** A trace that is larger is not read beforehand, and nothing is said of what its clients saw. In bytes. */
const MAX_JUDGED = 32 * 1024 * 1024;

/** Opens a file with a run in the inspector, until Ctrl-C. A long trace is read as pages ask for it. */
export async function inspectPath(path: string, options: InspectOptions, output: Output): Promise<void> {
  const recording = longTrace(path);
  if (recording) await openInspector({ recording }, options.port, output);
  else await inspectFile(path, readRunFile(path), options, output);
}

/** A file with a run, with all that it tells of itself. */
export function recordingIn(path: string): Recording {
  const long = longTrace(path);
  if (long) return long;
  const run = readRunFile(path);
  const records = checkedTrace(run);
  const verdicts = verdictsIn(run, records);
  return { ...headOf(path, run), records, ...(verdicts && { verdicts }) };
}

function longTrace(path: string): Recording | undefined {
  const trace = openTrace(path);
  if (!trace || trace.bytes <= MAX_JUDGED) return undefined;
  return { records: () => linesOf(path), about: { file: basename(path), ...trace.header.about } };
}

/** Opens a run that has been read in the inspector, until Ctrl-C. */
export async function inspectFile(path: string, run: RunFile, options: InspectOptions, output: Output): Promise<void> {
  const lab = await labOf(run, options, output);
  // What a run comes to when it is taken again is more than its file tells.
  const records = lab?.first.records ?? checkedTrace(run);
  const verdicts = lab?.first.verdicts ?? verdictsIn(run, records);
  const recording = { ...headOf(path, run), records, ...(verdicts && { verdicts }) };
  await openInspector({ recording, ...(lab && { lab }) }, options.port, output);
}

/** Opens a model in the inspector, to be walked through, until Ctrl-C. */
export async function inspectModel(protocol: string, choice: ModelChoice, port: number, output: Output): Promise<void> {
  await openInspector(labOfModel(await loadSpecification(protocol), choice), port, output);
}

async function openInspector({ recording, lab }: Shown, port: number, output: Output): Promise<void> {
  const { startInspector } = await import('@synod/inspector');
  const inspector = await startInspector({ port, recording, ...(lab && { lab }) }).catch((error: unknown) => {
    throw isSynodError(error, 'PORT_IN_USE') ? portInUse(port, 'the inspector', error) : error;
  });
  try {
    const url = inspector.newUrl();
    output.result(url, { url });
    output.remark('The address opens the inspector, once. Press Ctrl-C to stop.');
    await interruptible(
      (signal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    );
  } finally {
    await inspector.stop();
  }
}

function headOf(path: string, run: RunFile): Omit<Recording, 'records'> {
  const name = basename(path);
  if (run.kind === 'trace') return { about: { file: name, ...run.file.about } };
  if (run.kind === 'replay') {
    const { protocol, simulation, mutant, nodes, seed, violation } = run.file;
    return {
      about: { file: name, protocol, simulation, ...(mutant !== undefined && { mutant }), nodes, seed },
      ...(violation && { verdict: violation.message }),
    };
  }
  const { protocol, model, mutant, nodes, property, verdict, message, command, cycleFrom, steps } = run.file;
  const circle =
    cycleFrom === undefined ? '' : ` From step ${cycleFrom + 1} of ${steps.length} on, it goes on for ever.`;
  return {
    unit: 'step',
    about: { file: name, protocol, model, ...(mutant !== undefined && { mutant }), nodes, command },
    verdict: `${property} ${verdict}${message ? `, ${message}` : ''}.${circle}`,
  };
}

/** What a file alone tells of its run. */
function verdictsIn(run: RunFile, records: readonly TraceRecord[]): Verdicts | undefined {
  if (run.kind === 'counterexample') {
    const { verdicts, property: name, kind, verdict, message } = run.file;
    const said = verdicts ?? [{ name, kind, verdict, ...(message !== undefined && { message }) }];
    return verdictsOfRun({ ...run.file, trace: records }, said, name);
  }
  const history = historyIn(records);
  const properties = run.kind === 'replay' && run.file.violation ? [violated(run.file.violation, records.length)] : [];
  return properties.length > 0 || history ? { properties, ...(history && { history }) } : undefined;
}

/** The nodes of a real cluster have clocks of their own: what their clients told need not be one history. */
function historyIn(records: readonly TraceRecord[]): Verdicts['history'] {
  try {
    return clientHistory(records, undefined);
  } catch (error) {
    if (isSynodError(error, 'HISTORY_INVALID')) return undefined;
    throw error;
  }
}

const violated = ({ property: name, kind, message }: Violation, records: number): JudgedProperty => ({
  name,
  kind: kind === 'history' ? 'linearizable' : kind,
  verdict: 'violated',
  message,
  at: [Math.max(0, records - 1), records],
});

/** The lab of a run that repeats; without one, the run is only shown, and the person is told why. */
async function labOf(run: RunFile, { module }: InspectOptions, output: Output): Promise<Shown['lab']> {
  if (run.kind === 'trace') return undefined;
  try {
    const specification = await loadSpecification(module ?? run.file.protocol);
    return run.kind === 'replay' ? labOfReplay(specification, run.file) : labOfCounterexample(specification, run.file);
  } catch (error) {
    if (!isSynodError(error)) throw error;
    const hint = module === undefined ? ' A protocol of your own is named by --module.' : '';
    output.remark(`The run is shown as it was saved, and cannot be continued. ${error.message}${hint}`);
    return undefined;
  }
}
