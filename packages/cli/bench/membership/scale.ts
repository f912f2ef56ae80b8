import { nextRandom, seedFrom } from '@synod/protocol';
import { type Fault, simulate } from '@synod/simulator';
import { mean, standardDeviation } from 'simple-statistics';
import { describeFit, fitLog, type LogFit } from './fit.ts';
import { MemberObserver } from './observer.ts';
import { cluster, nodeNames, PERIOD_MS, PROBE_MS } from './swim-cluster.ts';
import { figure, type Progress, table } from './table.ts';

/** Some runs of one kind, and how many members crash in each. */
interface Runs {
  readonly runs: number;
  readonly crashes: number;
}

/** How one size is measured. */
export interface ScalePlan {
  readonly members: number;
  /** For who is first to notice: many crash, and the survivors are watched for a short time. */
  readonly detection: Runs;
  /** For how long it takes until all know: few crash, or their news would queue for the room on the messages. */
  readonly spread: Runs;
}

export const SCALE_PLANS: readonly ScalePlan[] = [
  { members: 10, detection: { runs: 500, crashes: 1 }, spread: { runs: 100, crashes: 1 } },
  { members: 100, detection: { runs: 100, crashes: 5 }, spread: { runs: 50, crashes: 2 } },
  { members: 1_000, detection: { runs: 10, crashes: 50 }, spread: { runs: 10, crashes: 2 } },
  { members: 10_000, detection: { runs: 1, crashes: 200 }, spread: { runs: 1, crashes: 3 } },
];

/** All is well at first; then members crash, in a random order, each at a random moment of these. In milliseconds. */
const [CALM_MS, CRASHING_MS] = [3_000, 10_000];

/** How long the survivors are watched after the last crash: nobody is left unprobed so long, but for a chance of one in e¹⁰. */
const DETECTING_MS = 10_000;
/** Until the suspicion has come true as well, and all have heard. */
const SPREADING_MS = 45_000;

export interface ScaleRow {
  readonly members: number;
  readonly seeds: readonly [first: number, last: number];
  readonly crashes: number;
  /** Messages that a member sends a second while all is well. */
  readonly messages: number;
  /** From a crash to the first probe that fails, in periods that have begun: mean, and its standard error. e/(e−1) in theory. */
  readonly probedPeriods: number;
  readonly probedError: number;
  /** From a crash to the first suspicion, in periods. */
  readonly suspectedPeriods: number;
  /** From a crash to the first who holds it dead, in periods. */
  readonly deadPeriods: number;
  /** From the first suspicion until all survivors know of it, in periods: mean and most. */
  readonly spreadPeriods: number;
  readonly spreadMost: number;
  /** Crashes of which not all survivors knew at the end. */
  readonly unknown: number;
  /** Members that lived and were held dead by anybody. */
  readonly mistakes: number;
  readonly wallSeconds: number;
}

export interface ScaleReport {
  readonly rows: readonly ScaleRow[];
  readonly spread: LogFit;
}

/** One crash, as the survivors saw it. */
interface Crash {
  readonly probed: number;
  readonly suspected: number;
  readonly dead: number;
  readonly spread: number;
  readonly known: boolean;
}

/** What SWIM costs and how fast it is, at each size. */
export function measureScale(plans: readonly ScalePlan[], seed: number, progress: Progress): ScaleReport {
  const rows = plans.map((plan) => measureSize(plan, seed, progress));
  return { rows, spread: fitLog(rows.map(({ members, spreadPeriods }) => [members, spreadPeriods])) };
}

function measureSize({ members, detection, spread }: ScalePlan, seed: number, progress: Progress): ScaleRow {
  const began = performance.now();
  const tell = (what: string): void => progress(`swim, ${members} members: ${what}`);
  tell('all well');
  const messages = messagesWhenWell(members, seed);
  const first = crashRuns(members, detection, seed, DETECTING_MS, tell);
  const all = crashRuns(members, spread, seed, SPREADING_MS, tell);
  const probed = first.crashes.map((each) => each.probed);
  const spreads = all.crashes.map((each) => each.spread);
  return {
    members,
    seeds: [seed, seed + Math.max(detection.runs, spread.runs) - 1],
    crashes: probed.length,
    messages,
    probedPeriods: mean(probed),
    probedError: standardDeviation(probed) / Math.sqrt(probed.length),
    suspectedPeriods: mean(first.crashes.map(({ suspected }) => suspected)),
    deadPeriods: mean(all.crashes.map(({ dead }) => dead)),
    spreadPeriods: mean(spreads),
    spreadMost: Math.max(...spreads),
    unknown: all.crashes.filter(({ known }) => !known).length,
    mistakes: first.mistakes + all.mistakes,
    wallSeconds: (performance.now() - began) / 1_000,
  };
}

/** All crashes of several runs. */
function crashRuns(members: number, { runs, crashes }: Runs, seed: number, watchedMs: number, tell: Progress) {
  const seen: Crash[] = [];
  let mistakes = 0;
  for (let run = 0; run < runs; run++) {
    if (run % Math.ceil(runs / 5) === 0) tell(`${crashes} crashes, run ${run + 1} of ${runs}`);
    const result = crashRun(members, crashes, seed + run, watchedMs);
    seen.push(...result.crashes);
    mistakes += result.mistakes;
  }
  return { crashes: seen, mistakes };
}

/** Messages a member and second where nothing goes wrong. */
function messagesWhenWell(members: number, seed: number): number {
  const seconds = 10;
  const options = { nodes: members, seed, seconds, faults: [], coverage: false };
  return simulate(cluster({ lifeguard: true }), options).messages / members / seconds;
}

function crashRun(members: number, crashes: number, seed: number, watchedMs: number) {
  const victims = drawCrashes(members, crashes, seed);
  const deaths = new Map(victims);
  const mistaken = new Set<string>();
  const observer = new MemberObserver((_, node, status, atMs) => {
    if (status === 'dead' && atMs < (deaths.get(node) ?? Number.POSITIVE_INFINITY)) mistaken.add(node);
  });
  const endMs = CALM_MS + CRASHING_MS + watchedMs;
  const schedule = victims.map(([node, atMs]): Fault => ({ kind: 'crash', atMs, forMs: endMs - atMs, nodes: [node] }));
  simulate(cluster({ lifeguard: true }), {
    nodes: members,
    seed,
    // The crashed stay down: nothing heals within the run.
    seconds: endMs / 1_000,
    schedule,
    coverage: false,
    onEmit: (member, event, atMs) => {
      if (atMs < endMs) observer.onEmit(member, event, atMs);
    },
  });
  const survivors = nodeNames(members).filter((node) => !deaths.has(node));
  const seen = victims.flatMap(([node, atMs]) => crashSeen(observer, node, atMs, survivors) ?? []);
  return { crashes: seen, mistakes: mistaken.size };
}

/** What became known of a crash; undefined where nobody noticed. */
function crashSeen(
  observer: MemberObserver,
  node: string,
  crashedMs: number,
  survivors: readonly string[],
): Crash | undefined {
  const suspected = observer.sighting(node, 'suspect');
  if (!suspected) return undefined;
  const sinceCrash = (atMs: number): number => (atMs - crashedMs) / PERIOD_MS;
  const dead = observer.sighting(node, 'dead');
  return {
    // A period that has begun counts, as in the paper's rounds; a ping that was on its way at the crash is of the first one.
    probed: Math.max(1, Math.ceil(sinceCrash(suspected.firstMs - PROBE_MS))),
    suspected: sinceCrash(suspected.firstMs),
    dead: dead ? sinceCrash(dead.firstMs) : Number.NaN,
    spread: (suspected.lastMs - suspected.firstMs) / PERIOD_MS,
    known: survivors.every((survivor) => suspected.by.has(survivor)),
  };
}

/** Who crashes when, in milliseconds. */
function drawCrashes(members: number, crashes: number, seed: number): [node: string, atMs: number][] {
  let state = seedFrom(`${seed}/crashes/${members}`);
  const draw = (): number => {
    const [value, next] = nextRandom(state);
    state = next;
    return value;
  };
  const left = nodeNames(members);
  return Array.from({ length: crashes }, () => {
    const [node = ''] = left.splice(Math.floor(draw() * left.length), 1);
    return [node, CALM_MS + Math.floor(draw() * CRASHING_MS)];
  });
}

/** The report as text. */
export function describeScale({ rows, spread }: ScaleReport): string {
  const head = [
    'members',
    'seeds',
    'crashes',
    'messages/member/s',
    'first failed probe',
    'first suspicion',
    'first dead',
  ];
  const cells = rows.map((row) => [
    String(row.members),
    row.seeds.join('–'),
    String(row.crashes),
    figure(row.messages),
    `${figure(row.probedPeriods)} ± ${figure(row.probedError)}`,
    figure(row.suspectedPeriods),
    figure(row.deadPeriods),
    figure(row.spreadPeriods),
    figure(row.spreadMost),
    String(row.unknown),
    String(row.mistakes),
    figure(row.wallSeconds),
  ]);
  return `SWIM, no loss; times in protocol periods of ${PERIOD_MS} ms since the crash; theory for the first failed probe: 1.58 (e/(e−1))
${table([...head, 'all know', 'most', 'not known', 'mistakes', 'wall s'], cells)}all know, since the first suspicion: ${describeFit(spread)} periods
`;
}
