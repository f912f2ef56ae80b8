import type { ClientHistory, JudgedProperty, Span, Verdicts } from '@synod/inspector';
import type { Property, SimulationConfiguration } from '@synod/protocol';
import type { Held, Violation } from '@synod/simulator';
import { clientHistory } from './history.ts';

/** What is known of a run of the simulator, or of the beginning of one that is held. */
export function verdictsOfSimulation(configuration: SimulationConfiguration, held: Held): Verdicts {
  const { result, marks, choices, reached } = held;
  const trace = result.trace ?? [];
  const { violations } = result;
  const [violation] = violations;
  const history = clientHistory(trace, configuration.object);
  const end: Span = [marks.at(-1) ?? 0, trace.length];
  const run: Run = { violations, isOver: choices === undefined, end, reached, marks };
  const properties = [
    ...configuration.properties.map((property) => judged(property, run)),
    ...(violation?.kind === 'assertion' ? [broken(violation.property, 'assertion', violation, end)] : []),
    ...(configuration.progress ? [progress(configuration.progress.about, run)] : []),
    ...(history && configuration.object ? [linearizable(history)] : []),
  ];
  return { properties, ...(history && { history }) };
}

interface Run {
  /** A step may break several promises at once. */
  readonly violations: readonly Violation[];
  /** Whether it came to its end, and was not held. */
  readonly isOver: boolean;
  readonly end: Span;
  readonly reached: Held['reached'];
  readonly marks: Held['marks'];
}

function judged({ name, kind, source }: Property, run: Run): JudgedProperty {
  const { violations, end } = run;
  const violation = violations.find((each) => each.property === name && each.kind === kind);
  if (violation)
    return {
      ...broken(name, kind, violation, end),
      source,
      ...(kind !== 'eventually' && { changes: [[0, true] as const, [end[1], false] as const] }),
    };
  if (kind === 'sometimes') {
    const records = run.reached.get(name);
    if (records === undefined)
      return { name, kind, source, verdict: 'open', message: 'it did not come about in this run' };
    return { name, kind, source, verdict: 'holds', at: turnAround(run, records) };
  }
  if (kind !== 'eventually') return { name, kind, source, verdict: 'holds', changes: [[0, true]] };
  return { name, kind, source, ...atTheEnd(run) };
}

/** What is asked only when all faults have healed. */
const atTheEnd = ({ isOver, violations }: Run): Pick<JudgedProperty, 'verdict' | 'message'> =>
  isOver && violations.every(({ kind }) => kind === 'history')
    ? { verdict: 'holds' }
    : { verdict: 'open', message: 'the run ends before it is asked for' };

function progress(name: string, run: Run): JudgedProperty {
  const violation = run.violations.find(({ kind }) => kind === 'progress');
  return violation ? broken(name, 'progress', violation, run.end) : { name, kind: 'progress', ...atTheEnd(run) };
}

const broken = (name: string, kind: JudgedProperty['kind'], { message }: Violation, at: Span): JudgedProperty => ({
  name,
  kind,
  verdict: 'violated',
  message,
  at,
});

function linearizable({ verdict, message, operations }: ClientHistory): JudgedProperty {
  const about = {
    name: 'Linearizability',
    kind: 'linearizable',
    source: 'Herlihy & Wing 1990',
    ...(message !== undefined && { message }),
  } as const;
  if (verdict !== 'no') return { ...about, verdict: verdict === 'yes' ? 'holds' : 'open' };
  const answers = operations.flatMap(({ stuck, records: [, answered] }) =>
    stuck && answered !== undefined ? [answered] : [],
  );
  const answered = answers.length > 0 ? Math.min(...answers) : undefined;
  return { ...about, verdict: 'violated', ...(answered !== undefined && { at: [answered, answered + 1] as const }) };
}

/** The records of the turn in which there came to be so many. */
function turnAround({ marks, end }: Run, records: number): Span {
  const from = marks.findLast((mark) => mark < records) ?? 0;
  return [from, marks.find((mark) => mark >= records) ?? end[1]];
}
