import { styleText } from 'node:util';
import { describeError, isSynodError } from '@synod/protocol';

/** What a command leaves behind, for scripts to go by. */
export const EXIT = {
  ok: 0,
  /** The operation certainly had no effect: no such key, a revision that does not match, a node that is down already. */
  failed: 1,
  /** A flag, an argument or a directory that cannot be used as given. */
  usage: 2,
  /** The operation may or may not have taken effect, or time ran out. */
  unknown: 3,
  /** There is no cluster, or it does not answer. */
  unreachable: 4,
} as const;

export const EXIT_HELP = `
Exit status:
  0  done
  1  it failed and had no effect (no such key, revision mismatch, node down already)
  2  bad input: flags, arguments, keys, a port in use, a directory of another cluster
  3  outcome unknown or time ran out: it may or may not have taken effect
  4  the cluster is not running or does not answer`;

/** The exit statuses of `check`, `sim` and their like. `violated` says what 1 means. */
export const verdictHelp = (violated = 'a property is violated'): string => `
Exit status:
  0  everything holds
  1  ${violated}
  2  bad input: flags, arguments, files, a model that contradicts itself
  3  stopped at a bound or by Ctrl-C before all was seen`;

const USAGE = new Set([
  'USAGE',
  'CHECK_OPTIONS',
  'MODEL_INVALID',
  'PROPERTY_FAILED',
  'MODULE_NOT_FOUND',
  'MODULE_INVALID',
  'MODULE_THREW',
  'EXPORT_NOT_FOUND',
  'NOT_A_MACHINE',
  'MACHINE_V4',
  'PROPERTY_INVALID',
  'PROPERTY_THREW',
  'PROPERTY_REPLAY_INVALID',
  'SCHEMA_INVALID',
  'SCHEMA_ASYNC',
  'SCHEMA_FAILED',
  'SCHEMA_OPAQUE',
  'PAYLOAD_UNKNOWN',
  'PAYLOAD_INVALID',
  'PAYLOAD_REFUSED',
  'CONTEXT_GROWS',
  'VALUE_UNWRITABLE',
  'COVERAGE_UNKNOWN',
  'BOUNDS_INVALID',
  'ROLE_UNKNOWN',
  'MODEL_UNKNOWN',
  'MODEL_SIZE',
  'CLUSTER_SHARED_NODE',
  'SPECIFICATION_NOT_FOUND',
  'SIMULATION_INVALID',
  'SCHEDULE_INVALID',
  'FAULT_UNKNOWN',
  'SEEDS_INVALID',
  'REPLAY_INVALID',
  'REPLAY_VERSION',
  'REPLAY_PROTOCOL',
  'COUNTEREXAMPLE_INVALID',
  'TRACE_INVALID',
  'TRACE_VERSION',
  'TRACE_INCOMPLETE',
  'MAPPING_INVALID',
  'NOTHING_JUDGED',
  'RUN_FILE_UNKNOWN',
  'EXPORT_EMPTY',
  'EXPORT_UNKNOWN',
  'EXPORT_NO_CHART',
  'EXPORT_SEVERAL_CHARTS',
  'EXPORT_TOO_LONG',
  'EXPORT_CLOCKS',
  'FILE_UNREADABLE',
  'FILE_UNWRITABLE',
  'KV_KEY_INVALID',
  'KV_VALUE_INVALID',
  'KV_VALUE_TOO_LARGE',
  'KV_ENDPOINT_INVALID',
  'LISTEN_FAILED',
  'NODE_UNKNOWN',
  'NODES_CHANGED',
  'FAULT_INVALID',
  'PARTITION_INVALID',
  'CLUSTER_AMBIGUOUS',
  'CLUSTER_KIND',
  'STORAGE_FOREIGN',
  'DATA_DIRECTORY_UNUSABLE',
  'DATA_DIRECTORY_CORRUPT',
]);
const UNKNOWN = new Set(['KV_TIMEOUT', 'SIMULATION_ABORTED']);
const UNREACHABLE = new Set([
  'CLUSTER_NOT_RUNNING',
  'CLUSTER_STARTING',
  'CLUSTER_STOPPING',
  'KV_UNREACHABLE',
  'KV_NO_LEADER',
]);

/** The exit status for an error. */
export function exitCode(error: unknown): number {
  if (!isSynodError(error)) return EXIT.failed;
  if (!error.definite || UNKNOWN.has(error.code)) return EXIT.unknown;
  if (UNREACHABLE.has(error.code)) return EXIT.unreachable;
  return USAGE.has(error.code) || /^(PORT|HOST)_/.test(error.code) ? EXIT.usage : EXIT.failed;
}

/** Where commands write: text for people, or with `--json` one JSON value a line for programs. */
export class Output {
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  get isJson(): boolean {
    return this.#json;
  }

  /** The result of a command. */
  result(text: string, json: unknown): void {
    process.stdout.write(`${this.#json ? JSON.stringify(json) : text}\n`);
  }

  /** Progress and remarks: for people only. */
  remark(text: string): void {
    if (!this.#json) process.stderr.write(`${text}\n`);
  }

  /** A failure, on the error stream. */
  error(error: unknown): void {
    const code = isSynodError(error) ? error.code : 'INTERNAL';
    const message = isSynodError(error) ? error.message : describeError(error);
    const text = `${paint('red', 'error')} ${code}: ${message}`;
    const json = { error: { code, message, definite: isSynodError(error) ? error.definite : false } };
    process.stderr.write(`${this.#json ? JSON.stringify(json) : text}\n`);
  }
}

type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Colour, where `stream` is a terminal that has it; NO_COLOR and FORCE_COLOR are heeded. */
export const paint = (style: Style, text: string, stream: NodeJS.WriteStream = process.stderr): string =>
  styleText(style, text, { stream });

/** Rows as columns of equal width, for the output; `style` tells in which style a row is shown. */
export function table(
  rows: readonly (readonly string[])[],
  style: (row: readonly string[]) => Style | undefined,
): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    const chosen = style(row);
    return chosen ? paint(chosen, line, process.stdout) : line;
  });
  return lines.join('\n');
}

/** A whole number with separators. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');
