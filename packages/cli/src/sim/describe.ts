import type { Coverage, ShrinkSize, SimulationResult, SwarmProgress, Violation } from '@synod/simulator';
import { count, paint } from '../output.ts';

const out = process.stdout;

/** A broken promise, in a line. */
export const describeViolation = ({ property, kind, atMs, part, message }: Violation): string =>
  `${paint('red', '✗', out)} ${property} (${kind}) at ${count(atMs)} ms${part ? ` on ${part}` : ''}: ${message}`;

const rate = (simulated: number, wall: number): string =>
  `${simulated.toFixed(1)} simulated seconds in ${wall.toFixed(2)} s (${count(simulated / Math.max(wall, 0.001))} a second)`;

/** A run, in lines. */
export function describeRun(result: SimulationResult): string {
  const { seed, steps, simulatedSeconds, wallSeconds, violations, schedule, coverage } = result;
  return [
    `seed ${seed}: ${count(steps)} steps, ${schedule.length} faults, ${rate(simulatedSeconds, wallSeconds)}.`,
    ...(violations.length > 0
      ? violations.map(describeViolation)
      : [`${paint('green', '✓', out)} every promise was kept`]),
    ...describeCoverage(coverage),
  ].join('\n');
}

/** Where a swarm stands, in a line. */
export const describeProgress = ({ failing, simulatedSeconds, wallSeconds, coverage }: SwarmProgress): string =>
  [
    `${count(simulatedSeconds / Math.max(wallSeconds, 0.001))} simulated s/s`,
    `${taken(coverage)} of transitions`,
    `${failing.length} failing`,
  ].join(' · ');

/** A swarm, in lines: failing seeds at the end. */
export function describeSwarm(result: SwarmProgress, seeds: string): string {
  const { runs, of, failing, steps, simulatedSeconds, wallSeconds, coverage } = result;
  const part = runs === of ? count(runs) : `${count(runs)} of ${count(of)}`;
  return [
    `seeds ${seeds}: ${part} runs, ${count(steps)} steps, ${rate(simulatedSeconds, wallSeconds)}.`,
    ...describeCoverage(coverage),
    ...(failing.length === 0
      ? [`${paint('green', '✓', out)} no seed failed`]
      : [
          `${paint('red', '✗', out)} ${count(failing.length)} failing seed${failing.length === 1 ? '' : 's'}:`,
          ...describeFailing(failing),
        ]),
  ].join('\n');
}

/** Seeds shown of a promise that many break. */
const MOST_SEEDS = 20;

/** By what they break, the first of each. */
function describeFailing(failing: SwarmProgress['failing']): string[] {
  const seeds = new Map<string, number[]>();
  for (const { seed, violations } of failing)
    for (const { property } of violations) seeds.set(property, [...(seeds.get(property) ?? []), seed]);
  return [...seeds].map(([property, of]) => {
    const more = of.length > MOST_SEEDS ? ` and ${count(of.length - MOST_SEEDS)} more` : '';
    return `  ${property}: ${of.slice(0, MOST_SEEDS).join(', ')}${more}`;
  });
}

function taken({ transitions }: Coverage): string {
  const roles = Object.values(transitions);
  const some = roles.reduce((sum, role) => sum + role.taken.length, 0);
  const all = roles.reduce((sum, role) => sum + role.taken.length + role.missing.length, 0);
  return `${some}/${all}`;
}

function describeCoverage({ transitions, sometimes, operations }: Coverage): string[] {
  const roles = Object.entries(transitions).flatMap(([role, { taken, missing }]) => [
    `${role}: ${taken.length} of ${taken.length + missing.length} transitions taken${missing.length > 0 ? ', never:' : ''}`,
    ...missing.map((ref) => paint('dim', `  ${plainRef(ref)}`, out)),
  ]);
  const unseen = Object.entries(sometimes).flatMap(([name, reached]) => (reached ? [] : [name]));
  const { invoked, returned, failed } = operations;
  return [
    ...roles,
    ...(unseen.length > 0 ? [`never seen: ${unseen.join(', ')}`] : []),
    ...(invoked > 0
      ? [`operations: ${count(invoked)} begun, ${count(returned)} answered, ${count(failed)} refused`]
      : []),
  ];
}

/** `raft.follower#xstate.after.electionTimeout.raft.follower[0]` is `raft.follower after electionTimeout` to a reader. */
const plainRef = (ref: string): string => {
  const [state = '', event = ''] = ref.split('#');
  const after = event.match(/^xstate\.after\.([^.]+)\..*\[(\d+)\]$/);
  const [, name = '', place = '0'] = after ? [] : (event.match(/^(.*)\[(\d+)\]$/) ?? []);
  const candidate = after?.[2] ?? place;
  return `${state}  ${after ? `after ${after[1]}` : name}${candidate === '0' ? '' : `, candidate ${Number(candidate) + 1}`}`;
};

/** What shrinking has left of a run. */
export const describeSize = ({ faults, nodes, clients, requests, seconds }: ShrinkSize): string =>
  `${faults} fault${faults === 1 ? '' : 's'}, ${nodes} nodes, ${clients} clients, ${requests} requests, ${seconds} s`;
