import { decodeTrace, encodeTrace, SynodError, type TraceHeader, type TraceRecord } from '@synod/protocol';
import { parseReplay, type ReplayFile } from '@synod/simulator';
import { type CounterexampleFile, parseCounterexample } from './counterexample-file.ts';
import { readText } from './files.ts';

/** A run of a single machine, which has no trace; as text, for its own reader. */
export interface PropertyFile {
  readonly kind: 'property';
  readonly text: string;
}

/** A file that holds a run: of the simulator, of the checker, or a plain trace. */
export type RunFile =
  | { readonly kind: 'replay'; readonly file: ReplayFile; readonly trace: readonly TraceRecord[] }
  | { readonly kind: 'counterexample'; readonly file: CounterexampleFile; readonly trace: readonly TraceRecord[] }
  | { readonly kind: 'trace'; readonly file: TraceHeader; readonly trace: readonly TraceRecord[] };

/**
 * Reads a file with a run that has a trace.
 * @throws SynodError `FILE_UNREADABLE`, `RUN_FILE_UNKNOWN` for what is none of them, and what the format's own reader throws.
 */
export function readRunFile(path: string): RunFile {
  const run = readAnyRun(path);
  if (run.kind !== 'property') return run;
  throw new SynodError(
    'RUN_FILE_UNKNOWN',
    `${path} is the run of a single machine, which has no trace; see it with synod replay.`,
  );
}

/**
 * Reads a file with a run of any kind.
 * @throws SynodError as `readRunFile`.
 */
export function readAnyRun(path: string): RunFile | PropertyFile {
  const text = readText(path);
  const [first = ''] = text.split('\n', 1);
  if (formatOf(tryJson(first)) === 'synod-trace') return readTrace(text);
  // Cut off or edited, it still says what it was meant to be.
  const format = formatOf(tryJson(text)) ?? text.slice(0, 200).match(/"format"\s*:\s*"([a-z-]+)"/)?.[1];
  if (format === 'synod-counterexample') {
    const value = tryJson(text);
    if (value === undefined)
      throw new SynodError('COUNTEREXAMPLE_INVALID', 'The counterexample file is not JSON; was it cut off or edited?');
    const file = parseCounterexample(value);
    return { kind: 'counterexample', file, trace: file.trace };
  }
  if (format === 'synod-replay') {
    const file = parseReplay(text);
    return { kind: 'replay', file, trace: file.trace };
  }
  if (format === 'synod-property-replay') return { kind: 'property', text };
  throw new SynodError(
    'RUN_FILE_UNKNOWN',
    `${path} is neither a replay file nor a counterexample nor a trace; synod sim --save, synod property, synod check --save and synod sim --trace write them.`,
  );
}

/**
 * The records of a run as something that others may draw: each of them is a whole record of the trace format.
 * @throws SynodError `TRACE_INVALID`.
 */
export function checkedTrace({ trace }: RunFile): readonly TraceRecord[] {
  return trace.map((record) => decodeTrace(encodeTrace(record)) as TraceRecord);
}

function readTrace(text: string): RunFile {
  const [header, ...trace] = text
    .split('\n')
    .filter((line) => line !== '')
    .map(decodeTrace);
  return { kind: 'trace', file: header as TraceHeader, trace: trace as TraceRecord[] };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function formatOf(value: unknown): string | undefined {
  const { format } = (value ?? {}) as { format?: unknown };
  return typeof format === 'string' ? format : undefined;
}
