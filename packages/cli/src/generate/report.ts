import type { Generated, Unreached, WrittenFile } from '@synod/testgen';
import { count, paint, table } from '../output.ts';

/** Of what is not covered, a summary shows so many; the file and --json have more. */
const MOST_SHOWN = 15;

export interface Report {
  readonly machine: string;
  readonly generated: Generated;
  readonly written: WrittenFile;
  readonly file?: string;
  /** Whether the file is other than before. */
  readonly changed: boolean;
}

/** For people: what is covered, what is not and why, and what became of the file. */
export function summaryOf({ generated, written, file, changed }: Report, check: boolean): string {
  const { tests, coverage, unreached, thrown, worlds, steps } = generated;
  const rows = coverage
    .filter(({ total }) => total > 0)
    .map(({ kind, covered, total }) => [
      kind,
      `${covered}/${total}`,
      total === 0 ? '' : `${((100 * covered) / total).toFixed(covered === total ? 0 : 1)} %`,
    ]);
  const taken = tests.reduce((sum, test) => sum + test.steps.length, 0);
  const lines = [
    `${count(tests.length)} tests of ${count(taken)} steps, out of ${count(worlds)} worlds and ${count(steps)} steps${ended(generated)}`,
    ...(rows.length > 0 ? [table(rows, ([, covered = '']) => (isWhole(covered) ? 'green' : 'yellow'))] : []),
    ...unreachedLines(unreached),
    ...thrown.map(({ error }) => `${paint('red', 'throws', process.stdout)} ${error.code}: ${error.message}`),
    ...written.leftOut.map(
      ({ name, unwritable }) =>
        `${paint('yellow', 'not written', process.stdout)} ${name}: ${unwritable.map(({ place, what }) => `${place} is ${what}`).join(', ')}; give plain data as cases`,
    ),
  ];
  if (file === undefined) return lines.join('\n');
  const fate = !changed
    ? `${file} is up to date.`
    : check
      ? `${file} would change; generate it again without --check.`
      : `Wrote ${file}.`;
  return [...lines, fate].join('\n');
}

const isWhole = (fraction: string): boolean => {
  const [covered, total] = fraction.split('/');
  return covered === total;
};

const ended = ({ ended }: Generated): string =>
  ({
    covered: '',
    exhausted: '; there was nothing left to explore',
    worlds: '; the bound on worlds was reached',
    patience: '; nothing new came for long',
    aborted: '',
  })[ended];

/** The dead first: they are findings whatever the bounds. */
function unreachedLines(unreached: readonly Unreached[]): readonly string[] {
  if (unreached.length === 0) return [];
  const dead = unreached.filter(({ code }) => code === 'dead');
  const rest = unreached.filter(({ code }) => code !== 'dead');
  const all = [...dead, ...rest];
  const lines = all.slice(0, MOST_SHOWN).map(({ target, code, reason }) => {
    const mark =
      code === 'dead' ? paint('red', 'dead', process.stdout) : paint('yellow', 'not covered', process.stdout);
    return `${mark} ${target.kind}: ${target.title}: ${reason}`;
  });
  return all.length > lines.length
    ? [...lines, `and ${count(all.length - lines.length)} more; --json lists all`]
    : lines;
}

/** For programs. */
export function jsonOf({ machine, generated, written, file, changed }: Report): unknown {
  const { tests, coverage, unreached, thrown, worlds, steps, ended } = generated;
  return {
    machine,
    ...(file !== undefined && { file, changed }),
    ended,
    worlds,
    steps,
    coverage: Object.fromEntries(coverage.map(({ kind, covered, total }) => [kind, { covered, total }])),
    tests: tests.map(({ name, target, also, steps }) => ({
      name,
      target: target.id,
      also: also.map(({ id }) => id),
      steps: steps.length,
    })),
    unreached: unreached.map(({ target, code, reason }) => ({
      kind: target.kind,
      id: target.id,
      title: target.title,
      code,
      reason,
    })),
    thrown: thrown.map(({ error }) => ({ code: error.code, message: error.message })),
    leftOut: written.leftOut,
    ...(file === undefined && { source: written.source }),
  };
}
