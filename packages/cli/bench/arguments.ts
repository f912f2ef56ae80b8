import { type ParseArgsConfig, parseArgs } from 'node:util';

interface Option {
  readonly type: 'boolean' | 'string';
  readonly default?: string | boolean;
  /** For a person; what has none is between processes of the bench. */
  readonly about?: string;
  /** The words it may be, or what stands for them. */
  readonly is?: readonly string[] | 'NUMBER' | 'NAME' | 'FILE';
}

export interface BenchUsage<T extends Readonly<Record<string, Option>>> {
  readonly name: string;
  /** What it measures, in a sentence. */
  readonly about: string;
  readonly options: T;
}

type Asked<T extends NonNullable<ParseArgsConfig['options']>> = { readonly args: string[]; readonly options: T };
type Values<T extends NonNullable<ParseArgsConfig['options']>> = ReturnType<typeof parseArgs<Asked<T>>>['values'];

/** What to print, and the status to end with. */
interface Ending {
  readonly text: string;
  readonly status: 0 | 2;
}

/** The options that this process was given. `--help` prints the usage and ends it; what is no option ends it with a sentence and status 2. */
export function argumentsOf<T extends Readonly<Record<string, Option>>>(usage: BenchUsage<T>): Values<T> {
  const read = readArguments(usage, process.argv.slice(2));
  if ('values' in read) return read.values;
  (read.status === 0 ? process.stdout : process.stderr).write(read.text);
  process.exit(read.status);
}

/** The same as a value. */
export function readArguments<T extends Readonly<Record<string, Option>>>(
  usage: BenchUsage<T>,
  args: readonly string[],
): { readonly values: Values<T> } | Ending {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return { text: usageText(usage), status: 0 };
  try {
    const { values } = parseArgs<Asked<T>>({ args: [...args], options: usage.options });
    for (const [name, value] of Object.entries(values)) refuseUnfit(name, usage.options[name]?.is, value);
    return { values };
  } catch (error) {
    const [what = ''] = (error as Error).message.split(/[.\n]/);
    return { text: `${what}; pnpm run bench ${usage.name} --help shows what is possible.\n`, status: 2 };
  }
}

function refuseUnfit(name: string, is: Option['is'], value: unknown): void {
  if (value === undefined || is === undefined) return;
  if (is === 'NUMBER' && !/^\d+(\.\d+)?$/.test(String(value))) throw new Error(`--${name} takes a number`);
  if (typeof is === 'object' && !is.includes(String(value))) throw new Error(`--${name} is one of ${is.join(', ')}`);
}

/** Words that stand beside the option itself; more stand after what is said of it. */
const MOST_IN_LINE = 6;

function usageText({ name, about, options }: BenchUsage<Readonly<Record<string, Option>>>): string {
  const rows = Object.entries(options).flatMap(([option, { type, is, about: words, default: usual }]) => {
    if (words === undefined) return [];
    const choices = typeof is === 'object' ? is : [];
    const value = typeof is === 'string' ? is : choices.length > MOST_IN_LINE ? 'NAME' : choices.join('|') || 'TEXT';
    const list = choices.length > MOST_IN_LINE ? `: ${choices.join(', ')}` : '';
    const otherwise = typeof usual === 'string' ? ` (default: ${usual})` : '';
    return [[`--${option}${type === 'boolean' ? '' : ` ${value}`}`, `${words}${list}${otherwise}`] as const];
  });
  const width = Math.max(...rows.map(([option]) => option.length));
  const lines = rows.map(([option, words]) => `  ${option.padEnd(width)}  ${words}\n`);
  return `Usage: pnpm run bench ${name} [options]\n\n${about}\n\nOptions:\n${lines.join('')}`;
}

/** The option that all benches have. */
export const JSON_OPTION = { type: 'boolean', default: false, about: 'print JSON' } as const;
