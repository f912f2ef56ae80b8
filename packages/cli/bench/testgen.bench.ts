import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { example, exampleNames } from './testgen/machine.ts';
import { ours, oursOfCluster } from './testgen/ours.ts';
import { describeComparison, type Pair } from './testgen/report.ts';
import type { Failed, Row } from './testgen/row.ts';
import { theirs } from './testgen/theirs.ts';

// Tests of the machines in packages/examples by Synod and by @xstate/graph, each in a process of its own, with the same values for the same events.
// Run: pnpm run bench testgen [--json] [--machine NAME]

const PATIENCE_MS = 20_000;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, machine: { type: 'string' }, by: { type: 'string' } },
});

if (values.by !== undefined && values.machine !== undefined) {
  const measured = await example(values.machine);
  process.stdout.write(JSON.stringify(values.by === 'ours' ? await ours(measured) : theirs(measured)));
} else {
  const names = values.machine === undefined ? exampleNames() : [values.machine];
  const pairs = names.map((name): Pair => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}`);
    return { name, ours: alone(name, 'ours'), theirs: alone(name, 'theirs') };
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

function alone(name: string, by: 'ours' | 'theirs'): Row | Failed {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--machine', name, '--by', by];
  try {
    const out = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(out) as Row | Failed;
  } catch (error) {
    const { signal } = error as { readonly signal?: string };
    return { trouble: signal === 'SIGTERM' ? `no end within ${PATIENCE_MS / 1_000} s` : 'its process died' };
  }
}
