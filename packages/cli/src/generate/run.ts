import { readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { SynodError } from '@synod/protocol';
import {
  DEFAULT_BOUNDS,
  type Generated,
  generateTestsAsync,
  type Subjects,
  type WrittenFile,
  writeTests,
} from '@synod/testgen';
import { interruptible } from '../interrupt.ts';
import { EXIT, type Output } from '../output.ts';
import { statusOf } from '../progress.ts';
import type { GenerateCommandOptions } from './options.ts';
import { jsonOf, summaryOf } from './report.ts';
import { type Source, sourceOf } from './source.ts';

/** Values to try for one event of a protocol in one world, unless told otherwise. */
export const PROTOCOL_VALUES = 12;

/** Generates tests and writes them. Returns the exit status. */
export async function runGenerate(machine: string, options: GenerateCommandOptions, output: Output): Promise<number> {
  const source = await sourceOf(machine, options);
  const generated = await generate(source, options, output);
  if (generated.ended === 'aborted') {
    output.remark('Stopped by Ctrl-C; nothing was written.');
    return EXIT.unknown;
  }
  const written = writeTests(generated, {
    ...importedAs(source.subjects, options.out),
    command: commandOf(machine, options),
  });
  const changed = await store(written, options);
  const report = { machine, generated, written, ...(options.out !== undefined && { file: options.out }), changed };
  if (options.out === undefined && !output.isJson) process.stdout.write(written.source);
  if (output.isJson || options.out !== undefined)
    output.result(summaryOf(report, options.check === true), jsonOf(report));
  else output.remark(summaryOf(report, false));
  for (const note of source.notes) output.remark(note);
  if (options.check === true && changed) return EXIT.failed;
  return generated.thrown.length > 0 && !source.isProtocol ? EXIT.failed : EXIT.ok;
}

const generate = (source: Source, options: GenerateCommandOptions, output: Output): Promise<Generated> =>
  interruptible(async (signal) => {
    const status = statusOf(output);
    try {
      return await generateTestsAsync(source.subject, {
        coverage: options.coverage,
        seed: options.seed,
        bounds: {
          ...(options.maxWorlds !== undefined && { worlds: options.maxWorlds }),
          ...(options.maxDepth !== undefined && { depth: options.maxDepth }),
          // Messages differ in more ways than the events of most machines.
          values: options.values ?? (source.isProtocol ? PROTOCOL_VALUES : DEFAULT_BOUNDS.values),
          ...(options.patience !== undefined && { patience: options.patience }),
        },
        payloads: source.payloads,
        sometimes: source.sometimes,
        signal,
        onProgress: ({ worlds, covered, targets }) =>
          status.update(`${worlds.toLocaleString('en-US')} worlds · ${covered} of ${targets} targets`),
      });
    } finally {
      status.stop();
    }
  });

/** What a generated file imports: a path as seen from where the file is. */
export function importedAs(subjects: Subjects, out: string | undefined): Subjects {
  if (!isAbsolute(subjects.module)) return subjects;
  const from = out === undefined ? process.cwd() : dirname(resolve(out));
  const path = relative(from, subjects.module).split(sep).join('/');
  return { ...subjects, module: path.startsWith('.') ? path : `./${path}` };
}

/** The command that gives the file again, with what is not as by default. */
function commandOf(machine: string, options: GenerateCommandOptions): string {
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ['--role', options.role],
    ['--coverage', options.coverage.join()],
    ['--cases', options.cases],
    ['--seed', options.seed === 1 ? undefined : options.seed],
    ['--max-worlds', options.maxWorlds],
    ['--max-depth', options.maxDepth],
    ['--values', options.values],
    ['--patience', options.patience],
    ['--out', options.out],
  ];
  const given = flags
    .filter(([, value]) => value !== undefined)
    .map(([flag, value]) => `${flag} ${shell(String(value))}`);
  return ['synod generate', shell(machine), ...given].join(' ');
}

export const shell = (text: string): string =>
  /^[\w./#,:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Writes the file, unless it is only to be checked. Returns whether it is other than before. */
export async function store(
  { source }: Pick<WrittenFile, 'source'>,
  { out, check }: Pick<GenerateCommandOptions, 'out' | 'check'>,
): Promise<boolean> {
  if (out === undefined) return false;
  const before = await readFile(out, 'utf8').catch(() => undefined);
  if (before === source) return false;
  if (check === true) return true;
  try {
    await writeFile(out, source);
  } catch (cause) {
    throw new SynodError('FILE_UNWRITABLE', `${out} cannot be written; choose another path with --out.`, { cause });
  }
  return true;
}
