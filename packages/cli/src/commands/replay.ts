import { resolve } from 'node:path';
import { asTest, loadSpecification, type ReplayFile, replay } from '@synod/simulator';
import type { Command } from 'commander';
import { describeCounterexample } from '../check/counterexample.ts';
import { diagram } from '../diagram.ts';
import type { CounterexampleFile } from '../files/counterexample-file.ts';
import { writeText } from '../files/files.ts';
import { type RunFile, readAnyRun } from '../files/run-file.ts';
import { inspectFile } from '../inspect.ts';
import { file, usage, wholeNumber } from '../options.ts';
import { EXIT, Output, paint, verdictHelp } from '../output.ts';
import { describeFile, describeReplay, describeReplayed } from '../replay/describe.ts';
import { referenceOf } from '../specifications.ts';

interface ReplayOptions {
  readonly asTest?: string | boolean;
  readonly module?: string;
  readonly last: number;
  readonly all?: boolean;
  readonly inspect?: boolean;
  readonly port: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  synod replay synod-raft-42.json
  synod replay synod-raft-42.json --inspect
  synod replay synod-raft-42.json --as-test seed-42.test.ts
  synod check raft --mutant forgets-vote --save found.json; synod replay found.json`;

/** replay. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .argument('<file>', 'a replay file of sim or property, a counterexample of check, or a trace', file)
    .description('show a run that was saved, and whether it repeats')
    .option('--as-test [file]', 'write it as a Vitest test; without a file, print that')
    .option('--module <path>', "the module of its protocol, if it is none of Synod's own; of a machine MODULE#EXPORT")
    .option('--last <rows>', 'rows of the diagram', wholeNumber(1, 1_000_000), 100)
    .option('--all', 'the whole diagram')
    .option('--inspect', 'open it in the inspector')
    .option('--port <port>', "the inspector's port; 0: chosen by the system", wholeNumber(0, 65_535), 0)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', verdictHelp('the run does not repeat: what it names is not what is saved'))
    .action(async (path: string, options: ReplayOptions) => {
      const output = new Output(options.json === true);
      const run = readAnyRun(path);
      if (run.kind === 'property') {
        const { replayProperties } = await import('../property/replay.ts');
        process.exitCode = await replayProperties(run.text, options, output);
        return;
      }
      if (options.inspect) return inspectFile(path, run, options, output);
      if (options.asTest !== undefined && options.asTest !== false) return writeTest(run, options, output);
      if (run.kind === 'replay') process.exitCode = await showReplay(run.file, options, output);
      else if (run.kind === 'counterexample') showCounterexample(run.file, options, output);
      else
        output.result(rows(run, options), {
          format: run.file.format,
          about: run.file.about,
          records: run.trace.length,
        });
    });
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
