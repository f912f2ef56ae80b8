import { ASSERTIONS } from '@synod/checker';
import type { Specification } from '@synod/protocol';
import { count, paint, table } from '../output.ts';
import { type Job, type JobResult, placeOf } from './jobs.ts';
import type { Done } from './pool.ts';

/** What a tool came to about a mutant, or about the right machine; null where it does not look, or has not yet. */
type Finding = (JobResult & { readonly found: boolean }) | null;

export interface MutantReport {
  readonly protocol: string;
  readonly mutant: string;
  readonly mistake: string;
  readonly source: string;
  readonly found: boolean;
  readonly check: Finding;
  readonly simulate: Finding;
}

/** The right machine in one of the places in which mutants are looked for. */
export interface RightReport {
  readonly protocol: string;
  readonly tool: Job['tool'];
  readonly place: string;
  readonly passes: boolean;
  readonly states?: number;
  readonly runs?: number;
  readonly seconds: number;
  readonly broken: readonly JobResult[];
}

const findingOf = (done: readonly Done[], protocol: string, mutant: string, tool: Job['tool']): Finding => {
  const result = done.find(
    ({ job }) => job.protocol === protocol && job.mutant === mutant && job.tool === tool,
  )?.result;
  return result ? { found: result.property !== undefined, ...result } : null;
};

/** One report a mutant for which there was something to do. */
export function mutantReports(specifications: readonly Specification[], jobs: readonly Job[], done: readonly Done[]) {
  return specifications.flatMap(({ name: protocol, mutants }) =>
    mutants
      .filter(({ name }) => jobs.some((job) => job.protocol === protocol && job.mutant === name))
      .map(({ name: mutant, mistake, source }): MutantReport => {
        const check = findingOf(done, protocol, mutant, 'check');
        const simulate = findingOf(done, protocol, mutant, 'sim');
        const found = check?.found === true || simulate?.found === true;
        return { protocol, mutant, mistake, source, found, check, simulate };
      }),
  );
}

/** One report a place, its parts together. */
export function rightReports(done: readonly Done[]): readonly RightReport[] {
  const places = new Map<string, RightReport>();
  for (const { job, result } of done) {
    if (job.mutant !== undefined) continue;
    const { protocol, tool } = job;
    const place = placeOf(job);
    const key = `${protocol} ${tool} ${place}`;
    const known = places.get(key) ?? { protocol, tool, place, passes: true, seconds: 0, broken: [] };
    places.set(key, {
      ...known,
      passes: known.passes && result.property === undefined,
      seconds: known.seconds + result.seconds,
      ...(result.states !== undefined && { states: result.states }),
      ...(result.runs !== undefined && { runs: (known.runs ?? 0) + result.runs }),
      broken: result.property === undefined ? known.broken : [...known.broken, result],
    });
  }
  return [...places.values()];
}

/** The reports as tables. */
export function describeReports(mutants: readonly MutantReport[], right: readonly RightReport[]): string {
  const style = ([mark]: readonly string[]) => (mark === '✗' ? 'red' : mark === '✓' ? undefined : 'bold');
  const rows = mutants.map(({ protocol, mutant, found, check, simulate }) => [
    found ? '✓' : '✗',
    protocol,
    mutant,
    describeFinding(check),
    describeFinding(simulate),
    brokenBy(check) ?? brokenBy(simulate) ?? '',
  ]);
  const passes = right.map(({ protocol, tool, place, passes, states, runs, seconds, broken }) => [
    passes ? '✓' : '✗',
    protocol,
    `${tool} ${place}`,
    `${states === undefined ? `${count(runs ?? 0)} seeds` : `${count(states)} states`}, ${seconds.toFixed(1)} s`,
    broken[0]
      ? `breaks ${broken[0].property}${broken[0].seed === undefined ? '' : ` with seed ${broken[0].seed}`}`
      : '',
  ]);
  const found = mutants.filter((mutant) => mutant.found).length;
  return [
    table([['', 'PROTOCOL', 'MUTANT', 'CHECKER', 'SIMULATOR', 'BREAKS'], ...rows], style),
    '',
    ...(passes.length > 0 ? [table([['', 'PROTOCOL', 'WITHOUT A MISTAKE', 'WITHIN', ''], ...passes], style), ''] : []),
    `${paint(found === mutants.length ? 'green' : 'red', `${found} of ${mutants.length} found`, process.stdout)}; ${describeRight(right)}.`,
  ].join('\n');
}

function describeRight(right: readonly RightReport[]): string {
  if (right.length === 0) return 'the right machines were not run';
  const broken = right.filter(({ passes }) => !passes).length;
  return broken === 0
    ? 'the right machines pass within the same bounds'
    : paint('red', `the right machines fail in ${broken} of ${right.length} places`, process.stdout);
}

/** Characters of what is broken, in a table. */
const WIDEST = 60;

/** Of an assertion that a machine makes of itself, what it says. */
function brokenBy(finding: Finding): string | undefined {
  const text = finding?.property === ASSERTIONS ? finding.message : finding?.property;
  return text !== undefined && text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

function describeFinding(finding: Finding): string {
  if (!finding) return '–';
  const { found, states, runs, seed, seconds } = finding;
  const spent =
    states === undefined ? (found ? `seed ${seed}` : `${count(runs ?? 0)} seeds`) : `${count(states)} states`;
  return `${found ? '' : 'not in '}${spent}, ${seconds.toFixed(1)} s`;
}
