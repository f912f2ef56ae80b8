import { basename } from 'node:path';
import type { Recording } from '@synod/inspector';
import { isSynodError } from '@synod/protocol';
import { checkedTrace, type RunFile, readRunFile } from './files/run-file.ts';
import { openTrace } from './files/trace-lines.ts';
import { interruptible } from './interrupt.ts';
import { portInUse } from './options.ts';
import type { Output } from './output.ts';

/** Opens a file with a run in the inspector, until Ctrl-C. A trace is read as pages ask for it, however long it is. */
export async function inspectPath(path: string, port: number, output: Output): Promise<void> {
  const trace = openTrace(path);
  if (!trace) return inspectFile(path, readRunFile(path), port, output);
  await inspect({ records: trace.lines, about: { file: basename(path), ...trace.header.about } }, port, output);
}

/** Opens a run that has been read in the inspector, until Ctrl-C. */
export const inspectFile = (path: string, run: RunFile, port: number, output: Output): Promise<void> =>
  inspect(recordingOf(path, run), port, output);

async function inspect(recording: Recording, port: number, output: Output): Promise<void> {
  const { startInspector } = await import('@synod/inspector');
  const inspector = await startInspector({ port, recording }).catch((error: unknown) => {
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

function recordingOf(path: string, run: RunFile): Recording {
  const records = checkedTrace(run);
  const name = basename(path);
  if (run.kind === 'trace') return { records, about: { file: name, ...run.file.about } };
  if (run.kind === 'replay') {
    const { protocol, simulation, mutant, nodes, seed, violation } = run.file;
    return {
      records,
      about: { file: name, protocol, simulation, ...(mutant !== undefined && { mutant }), nodes, seed },
      ...(violation && { verdict: violation.message }),
    };
  }
  const { protocol, model, mutant, nodes, property, verdict, message, command, cycleFrom, steps } = run.file;
  const circle =
    cycleFrom === undefined ? '' : ` From step ${cycleFrom + 1} of ${steps.length} on, it goes on for ever.`;
  return {
    records,
    unit: 'step',
    about: { file: name, protocol, model, ...(mutant !== undefined && { mutant }), nodes, command },
    verdict: `${property} ${verdict}${message ? `, ${message}` : ''}.${circle}`,
  };
}
