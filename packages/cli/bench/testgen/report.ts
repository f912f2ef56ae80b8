import type { Failed, Row } from './row.ts';

export interface Pair {
  readonly name: string;
  readonly ours: Row | Failed;
  readonly theirs: Row | Failed;
}

const COLUMNS = ['', '', 'tests', 'steps', 'ms', 'transitions', 'mutants', 'at best', 'states', 'states/s'] as const;

/** A table for people, two lines a machine, and what the second could not do. */
export function describeComparison(pairs: readonly Pair[]): string {
  const rows = pairs.flatMap(({ name, ours, theirs }) => [
    [name, 'Synod', ...cells(ours)],
    ['', '@xstate/graph', ...cells(theirs)],
  ]);
  const widths = COLUMNS.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const troubles = pairs.flatMap(({ name, theirs }) =>
    theirs.trouble === undefined ? [] : [`  ${name}: ${theirs.trouble}`],
  );
  return [
    'Tests of full transition coverage of packages/examples, with the same values for the same events',
    '',
    line(COLUMNS),
    ...rows.map(line),
    '',
    'at best: mutants noticed by tests of pairs of transitions, and by all simple paths where these come to an end',
    '',
    ...rates(pairs),
    ...(troubles.length === 0 ? [] : ['', '@xstate/graph refuses, or cannot tell:', ...troubles]),
    '',
  ].join('\n');
}

const isRow = (each: Row | Failed): each is Row => 'tests' in each;

function cells(each: Row | Failed): readonly string[] {
  if (!isRow(each)) return ['–'];
  const { tests, steps, ms, transitions, score, best, states, statesPerSecond } = each;
  const number = (value: number | undefined) => (value === undefined ? '–' : Math.round(value).toLocaleString('en-US'));
  const percent = (share: number | undefined) => (share === undefined ? '–' : `${(100 * share).toFixed(1)} %`);
  return [
    ...[tests, steps, ms, transitions].map(number),
    ...[score, best].map(percent),
    ...[states, statesPerSecond].map(number),
  ];
}

/** States a second, where both came to the end of the same machine. */
function rates(pairs: readonly Pair[]): readonly string[] {
  return pairs.flatMap(({ name, ours, theirs }) => {
    if (!isRow(ours) || !isRow(theirs)) return [];
    if (ours.statesPerSecond === undefined || theirs.statesPerSecond === undefined) return [];
    return [`${name}: ${(ours.statesPerSecond / theirs.statesPerSecond).toFixed(1)} times the states a second`];
  });
}
