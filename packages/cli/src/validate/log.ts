import { loadExport, loadModule, referenceOf } from '@synod/testgen';
import { describeAllowed } from '@synod/validator';
import { type LogMapping, LogValidator, type LogVerdict, parseMapping } from '@synod/validator/log';
import { readJson } from '../files/files.ts';
import { sourceOf } from '../generate/source.ts';
import { interruptible } from '../interrupt.ts';
import { usage } from '../options.ts';
import { count, EXIT, type Output, paint } from '../output.ts';
import { statusOf } from '../progress.ts';
import { linesOf } from './traces.ts';

export interface LogFileOptions {
  readonly machine: readonly string[];
  readonly map: string;
  readonly infer: number;
  readonly cases?: string;
  readonly role?: string;
}

/** Between two reports of progress. */
const EVERY = 1_000;

/** Judges an app's log. Returns the exit status. */
export async function judgeLog(files: readonly string[], options: LogFileOptions, output: Output): Promise<number> {
  const [file, ...more] = files;
  const [machine, ...others] = options.machine;
  if (file === undefined || more.length > 0)
    throw usage('A log is one file; join several in the order of time, and give that or - for the standard input.');
  if (machine === undefined || others.length > 0)
    throw usage('A log is judged by one machine; give it with --machine MODULE#EXPORT.');
  const { cases, role } = options;
  const mapping = await mappingOf(options.map);
  const source = await sourceOf(machine, {
    seed: 0,
    ...(cases !== undefined && { cases }),
    ...(role !== undefined && { role }),
  });
  const validator = new LogValidator(source.subject, source.payloads, { infer: options.infer });
  return interruptible(async (signal) => {
    const status = statusOf(output);
    let lines = 0;
    for await (const line of linesOf(file)) {
      if (validator.next(mapping(line)) || signal.aborted) break;
      if (++lines % EVERY === 0) status.update(`${count(lines)} lines judged`);
    }
    status.stop();
    const verdict = validator.verdict();
    const complete = !signal.aborted;
    output.result(describe(verdict, complete), { ...verdict, complete });
    if (verdict.misfit) return EXIT.failed;
    return complete ? EXIT.ok : EXIT.unknown;
  });
}

/** A mapping written as JSON, or a module's `mapping` or default export. */
async function mappingOf(path: string): Promise<LogMapping> {
  if (path.endsWith('.json')) return parseMapping(readJson(path, 'The mapping', 'MAPPING_INVALID'));
  const { name, file } = referenceOf(path);
  const all = name === undefined ? await loadModule(file) : undefined;
  const value = all ? (all.mapping ?? all.default) : await loadExport(path);
  return typeof value === 'function' ? (value as LogMapping) : parseMapping(value);
}

function describe(verdict: LogVerdict, complete: boolean): string {
  const { misfit, lines, unmapped, observations, actors, inferred, isCut } = verdict;
  const looked = `${count(lines)} lines (${count(unmapped)} tell of no machine), ${count(observations)} observations of ${count(actors.length)} machines`;
  const head = misfit
    ? paint('red', 'does not fit', process.stdout)
    : paint('green', complete ? 'valid' : 'valid as far as it was read', process.stdout);
  const text = [`${head}: ${looked}`];
  if (misfit) {
    const { code, message, told, machine, allowed } = misfit;
    text.push(
      '',
      paint('bold', code, process.stdout),
      `  ${message}`,
      `  the log:     ${told}`,
      `  the machine: ${machine}`,
    );
    text.push(
      `  allowed in ${JSON.stringify(allowed.state)}:`,
      ...describeAllowed(allowed).map((each) => `    ${each}`),
    );
  }
  if (inferred.length > 0)
    text.push(
      '',
      'Not in the log, and needed:',
      ...inferred.map(({ actor, line, what }) => `  before line ${line}, ${actor}: ${what}`),
    );
  if (isCut && !misfit) text.push('', 'The search met its bounds: another explanation may be simpler.');
  return text.join('\n');
}
