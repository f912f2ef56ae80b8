import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { argumentsOf, JSON_OPTION } from './arguments.ts';
import { file } from './inspector/file.ts';
import { type LayoutResult, layout } from './inspector/layout.ts';
import { live } from './inspector/live.ts';
import { unwatched, WATCHED, type Watched } from './inspector/unwatched.ts';

// What the inspector bears, in a real Chromium: a hundred nodes with 20,000 records a second, a trace of a million; how long a large chart takes to lay
// out; and what it costs who is watched. Run: pnpm run bench inspector [--only live|file|layout|cost] [--seconds 60] [--records 1000000] [--json]

const ROUNDS = 12;
const NODES = 100;
const FILE_NODES = 10;

const values = argumentsOf({
  name: 'inspector',
  about:
    'What the inspector bears in a real Chromium, how long a large chart takes to lay out, and what it costs who is watched.',
  options: {
    only: { type: 'string', is: ['live', 'file', 'layout', 'cost'], about: 'this part alone' },
    seconds: { type: 'string', is: 'NUMBER', default: '60', about: 'of live: how long' },
    rate: { type: 'string', is: 'NUMBER', default: '20000', about: 'of live: records a second' },
    records: { type: 'string', is: 'NUMBER', default: '1000000', about: 'of file: how many' },
    json: JSON_OPTION,
    watched: { type: 'string' },
    layout: { type: 'boolean', default: false },
  },
});

/**
 * Room for young objects that is the same from the beginning, in MB: otherwise whoever allocates more before the measurement has a larger one
 * in it, and takes a third less time for its garbage.
 */
const YOUNG = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

const wants = (name: string): boolean => values.only === undefined || values.only === name;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

if (values.watched !== undefined) {
  process.stdout.write(JSON.stringify(await unwatched(values.watched as Watched)));
} else if (values.layout) {
  process.stdout.write(JSON.stringify(await layout()));
} else {
  const found: Record<string, unknown> = {};
  const say = (text: string): void => void (values.json || process.stdout.write(`${text}\n`));
  if (wants('live')) {
    const result = await live({ nodes: NODES, perSecond: Number(values.rate), seconds: Number(values.seconds) });
    found.live = result;
    say(
      [
        `Live: ${result.nodes} nodes, ${whole(result.perSecond)} records a second for ${result.seconds} s`,
        `  made ${whole(result.made)}, shown ${whole(result.received)}, told as skipped ${whole(result.skipped)}`,
        `  frames a second: median ${whole(result.frames.median)}, least ${whole(result.frames.least)}`,
        `  memory of the page at thirds: ${result.memory.map((mb) => `${whole(mb)} MB`).join(', ')}`,
      ].join('\n'),
    );
  }
  if (wants('file')) {
    const result = await file(Number(values.records), FILE_NODES);
    found.file = result;
    say(
      [
        `File: ${whole(result.records)} records, ${whole(result.megabytes)} MB`,
        `  opened by the page in ${(result.openedMs / 1_000).toFixed(1)} s, from the server in ${(result.servedMs / 1_000).toFixed(1)} s`,
        `  a place in its middle drawn after ${whole(result.seekMs)} ms; memory ${whole(result.memory)} MB`,
      ].join('\n'),
    );
  }
  if (wants('layout')) {
    const result = alone<LayoutResult>([], '--layout');
    found.layout = result;
    say(
      `Layout: ${result.states} states, ${whole(result.firstMs)} ms in a process that has just begun, ${whole(result.thenMs)} ms after that`,
    );
  }
  if (wants('cost')) found.cost = cost(say);
  if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
}

/** CPU time of the system that is watched, in rounds of all kinds after each other, each in a process of its own. */
function cost(say: (text: string) => void): Readonly<Record<string, number>> {
  const times = new Map<Watched, number[]>(WATCHED.map((watched) => [watched, []]));
  for (let round = 0; round < ROUNDS; round++)
    // To and fro: a machine that grows slower meanwhile is not to count against the last.
    for (const watched of round % 2 === 0 ? WATCHED : WATCHED.toReversed())
      times.get(watched)?.push(alone<number>(YOUNG, '--watched', watched));
  const ratio = (watched: Watched): number => {
    const pairs = (times.get(watched) ?? []).map((ms, at) => ms / (times.get('nothing')?.[at] ?? ms));
    return pairs.sort((a, b) => a - b)[Math.floor(pairs.length / 2)] ?? 1;
  };
  const ratios = Object.fromEntries(WATCHED.map((watched) => [watched, ratio(watched)]));
  say('Cost: CPU time of five Raft servers, in ratio to their own without anything beside them');
  for (const [watched, each] of Object.entries(ratios)) say(`  ${watched}: ${each.toFixed(3)}`);
  return ratios;
}

/** What another process of this bench finds. */
function alone<T>(node: readonly string[], ...asked: readonly string[]): T {
  const args = [...process.execArgv, ...node, fileURLToPath(import.meta.url), ...asked];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as T;
}
