import { nextRandom, seedFrom } from '@synod/protocol';
import { type Fault, simulate } from '@synod/simulator';
import { MemberObserver } from './observer.ts';
import { cluster, nodeNames } from './swim-cluster.ts';
import { figure, type Progress, table } from './table.ts';

// False positives with Lifeguard and without, after the interval experiment of its paper (§V): in a cluster of 128 members some are slow.
// A slow one is blocked before each message that it sends and after each that comes, for D milliseconds; then it is itself for I
// milliseconds; and so on for two minutes, all slow ones at once. Its timers run on, which is what misleads it about others.

/** The cluster of the paper. */
export const MEMBERS = 128;

/** How long one run lasts after the calm in which it starts, in milliseconds. */
const RUN_MS = 120_000;
const CALM_MS = 5_000;

/** A situation in which both are compared. */
export interface Trouble {
  readonly name: string;
  /** The chance that a message is lost. */
  readonly loss: number;
  /** Of a hundred members, how many are slow. */
  readonly slowPercent: number;
  /** How long they are blocked, and how long they are not, in turns. */
  readonly blockedMs: number;
  readonly freeMs: number;
  /** `run`: blocked as in the paper. `stop`: the whole process stands still, timers too. */
  readonly timers: 'run' | 'stop';
}

const LOSSES = [0, 0.01, 0.02, 0.05, 0.1];
const calm = { slowPercent: 0, blockedMs: 0, freeMs: 0, timers: 'run' } as const;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Loss alone. */
export const LOSS_TROUBLES: readonly Trouble[] = LOSSES.map((loss) => ({
  name: `loss ${percent(loss)}`,
  loss,
  ...calm,
}));

/** 5 % of the members slow, for as long and as often as in the paper. */
export const SLOW_TROUBLES: readonly Trouble[] = [2_048, 8_192, 16_384, 32_768].flatMap((blockedMs) =>
  [64, 1_024, 4_096, 16_384].map((freeMs): Trouble => slow(0, blockedMs, freeMs, 'run')),
);

/** The same with loss, for one length of both. */
export const LOSSY_SLOW_TROUBLES: readonly Trouble[] = LOSSES.map((loss) => slow(loss, 16_384, 1_024, 'run'));

/** The process itself stopped, as by SIGSTOP: what comes waits, timers too, and is taken up in its order. */
export const STOPPED_TROUBLES: readonly Trouble[] = [
  ...[2_048, 8_192, 32_768].map((blockedMs) => slow(0, blockedMs, 1_024, 'stop')),
  ...LOSSES.map((loss) => slow(loss, 16_384, 1_024, 'stop')),
];

function slow(loss: number, blockedMs: number, freeMs: number, timers: 'run' | 'stop'): Trouble {
  const what = timers === 'run' ? 'blocked' : 'stopped';
  const name = `5 % ${what} ${blockedMs} ms, free ${freeMs} ms${loss > 0 ? `, loss ${percent(loss)}` : ''}`;
  return { name, loss, slowPercent: 5, blockedMs, freeMs, timers };
}

/** How often members were held dead that lived, summed over all that held them so. */
export interface FalsePositives {
  /** About members that were healthy all along: the paper's FP. */
  readonly aboutHealthy: number;
  /** Of those, in the eyes of healthy ones: the paper's FP⁻. */
  readonly amongHealthy: number;
  /** About slow members. */
  readonly aboutSlow: number;
  /** Suspicions of healthy members, come true or not. */
  readonly suspicions: number;
}

export interface LifeguardRow {
  readonly trouble: Trouble;
  readonly without: FalsePositives;
  readonly with: FalsePositives;
}

export interface LifeguardReport {
  readonly members: number;
  readonly seeds: readonly [first: number, last: number];
  /** How long each run lasts once the trouble begins. */
  readonly seconds: number;
  readonly rows: readonly LifeguardRow[];
  readonly sum: { readonly without: FalsePositives; readonly with: FalsePositives };
}

const NONE: FalsePositives = { aboutHealthy: 0, amongHealthy: 0, aboutSlow: 0, suspicions: 0 };

const add = (a: FalsePositives, b: FalsePositives): FalsePositives => ({
  aboutHealthy: a.aboutHealthy + b.aboutHealthy,
  amongHealthy: a.amongHealthy + b.amongHealthy,
  aboutSlow: a.aboutSlow + b.aboutSlow,
  suspicions: a.suspicions + b.suspicions,
});

export interface LifeguardOptions {
  readonly members: number;
  readonly seed: number;
  readonly runs: number;
  readonly runMs?: number;
}

/** Runs each trouble without Lifeguard and with it, on the same seeds. */
export function measureLifeguard(
  troubles: readonly Trouble[],
  options: LifeguardOptions,
  progress: Progress,
): LifeguardReport {
  const { members, seed, runs, runMs = RUN_MS } = options;
  const rows = troubles.map((trouble): LifeguardRow => {
    progress(`false positives: ${trouble.name}`);
    const total = (lifeguard: boolean): FalsePositives =>
      Array.from({ length: runs }, (_, run) => run).reduce(
        (sum, run) => add(sum, falsePositives(trouble, lifeguard, { ...options, seed: seed + run })),
        NONE,
      );
    return { trouble, without: total(false), with: total(true) };
  });
  const sum = (which: 'without' | 'with') => rows.reduce((all, row) => add(all, row[which]), NONE);
  const seeds = [seed, seed + runs - 1] as const;
  return { members, seeds, seconds: runMs / 1_000, rows, sum: { without: sum('without'), with: sum('with') } };
}

function falsePositives(trouble: Trouble, lifeguard: boolean, options: LifeguardOptions): FalsePositives {
  const { members, seed, runMs = RUN_MS } = options;
  const slowOnes = drawSlow(members, trouble.slowPercent, seed);
  const endMs = CALM_MS + runMs;
  let counted = NONE;
  const observer = new MemberObserver((by, node, status, atMs) => {
    if (atMs > endMs) return;
    const healthy = !slowOnes.has(node);
    const dead = status === 'dead';
    counted = add(counted, {
      aboutHealthy: dead && healthy ? 1 : 0,
      amongHealthy: dead && healthy && !slowOnes.has(by) ? 1 : 0,
      aboutSlow: dead && !healthy ? 1 : 0,
      suspicions: status === 'suspect' && healthy ? 1 : 0,
    });
  });
  simulate(cluster({ lifeguard }), {
    nodes: members,
    seed,
    seconds: endMs / 1_000,
    schedule: slowOnes.size > 0 ? cycles(trouble, [...slowOnes], endMs) : [],
    network: { loss: trouble.loss },
    coverage: false,
    onEmit: observer.onEmit,
  });
  return counted;
}

/** Blocked and free in turns, until the end. */
function cycles({ blockedMs, freeMs, timers }: Trouble, nodes: readonly string[], endMs: number): Fault[] {
  const faults: Fault[] = [];
  for (let atMs = CALM_MS; atMs < endMs; atMs += blockedMs + freeMs) {
    faults.push({ kind: 'pause', atMs, forMs: blockedMs, nodes: [...nodes], timers });
  }
  return faults;
}

function drawSlow(members: number, slowPercent: number, seed: number): ReadonlySet<string> {
  let state = seedFrom(`${seed}/slow/${members}`);
  const left = nodeNames(members);
  const slow = new Set<string>();
  while (slow.size < Math.round((members * slowPercent) / 100)) {
    const [value, next] = nextRandom(state);
    state = next;
    slow.add(...(left.splice(Math.floor(value * left.length), 1) as [string]));
  }
  return slow;
}

/** The report as text. */
export function describeLifeguard(title: string, { members, seeds, seconds, rows, sum }: LifeguardReport): string {
  const cells = (name: string, without: FalsePositives, withIt: FalsePositives): string[] => [
    name,
    String(without.aboutHealthy),
    String(withIt.aboutHealthy),
    fewer(without.aboutHealthy, withIt.aboutHealthy),
    String(without.amongHealthy),
    String(withIt.amongHealthy),
    fewer(without.amongHealthy, withIt.amongHealthy),
    String(without.aboutSlow),
    String(withIt.aboutSlow),
    String(without.suspicions),
    String(withIt.suspicions),
  ];
  const head = ['', 'FP', 'with', 'fewer', 'FP⁻', 'with', 'fewer', 'slow ones dead', 'with', 'suspicions', 'with'];
  const body = rows.map((row) => cells(row.trouble.name, row.without, row.with));
  const all = rows.length > 1 ? [cells('all', sum.without, sum.with)] : [];
  return `${title}; ${members} members, seeds ${seeds.join('–')}, ${seconds} s each; first without Lifeguard, then with it
${table(head, [...body, ...all])}`;
}

const fewer = (without: number, withIt: number): string => {
  if (without === 0) return '–';
  return withIt === 0 ? 'none left' : `${figure(without / withIt)}×`;
};
