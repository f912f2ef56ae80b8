import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type CheckOptions, check } from '@synod/checker';
import { specification as raft } from '@synod/machines/raft';
import { specification as twoPhaseCommit } from '@synod/machines/two-phase-commit';
import { argumentsOf, JSON_OPTION } from './arguments.ts';

// States a second and memory of the checker, each case in a process of its own. Run: pnpm run bench checker [--json]
//
// The yardstick is Gray and Lamport's two-phase commit with 8 resource managers, 1,745,408 distinct states: for it TLC needs 24 s and
// Stateright (Rust, two threads) 4 to 6 s on a machine like the one of this project's continuous integration.

interface Case {
  readonly protocol: 'raft' | 'two-phase-commit';
  readonly model: string;
  readonly nodes: number;
  readonly options?: CheckOptions;
}

interface Row {
  readonly what: string;
  readonly states: number;
  readonly distinct: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  /** Of the whole process, the most it ever had, in MB. */
  readonly peakMb: number;
}

const grayLamport = (nodes: number, options?: CheckOptions): Case => ({
  protocol: 'two-phase-commit',
  model: 'gray-lamport',
  nodes,
  ...(options && { options }),
});

const cases: readonly Case[] = [
  grayLamport(6),
  grayLamport(7),
  grayLamport(8),
  grayLamport(7, { exact: true }),
  grayLamport(7, { order: 'depth' }),
  grayLamport(6, { memo: 0 }),
  { protocol: 'raft', model: 'election', nodes: 3 },
  { protocol: 'raft', model: 'election', nodes: 3, options: { symmetry: false, reduction: false } },
];

const values = argumentsOf({
  name: 'checker',
  about: 'States a second and memory of the checker, each case in a process of its own.',
  options: { json: JSON_OPTION, case: { type: 'string' } },
});
if (values.case !== undefined) process.stdout.write(JSON.stringify(measure(cases[Number(values.case)] as Case)));
else
  report(
    cases.map(
      (_, index) =>
        JSON.parse(
          execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '--case', `${index}`], {
            encoding: 'utf8',
          }),
        ) as Row,
    ),
  );

function measure({ protocol, model, nodes, options = {} }: Case): Row {
  const specification = protocol === 'raft' ? raft : twoPhaseCommit;
  const found = specification.models.find(({ name }) => name === model);
  if (!found) throw new Error(`${protocol} has no model "${model}"`);
  const { states, distinct, seconds } = check(found.configure(nodes), specification.roles, options);
  const what = [`${protocol}, ${model}, ${nodes} nodes`, ...Object.entries(options).map((each) => each.join(' '))];
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  return { what: what.join(', '), states, distinct, seconds, statesPerSecond: states / seconds, peakMb };
}

function report(rows: readonly Row[]): void {
  if (values.json) return void process.stdout.write(`${JSON.stringify({ rows })}\n`);
  const whole = (value: number) => Math.round(value).toLocaleString('en-US');
  const line = (cells: readonly string[]) =>
    `${(cells[0] as string).padEnd(68)}${cells
      .slice(1)
      .map((cell) => cell.padStart(13))
      .join('')}\n`;
  process.stdout.write(line(['one thread', 'states', 'distinct', 'seconds', 'states/s', 'peak MB']));
  for (const { what, states, distinct, seconds, statesPerSecond, peakMb } of rows)
    process.stdout.write(
      line([what, whole(states), whole(distinct), seconds.toFixed(2), whole(statesPerSecond), whole(peakMb)]),
    );
}
