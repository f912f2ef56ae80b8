import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableChanges, Sequence } from '@synod/protocol';
import { createLmdbStorage } from '@synod/runtime';
import { argumentsOf, JSON_OPTION } from './arguments.ts';

// What a step that appends one entry costs as its log grows: in memory, and to disk. Run: pnpm run bench storage [--json]

const LENGTHS = [1_000, 1_000_000] as const;
const ROUNDS = 7;
const STEPS = 20_000;
const WRITES = 200;
/** Writes before those that count: the disk is still busy with the log that was just made. */
const WARM_UP = 200;

interface Row {
  readonly what: string;
  readonly entries: number;
  /** The median over the rounds, in microseconds each. */
  readonly medianUs: number;
}

const entry = (index: number) => ({
  kind: 'command',
  term: 1,
  clientId: 1,
  sequenceNum: index,
  command: 'x'.repeat(64),
});

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** The median time of one of `count` calls, over several rounds. */
function time(count: number, work: () => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    for (let call = 0; call < count; call++) work();
    return ((performance.now() - started) * 1_000) / count;
  });
  return median(rounds);
}

function memory(log: Sequence<object>): Row[] {
  const entries = log.length;
  const one = [entry(entries)];
  const longer = log.append(one);
  return [
    { what: 'append one entry', entries, medianUs: time(STEPS, () => void log.append(one)) },
    { what: 'cut the last 10 entries off', entries, medianUs: time(STEPS, () => void log.take(entries - 10)) },
    {
      what: 'find what a step changed',
      entries,
      medianUs: time(STEPS, () => void durableChanges(['log'], { log }, { log: longer })),
    },
  ];
}

/** Each write waits for the disk before the next begins; a commit of several would hide what one costs. */
async function disk(log: Sequence<object>): Promise<Row> {
  const directory = await mkdtemp(join(tmpdir(), 'synod-bench-'));
  const storage = createLmdbStorage({ directory, cluster: 'bench' });
  try {
    await storage.open('n1');
    await storage.write('raft', [{ field: 'log', kind: 'sequence', keep: 0, items: log.slice(0) }]);
    const times: number[] = [];
    for (let write = 0; write < WARM_UP + WRITES; write++) {
      const keep = log.length + write;
      const started = performance.now();
      await storage.write('raft', [{ field: 'log', kind: 'sequence', keep, items: [entry(keep)] }]);
      if (write >= WARM_UP) times.push((performance.now() - started) * 1_000);
    }
    return { what: 'write one entry to LMDB, synced', entries: log.length, medianUs: median(times) };
  } finally {
    await storage.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const { json } = argumentsOf({
  name: 'storage',
  about: 'What a step that appends one entry costs as its log grows: in memory, and to disk.',
  options: { json: JSON_OPTION },
});
const rows: Row[] = [];
for (const length of LENGTHS) {
  const log = Sequence.from(Array.from({ length }, (_, index) => entry(index)));
  rows.push(...memory(log), await disk(log));
}

const whats = [...new Set(rows.map(({ what }) => what))];
const table = whats.map((what) => {
  const [small, large] = LENGTHS.map(
    (length) => rows.find((row) => row.what === what && row.entries === length)?.medianUs ?? Number.NaN,
  );
  return { what, small: small as number, large: large as number, ratio: (large as number) / (small as number) };
});
if (json) process.stdout.write(`${JSON.stringify({ unit: 'microseconds, median', lengths: LENGTHS, rows: table })}\n`);
else {
  process.stdout.write(
    `${'one step costs (µs, median)'.padEnd(34)}${'10³ entries'.padStart(14)}${'10⁶ entries'.padStart(14)}${'ratio'.padStart(8)}\n`,
  );
  for (const { what, small, large, ratio } of table) {
    process.stdout.write(
      `${what.padEnd(34)}${small.toFixed(2).padStart(14)}${large.toFixed(2).padStart(14)}${ratio.toFixed(2).padStart(8)}\n`,
    );
  }
}
