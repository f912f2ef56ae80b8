/** What a file is read as, beyond this size, only if it is a trace: others have to be read as a whole. In bytes. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;

/** Facts of a run that is in a file. */
export interface FileHead {
  readonly about: Readonly<Record<string, unknown>>;
  readonly verdict?: string;
  readonly unit: 'ms' | 'step';
}

/** A file that holds no run, and why. */
export class FileError extends Error {
  readonly code: 'FILE_UNKNOWN' | 'TRACE_VERSION' | 'FILE_TOO_LARGE';

  constructor(code: FileError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Lines of a text, many at a time, as they are read. */
export async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  const reader = bytes.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}

/** Whether the first line of a file is the header of a trace. @throws FileError `TRACE_VERSION`. */
function headOf(line: string): FileHead | undefined {
  const header = tryJson(line);
  if (header?.format !== 'synod-trace') return undefined;
  if (header.version !== 1)
    throw new FileError('TRACE_VERSION', `The trace has version ${String(header.version)}, this page reads version 1.`);
  return { about: asObject(header.about), unit: 'ms' };
}

/** A replay file or a counterexample, which are one JSON text with a trace in it. @throws FileError */
async function wholeRun(file: Blob): Promise<{ readonly head: FileHead; readonly lines: readonly string[] }> {
  if (file.size > MAX_WHOLE_BYTES)
    throw new FileError('FILE_TOO_LARGE', 'The file is no trace, and too large to be anything else with a run.');
  const run = tryJson(await file.text());
  const { format, trace } = run ?? {};
  if ((format !== 'synod-replay' && format !== 'synod-counterexample') || !Array.isArray(trace))
    throw new FileError(
      'FILE_UNKNOWN',
      'The file is neither a trace nor a replay file nor a counterexample; synod sim --trace, synod sim --save and synod check --save write them.',
    );
  const about = Object.fromEntries(
    Object.entries(run ?? {}).filter(([, value]) => ['string', 'number'].includes(typeof value)),
  );
  const isCounterexample = format === 'synod-counterexample';
  const verdict = isCounterexample
    ? [run?.property, run?.verdict, run?.message].filter((part) => typeof part === 'string').join(' ')
    : asObject(run?.violation).message;
  return {
    head: {
      about,
      unit: isCounterexample ? 'step' : 'ms',
      ...(typeof verdict === 'string' && verdict !== '' && { verdict }),
    },
    lines: trace.map((record) => JSON.stringify(record)),
  };
}

/** The run in a file: what is known of it, with its lines, many at a time. @throws FileError */
export async function* runIn(
  file: Blob,
): AsyncGenerator<{ readonly head: FileHead; readonly lines: readonly string[] }> {
  let head: FileHead | undefined;
  for await (const lines of linesOf(file.stream())) {
    head ??= headOf(lines[0] ?? '');
    if (!head) break;
    yield { head, lines: lines.filter((line) => line !== '') };
  }
  if (!head) yield await wholeRun(file);
}

type Fields = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

function tryJson(text: string): Fields | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
