import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SynodError } from '@synod/protocol';
import { judgeTraces, type OpenTrace, openTrace, type TransportPromises } from '@synod/validator';
import { interruptible } from '../interrupt.ts';
import { count, EXIT, type Output } from '../output.ts';
import { statusOf } from '../progress.ts';
import { describeVerdict } from './describe.ts';
import { machinesOf } from './machines.ts';

export interface TracesOptions {
  readonly machine: readonly string[];
  readonly transport?: TransportPromises;
}

/** Judges traces of Synod's format. Returns the exit status. */
export async function judgeFiles(files: readonly string[], options: TracesOptions, output: Output): Promise<number> {
  return interruptible(async (signal) => {
    const traces: OpenTrace[] = [];
    for (const file of files)
      traces.push(await openTrace({ name: file === '-' ? 'standard input' : file, lines: linesOf(file) }));
    const judged = await machinesOf(options.machine, traces[0]?.header.about ?? {});
    const status = statusOf(output);
    const begun = performance.now();
    const verdict = await judgeTraces(traces, judged, {
      signal,
      ...(options.transport && { transport: options.transport }),
      onProgress: (records) => {
        const seconds = (performance.now() - begun) / 1_000;
        status.update(`${count(records)} records judged, ${count(records / seconds)} a second`);
      },
    }).finally(() => status.stop());
    const complete = !signal.aborted;
    output.result(describeVerdict(verdict, complete), { ...verdict, complete });
    if (verdict.misfit) return EXIT.failed;
    return complete ? EXIT.ok : EXIT.unknown;
  });
}

/** A file's lines, or those of the standard input for `-`, as they are asked for. */
export function linesOf(file: string): AsyncIterable<string> {
  if (file === '-') return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a directory');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new SynodError('FILE_UNREADABLE', `${file} cannot be read (${code}); give the path of a trace.`, { cause });
  }
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
