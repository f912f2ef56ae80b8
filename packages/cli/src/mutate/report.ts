import { describeStimulus, type MutationReport, type Survivor } from '@synod/testgen';
import { count, paint, table } from '../output.ts';

/** For people: the score of each kind of coverage, then what lives on and why. */
export function summaryOf(report: MutationReport, isGood: (score: number) => boolean): string {
  const { mutants, equivalent, idle, scores, survivors, complete } = report;
  const rows = scores.map(({ kind, tests, steps, killed, score }) => [
    kind,
    `${count(killed)} killed`,
    `${(100 * score).toFixed(1)} %`,
    `${count(tests)} tests, ${count(steps)} steps`,
  ]);
  const living = survivors.filter(({ seenBy }) => !seenBy || !('test' in seenBy));
  const passing = survivors.length - living.length;
  return [
    `${count(mutants)} mutants; ${count(equivalent.length)} of them are equivalent and ${count(idle.length)} stand where nothing can come, and do not count`,
    table(rows, ([, , score = '']) => (isGood(Number.parseFloat(score) / 100) ? 'green' : 'yellow')),
    ...survivors
      .filter((each) => living.includes(each))
      .map((each) => `${paint('yellow', 'survives', process.stdout)} ${each.mutant.description}: ${reasonOf(each)}`),
    ...(passing > 0
      ? [`${count(passing)} more pass the tests of some kind and fail those of another; --json lists them`]
      : []),
    ...equivalent.map(({ description }) => `${paint('dim', 'equivalent', process.stdout)} ${description}`),
    ...idle.map(({ description }) => `${paint('dim', 'never comes', process.stdout)} ${description}`),
    ...(complete ? [] : ['Stopped by Ctrl-C; this is what is known so far.']),
  ].join('\n');
}

/** Why a mutant lives on. */
function reasonOf({ seenBy, unreached, pairs = 0 }: Survivor): string {
  if (unreached !== undefined) return `no test comes there: ${unreached}`;
  if (!seenBy) return `nothing tells it from the machine in ${count(pairs)} pairs of worlds; --pairs looks further`;
  if ('test' in seenBy) return `it fails the test "${seenBy.test}"`;
  return seenBy.steps.length === 0
    ? 'it shows at the start, with an input that no test needs'
    : `it shows after ${seenBy.steps.map(describeStimulus).join(', then ')}`;
}

/** For programs. */
export const jsonOf = (machine: string, report: MutationReport): unknown => ({
  machine,
  ...report,
  equivalent: report.equivalent.map(plain),
  idle: report.idle.map(plain),
  survivors: report.survivors.map((survivor) => ({
    ...plain(survivor.mutant),
    of: survivor.of,
    reason: reasonOf(survivor),
  })),
});

const plain = ({ id, operator, description }: Survivor['mutant']) => ({ id, operator, description });
