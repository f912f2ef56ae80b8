import { compile } from '@synod/compiler';
import {
  type ConvergenceOptions,
  type ConvergenceResult,
  convergence,
  type EngineOf,
  type EpidemicOptions,
  type EpidemicResult,
  epidemic,
} from '@synod/machines/gossip';
import type { Engine, Protocol } from '@synod/protocol';
import { describeFit, fitLog, type LogFit } from './fit.ts';
import { figure, type Progress, table } from './table.ts';

// Gossip, measured through the machines themselves in synchronous cycles, as in the simulations of Demers et al. (1987): the tables of
// §1.4 beside the paper's, and how many cycles anti-entropy takes to bring one fact to all.

const engines = new Map<Protocol, Engine>();

/** Compiled, and once: the steps are the same, several times faster. */
const engineOf: EngineOf = (protocol) => {
  const engine = engines.get(protocol) ?? compile(protocol.machine);
  engines.set(protocol, engine);
  return engine;
};

const mean = <T>(results: readonly T[], of: (result: T) => number): number =>
  results.reduce((sum, result) => sum + of(result), 0) / results.length;

// --- The paper's tables --------------------------------------------------------------------------------------------

const SITES = 1_000;
const SETTINGS = ['response', 'removal', 'exchange'] as const;

interface Printed {
  readonly table: number;
  readonly settings: Pick<Required<EpidemicOptions>, (typeof SETTINGS)[number]>;
  readonly runs: number;
  /** Residue and traffic as the paper has them, for k = 1, 2 and on. */
  readonly rows: readonly (readonly [residue: number, traffic: number])[];
}

const PRINTED: readonly Printed[] = [
  {
    table: 1,
    settings: { response: 'feedback', removal: 'counter', exchange: 'push' },
    runs: 200,
    rows: [
      [0.18, 1.7],
      [0.037, 3.3],
      [0.011, 4.5],
      [0.0036, 5.6],
      [0.0012, 6.7],
    ],
  },
  {
    table: 2,
    settings: { response: 'blind', removal: 'coin', exchange: 'push' },
    runs: 200,
    rows: [
      [0.96, 0.04],
      [0.2, 1.6],
      [0.06, 2.8],
      [0.021, 3.9],
      [0.008, 4.9],
    ],
  },
  {
    table: 3,
    settings: { response: 'feedback', removal: 'counter', exchange: 'pull' },
    runs: 100,
    rows: [
      [0.031, 2.7],
      [0.00058, 4.5],
      [0.000004, 6.1],
    ],
  },
];

export interface EpidemicRow extends EpidemicResult {
  readonly k: number;
  /** The standard error of the residue's mean. */
  readonly residueError: number;
  readonly paper: { readonly residue: number; readonly traffic: number };
}

export interface EpidemicTable {
  readonly table: number;
  readonly settings: Printed['settings'];
  readonly sites: number;
  readonly runs: number;
  readonly rows: readonly EpidemicRow[];
}

function measureTable({ table: number, settings, runs, rows }: Printed, seed: number): EpidemicTable {
  return {
    table: number,
    settings,
    sites: SITES,
    runs,
    rows: rows.map(([residue, traffic], at): EpidemicRow => {
      const k = at + 1;
      const results = Array.from({ length: runs }, (_, run) =>
        epidemic({ sites: SITES, seed: seed * runs + run, k, ...settings, engineOf }),
      );
      const average = mean(results, (each) => each.residue);
      const variance = mean(results, (each) => (each.residue - average) ** 2);
      return {
        k,
        residue: average,
        residueError: Math.sqrt(variance / (runs - 1)),
        traffic: mean(results, (each) => each.traffic),
        averageDelay: mean(results, (each) => each.averageDelay),
        lastDelay: mean(results, (each) => each.lastDelay),
        paper: { residue, traffic },
      };
    }),
  };
}

// --- Convergence ---------------------------------------------------------------------------------------------------

const SIZES = [10, 30, 100, 300, 1_000, 3_000, 10_000];

/** Runs of a size: fewer where one takes long. */
const runsOf = (sites: number): number => Math.max(4, Math.min(20, Math.round(20_000 / sites)));

const WAYS: readonly { readonly name: string; readonly settings: Partial<ConvergenceOptions> }[] = [
  { name: 'push-pull', settings: { exchange: 'pushPull', fanout: 0 } },
  { name: 'push', settings: { exchange: 'push', fanout: 0 } },
  { name: 'pull', settings: { exchange: 'pull', fanout: 0 } },
  { name: 'push-pull, hash trees', settings: { exchange: 'pushPull', digest: 'merkle', fanout: 0 } },
  { name: 'push-pull, news told at once', settings: { exchange: 'pushPull', fanout: 3 } },
];

export interface ConvergenceRow extends ConvergenceResult {
  readonly sites: number;
  readonly runs: number;
}

export interface ConvergenceCurve {
  readonly way: string;
  readonly rows: readonly ConvergenceRow[];
  /** Cycles until all have the fact, by ln N. */
  readonly cycles: LogFit;
  /** Message delays while the news is told at once, by ln N; only where it is. */
  readonly hops?: LogFit;
}

const measureWay = ({ name, settings }: (typeof WAYS)[number], seed: number, progress: Progress): ConvergenceCurve => {
  const rows = SIZES.map((sites): ConvergenceRow => {
    const runs = runsOf(sites);
    progress(`gossip, ${name}, ${sites} sites`);
    const results = Array.from({ length: runs }, (_, run) =>
      convergence({ sites, seed: seed * runs + run, jitter: 0, ...settings, engineOf }),
    );
    return {
      sites,
      runs,
      hops: mean(results, (each) => each.hops),
      reached: mean(results, (each) => each.reached),
      cycles: mean(results, (each) => each.cycles),
      messagesEach: mean(results, (each) => each.messagesEach),
      updatesEach: mean(results, (each) => each.updatesEach),
    };
  });
  const fitOf = (of: (row: ConvergenceRow) => number): LogFit => fitLog(rows.map((row) => [row.sites, of(row)]));
  const cycles = fitOf((row) => row.cycles);
  return { way: name, rows, cycles, ...(settings.fanout !== 0 && { hops: fitOf((row) => row.hops) }) };
};

// --- The report ----------------------------------------------------------------------------------------------------

export interface GossipReport {
  readonly seed: number;
  readonly tables: readonly EpidemicTable[];
  readonly convergence: readonly ConvergenceCurve[];
}

/** Measures both. The same for the same seed. */
export function measureGossip(seed: number, progress: Progress = () => {}): GossipReport {
  return {
    seed,
    tables: PRINTED.map((printed) => {
      progress(`gossip, table ${printed.table} of Demers et al.`);
      return measureTable(printed, seed);
    }),
    convergence: WAYS.map((way) => measureWay(way, seed, progress)),
  };
}

function describeTable({ table: number, settings, sites, runs, rows }: EpidemicTable): string {
  const { response, removal, exchange } = settings;
  const head = ['k', 'residue', '±', 'paper', 'traffic', 'paper', 'average delay', 'last'];
  const lines = rows.map(({ k, residue, residueError, traffic, averageDelay, lastDelay, paper }) => [
    String(k),
    figure(residue),
    figure(residueError),
    String(paper.residue),
    traffic.toFixed(2),
    String(paper.traffic),
    averageDelay.toFixed(1),
    lastDelay.toFixed(1),
  ]);
  const title = `Demers et al. (1987), table ${number}: ${response}, ${removal}, ${exchange}; ${sites} sites, ${runs} runs, delays in cycles`;
  return `${title}\n${table(head, lines)}`;
}

function describeCurve({ way, rows, cycles, hops }: ConvergenceCurve): string {
  const head = ['sites', 'runs', 'cycles', 'messages/site·cycle', ...(hops ? ['hops', 'reached', 'updates/site'] : [])];
  const lines = rows.map((row) => [
    String(row.sites),
    String(row.runs),
    row.cycles.toFixed(2),
    row.messagesEach.toFixed(2),
    ...(hops ? [row.hops.toFixed(2), `${(100 * row.reached).toFixed(1)} %`, row.updatesEach.toFixed(2)] : []),
  ]);
  const fits = [`cycles = ${describeFit(cycles)}`, ...(hops ? [`hops = ${describeFit(hops)}`] : [])].join('; ');
  return `Anti-entropy, ${way}: cycles until one fact has come to all\n${table(head, lines)}${fits}\n`;
}

/** The report for a person. */
export const describeGossip = ({ seed, tables, convergence: curves }: GossipReport): string =>
  [`Gossip, seed ${seed}`, ...tables.map(describeTable), ...curves.map(describeCurve)].join('\n');
