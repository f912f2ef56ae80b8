import type { Replayed, ReplayFile } from '@synod/simulator';
import type { CounterexampleFile } from '../files/counterexample-file.ts';
import { count, paint } from '../output.ts';

const out = process.stdout;
const good = (text: string) => `${paint('green', '✓', out)} ${text}`;
const bad = (text: string) => `${paint('red', '✗', out)} ${text}`;

/** What a replay file is of, in a line. */
export function describeReplay(file: ReplayFile): string {
  const { protocol, simulation, mutant, seed, nodes, clients, seconds, schedule, trace } = file;
  const mistake = mutant === undefined ? '' : `, mutant ${mutant}`;
  const size = `${nodes} nodes, ${clients} clients, ${seconds} s, ${schedule.length} faults`;
  return `${protocol}, simulation ${simulation}${mistake}, seed ${seed}: ${size}, ${count(trace.length)} records.`;
}

/** What a counterexample is of, in lines. */
export function describeFile({
  protocol,
  model,
  mutant,
  nodes,
  property,
  verdict,
  ...file
}: CounterexampleFile): string {
  const { steps, message, command } = file;
  const mistake = mutant === undefined ? '' : `, mutant ${mutant}`;
  return [
    `${protocol}, model ${model}${mistake}, ${nodes} nodes: ${property} ${verdict}${message ? `, ${message}` : ''}; ${steps.length} steps.`,
    `Found by ${command}`,
  ].join('\n');
}

/** Whether the run is the one in the file, in lines. */
export function describeReplayed({ violation, trace }: ReplayFile, replayed: Replayed): string {
  const { result, sameTrace, sameViolation, difference } = replayed;
  const [now] = result.violations;
  const broken = violation ? `${violation.property} is broken at ${count(violation.atMs)} ms` : 'every promise is kept';
  const lines = [];
  if (violation)
    lines.push(bad(`${violation.property} (${violation.kind}) at ${count(violation.atMs)} ms: ${violation.message}`));
  if (sameTrace && sameViolation)
    lines.push(good(`It repeats: the same ${count(trace.length)} records, and ${broken} again.`));
  if (!sameViolation)
    lines.push(
      bad(
        now
          ? `It does not repeat: now ${now.property} is broken at ${count(now.atMs)} ms, in the file ${broken}.`
          : `It does not repeat: now every promise is kept, in the file ${broken}.`,
      ),
    );
  if (difference) {
    const { message, recorded = '(the trace ends)', replayed: again = '(the trace ends)' } = difference;
    lines.push(bad(`It differs. ${message}`));
    lines.push(`  in the file ${recorded}`, `  now         ${again}`);
  }
  return lines.join('\n');
}
