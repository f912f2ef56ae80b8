import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { argumentsOf, JSON_OPTION } from './arguments.ts';
import { describeGossip, measureGossip } from './membership/gossip.ts';
import {
  describeLifeguard,
  LOSS_TROUBLES,
  LOSSY_SLOW_TROUBLES,
  MEMBERS,
  measureLifeguard,
  SLOW_TROUBLES,
  STOPPED_TROUBLES,
} from './membership/lifeguard.ts';
import { describePhi, drawPhi, measurePhi } from './membership/phi.ts';
import { describeReal, measureReal } from './membership/real.ts';
import { describeScale, measureScale, SCALE_PLANS } from './membership/scale.ts';
import type { Progress } from './membership/table.ts';

// Who is alive, and who knows it, measured: SWIM, Lifeguard, gossip and the φ detector in simulated time, and a hundred members over real
// sockets. Run: pnpm run bench membership [--only swim|lifeguard|gossip|phi|real] [--members N] [--seed N] [--json] [--svg FILE]
// `--members` leaves out the larger sizes of SWIM; `--svg` draws the curves of the φ part. What is simulated is the same for the same seed.
// All parts together take about half an hour.

const PARTS = ['swim', 'lifeguard', 'gossip', 'phi', 'real'] as const;

const values = argumentsOf({
  name: 'membership',
  about:
    'Who is alive, and who knows it: SWIM, Lifeguard, gossip and the φ detector. All parts together take about half an hour.',
  options: {
    only: { type: 'string', is: PARTS, about: 'this part alone' },
    members: { type: 'string', is: 'NUMBER', about: 'of swim: leaves out what is larger' },
    seed: { type: 'string', is: 'NUMBER', default: '1', about: 'the same figures for the same seed' },
    svg: { type: 'string', is: 'FILE', about: 'of phi: draws its curves' },
    json: JSON_OPTION,
  },
});

/** Ten thousand members take about 5 GB, more than a process is given by itself; and room for young objects spares a third of the time. */
const ROOM = ['--max-old-space-size=6144', '--max-semi-space-size=64'];
if (!ROOM.every((flag) => process.execArgv.includes(flag))) {
  const again = [...process.execArgv, ...ROOM, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, again, { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const seed = Number(values.seed);
const parts = values.only === undefined ? PARTS : PARTS.filter((part) => part === values.only);
if (!Number.isSafeInteger(seed)) {
  process.stderr.write('Give --seed a whole number.\n');
  process.exit(2);
}

const began = performance.now();
const progress: Progress = (text) =>
  void process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${text}\n`);

/** What a part came to, and the same for a person. */
interface Report {
  readonly data: unknown;
  readonly text: string;
}

const run: Record<(typeof PARTS)[number], () => Report | Promise<Report>> = {
  swim: () => {
    const most = Number(values.members ?? Number.POSITIVE_INFINITY);
    const plans = SCALE_PLANS.filter(({ members }) => members <= most);
    const data = measureScale(plans, seed, progress);
    return { data, text: describeScale(data) };
  },
  lifeguard: () => {
    const options = { members: MEMBERS, seed, runs: 1 };
    const data = {
      loss: measureLifeguard(LOSS_TROUBLES, { ...options, runs: 3 }, progress),
      slow: measureLifeguard(SLOW_TROUBLES, options, progress),
      slowAndLoss: measureLifeguard(LOSSY_SLOW_TROUBLES, options, progress),
      stopped: measureLifeguard(STOPPED_TROUBLES, options, progress),
    };
    const text = [
      describeLifeguard('False positives under loss', data.loss),
      describeLifeguard('5 % of the members slow, blocked and free in turns', data.slow),
      describeLifeguard('5 % of the members slow, and loss', data.slowAndLoss),
      describeLifeguard('5 % of the members stopped, timers too, and loss', data.stopped),
    ].join('\n');
    return { data, text };
  },
  gossip: () => {
    const data = measureGossip(seed, progress);
    return { data, text: describeGossip(data) };
  },
  phi: async () => {
    const data = measurePhi(seed, progress);
    if (values.svg !== undefined) await writeFile(values.svg, drawPhi(data));
    return { data, text: describePhi(data) };
  },
  real: async () => {
    const data = await measureReal({}, progress);
    return { data, text: describeReal(data) };
  },
};

const reports: Record<string, unknown> = { seed };
for (const part of parts) {
  const { data, text } = await run[part]();
  reports[part] = data;
  if (!values.json) process.stdout.write(`${text}\n`);
}
if (values.json) process.stdout.write(`${JSON.stringify(reports)}\n`);
