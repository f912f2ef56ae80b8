import { resolve } from 'node:path';
import { asTest, loadSpecification, type ReplayFile, replay } from '@synod/simulator';
import { describeCounterexample } from '../check/counterexample.ts';
import { diagram } from '../diagram.ts';
import type { CounterexampleFile } from '../files/counterexample-file.ts';
import { writeText } from '../files/files.ts';
import { type RunFile, readAnyRun } from '../files/run-file.ts';
import { inspectFile } from '../inspect.ts';
import { usage } from '../options.ts';
import { EXIT, type Output, paint } from '../output.ts';
import { referenceOf } from '../specifications.ts';
import { describeFile, describeReplay, describeReplayed } from './describe.ts';

export interface ReplayOptions {
  readonly asTest?: string | boolean;
  readonly module?: string;
  readonly last: number;
  readonly all?: boolean;
  readonly inspect?: boolean;
  readonly port: number;
  readonly json?: boolean;
}

/** Shows a run that was saved, in whatever way was asked for; answers the exit status. */
export async function runReplay(path: string, options: ReplayOptions, output: Output): Promise<number> {
  const run = readAnyRun(path);
  if (run.kind === 'property') {
    const { replayProperties } = await import('../property/replay.ts');
    return replayProperties(run.text, options, output);
  }
  if (options.inspect) await inspectFile(path, run, options, output);
  else if (options.asTest !== undefined && options.asTest !== false) writeTest(run, options, output);
  else if (run.kind === 'replay') return showReplay(run.file, options, output);
  else if (run.kind === 'counterexample') showCounterexample(run.file, options, output);
  else output.result(rows(run, options), { format: run.file.format, about: run.file.about, records: run.trace.length });
  return EXIT.ok;
}

const rows = ({ trace }: Pick<RunFile, 'trace'>, { all, last }: ReplayOptions): string =>
  diagram(trace, all ? {} : { last });

const moduleOf = (file: ReplayFile, module: string | undefined) => referenceOf(module ?? file.protocol);

async function showReplay(file: ReplayFile, options: ReplayOptions, output: Output): Promise<number> {
  const specification = await loadSpecification(moduleOf(file, options.module));
  const replayed = replay(specification, file);
  const { result, sameTrace, sameViolation, difference } = replayed;
  const text = [
    paint('bold', describeReplay(file), process.stdout),
    '',
    rows(file, options),
    '',
    describeReplayed(file, replayed),
  ];
  const { trace: _, ...now } = result;
  const { trace, ...recorded } = file;
  output.result(text.join('\n'), {
    ...recorded,
    records: trace.length,
    repeats: sameTrace && sameViolation,
    sameTrace,
    sameViolation,
    difference: difference ?? null,
    result: now,
  });
  return sameTrace && sameViolation ? EXIT.ok : EXIT.failed;
}

function showCounterexample(file: CounterexampleFile, options: ReplayOptions, output: Output): void {
  const { property: name, trace, steps, cycleFrom } = file;
  const run = { trace, steps, ...(cycleFrom !== undefined && { cycleFrom }) };
  const shown = describeCounterexample({ name, trace: run }, options.all ? undefined : options.last);
  const { trace: _, ...facts } = file;
  output.result([paint('bold', describeFile(file), process.stdout), '', shown].join('\n'), {
    ...facts,
    records: trace.length,
  });
}

function writeTest(run: RunFile, options: ReplayOptions, output: Output): void {
  if (run.kind === 'counterexample')
    throw usage(`A counterexample is found again by "${run.file.command}"; only a replay file becomes a test.`);
  if (run.kind === 'trace') throw usage('A trace alone cannot be run again; give a replay file.');
  const { module } = options;
  const test = asTest(run.file, module === undefined ? {} : { module: resolve(module) });
  if (typeof options.asTest !== 'string') return output.result(test.trimEnd(), { test });
  writeText(options.asTest, test);
  output.result(`Wrote ${options.asTest}`, { file: options.asTest, test });
}
