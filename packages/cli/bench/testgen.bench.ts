import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { argumentsOf, JSON_OPTION } from './arguments.ts';
import { example, exampleNames, type Measured } from './testgen/machine.ts';
import { ours, oursOfCluster, scoreAt } from './testgen/ours.ts';
import { describeComparison, type Pair } from './testgen/report.ts';
import type { Failed, Row } from './testgen/row.ts';
import { scoreOfSimplePaths, theirs } from './testgen/theirs.ts';

// Tests of the machines in packages/examples by Synod and by @xstate/graph, each in a process of its own, with the same values for the same events. Of each: what
// tests of all transitions cost and notice, how much more the best tests notice, and how many states a second it comes to, in processor time.
// Run: pnpm run bench testgen [--json] [--machine NAME] [--patience SECONDS]

const values = argumentsOf({
  name: 'testgen',
  about: 'Tests of the example machines by Synod and by @xstate/graph: what they cost and notice.',
  options: {
    machine: { type: 'string', is: exampleNames(), about: 'this machine alone' },
    patience: { type: 'string', is: 'NUMBER', default: '30', about: 'seconds for each of the processes' },
    json: JSON_OPTION,
    by: { type: 'string' },
  },
});

type By = 'ours' | 'theirs' | 'our-best' | 'their-best';

if (values.by !== undefined && values.machine !== undefined) {
  const measured = await example(values.machine);
  process.stdout.write(JSON.stringify(await measure(values.by as By, measured)));
} else {
  const names = values.machine === undefined ? exampleNames() : [values.machine];
  const pairs = names.map((name): Pair => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}`);
    return { name, ours: both(name, 'ours', 'our-best'), theirs: both(name, 'theirs', 'their-best') };
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (values.machine === undefined)
    pairs.push({
      name: 'raft, election of 3',
      ours: oursOfCluster(),
      theirs: { trouble: 'it takes one machine at a time' },
    });
  process.stdout.write(values.json ? `${JSON.stringify(pairs)}\n` : describeComparison(pairs));
}

async function measure(by: By, measured: Measured): Promise<Row | Failed | Pick<Row, 'best'>> {
  switch (by) {
    case 'ours':
      return ours(measured);
    case 'our-best':
      return { best: await scoreAt('pairs', measured) };
    case 'theirs':
      return theirs(measured);
    case 'their-best':
      return { best: scoreOfSimplePaths(measured) };
  }
}

/** Tests, and what the best that can be made are worth. Where there is no end to these, it is what there is. */
function both(name: string, by: By, best: By): Row | Failed {
  const row = alone(name, by) as Row | Failed;
  if (!('tests' in row)) return row;
  const { score = 0 } = row;
  const { best: more = 0 } = alone(name, best) as Partial<Row>;
  return { ...row, best: Math.max(score, more) };
}

function alone(name: string, by: By): Partial<Row> | Failed {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--machine', name, '--by', by];
  try {
    const out = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: Number(values.patience) * 1_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(out) as Row | Failed;
  } catch (error) {
    const { signal } = error as { readonly signal?: string };
    return { trouble: signal === 'SIGTERM' ? `no end within ${values.patience} s` : 'its process died' };
  }
}
