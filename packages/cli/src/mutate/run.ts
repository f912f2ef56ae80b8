import { DEFAULT_BOUNDS, type MutationReport, mutationScore } from '@synod/testgen';
import { PROTOCOL_VALUES } from '../generate/run.ts';
import { type Source, sourceOf } from '../generate/source.ts';
import { interruptible } from '../interrupt.ts';
import { EXIT, type Output } from '../output.ts';
import { progressOf, statusOf } from '../progress.ts';
import type { MutateCommandOptions } from './options.ts';
import { jsonOf, summaryOf } from './report.ts';

/** Scores the generated tests of a machine by its mutants. Returns the exit status. */
export async function runMutate(machine: string, options: MutateCommandOptions, output: Output): Promise<number> {
  const source = await sourceOf(machine, options);
  for (const note of source.notes) output.remark(note);
  const report = await scored(source, options, output);
  const isGood = (score: number) => 100 * score >= (options.atLeast ?? 100);
  output.result(summaryOf(report, isGood), jsonOf(machine, report));
  if (options.atLeast !== undefined && report.scores.some(({ score }) => !isGood(score))) return EXIT.failed;
  return report.complete ? EXIT.ok : EXIT.unknown;
}

const scored = (source: Source, options: MutateCommandOptions, output: Output): Promise<MutationReport> =>
  interruptible(async (signal) => {
    const status = statusOf(output);
    status.update('generating tests');
    let progress: ReturnType<typeof progressOf> | undefined;
    try {
      return await mutationScore(source.subject, {
        coverage: options.coverage,
        seed: options.seed,
        bounds: {
          ...(options.maxWorlds !== undefined && { worlds: options.maxWorlds }),
          values: options.values ?? (source.isProtocol ? PROTOCOL_VALUES : DEFAULT_BOUNDS.values),
        },
        pairs: options.pairs,
        payloads: source.payloads,
        sometimes: source.sometimes,
        signal,
        onProgress: ({ done, mutants }) => {
          if (!progress) status.stop();
          progress ??= progressOf(output, mutants, 'mutants');
          progress.update(done, '');
        },
      });
    } finally {
      status.stop();
      progress?.stop();
    }
  });
