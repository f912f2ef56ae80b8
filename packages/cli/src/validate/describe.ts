import { describeAllowed, type Misfit, type Verdict } from '@synod/validator';
import { count, paint } from '../output.ts';

const several = (number: number, one: string): string => `${count(number)} ${one}${number === 1 ? '' : 's'}`;

/** A verdict for a person. */
export function describeVerdict({ misfit, summary }: Verdict, complete: boolean): string {
  const { records, nodes, actors, lives, steps, messages, durableWrites, recoveries, notJudged } = summary;
  const looked = [
    several(records, 'record'),
    several(nodes.length, 'node'),
    several(actors.length, 'actor'),
    `${count(lives)} ${lives === 1 ? 'life' : 'lives'} (${several(recoveries, 'recovery').replace(/ys$/, 'ies')})`,
    several(steps, 'step'),
    several(messages, 'message'),
    several(durableWrites, 'durable write'),
  ].join(', ');
  const head = misfit
    ? paint('red', 'does not fit', process.stdout)
    : paint('green', complete ? 'valid' : 'valid as far as it was read', process.stdout);
  return [
    `${head}: ${looked}`,
    ...(misfit ? ['', ...describeMisfit(misfit)] : []),
    ...(notJudged.length > 0 ? ['', 'Not judged:', ...notJudged.map((each) => `  ${each}`)] : []),
  ].join('\n');
}

function describeMisfit({ code, message, record, node, seq, at, told, machine, allowed }: Misfit): string[] {
  const lines = [
    `${paint('bold', code, process.stdout)} at record ${record} (record ${seq} of ${node}, ${Math.round(at * 1_000) / 1_000} ms)`,
    `  ${message}`,
  ];
  if (told !== undefined) lines.push(`  the trace:   ${told}`);
  if (machine !== undefined) lines.push(`  the machine: ${machine}`);
  if (allowed) {
    lines.push(`  allowed in ${JSON.stringify(allowed.state)}:`);
    lines.push(...describeAllowed(allowed).map((each) => `    ${each}`));
  }
  return lines;
}
