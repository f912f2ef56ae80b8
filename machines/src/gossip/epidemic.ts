import { createEngine, type Engine, type Protocol } from '@synod/protocol';
import type { EventObject } from 'xstate';
import type { ReplicaContext, Settings } from './context.ts';
import { Cycles, sitesOf } from './cycles.ts';
import { replicaProtocol, rumorProtocol } from './protocol.ts';
import type { RumorContext, RumorSettings } from './rumor-context.ts';

// --- Rumours (Demers et al., tables 1 to 3) ------------------------------------------------------------------------

/** What steps the machines: XState's interpreter by default, or a compiled machine, which is faster. */
export type EngineOf = (protocol: Protocol) => Engine;
const interpreted: EngineOf = ({ machine }) => createEngine(machine);

export interface EpidemicOptions extends Partial<RumorSettings> {
  readonly sites: number;
  readonly seed: number;
  readonly engineOf?: EngineOf;
}

/** The measures of §1.4. */
export interface EpidemicResult {
  /** The part of all sites that never hears of the update. */
  readonly residue: number;
  /** Updates sent for each site. */
  readonly traffic: number;
  /** Cycles from the beginning until a site that hears of it does: on average, and the last one. */
  readonly averageDelay: number;
  readonly lastDelay: number;
}

/** An epidemic that ends by itself within fewer cycles than this; a longer one is a mistake. */
const MOST_CYCLES = 10_000;

/** One update, started at one site, until nobody is infected any more. */
export function epidemic({ sites, seed, engineOf = interpreted, ...settings }: EpidemicOptions): EpidemicResult {
  const addresses = sitesOf('rumor', sites);
  const cycles = new Cycles<RumorContext>(engineOf(rumorProtocol), addresses, seed, settings);
  const heard: number[] = [];
  let infected = 0;
  let now = 0;
  cycles.onEmit = ({ type }) => {
    if (type === 'rumorHeard') heard.push(now);
    infected += type === 'rumorHeard' ? 1 : -1;
  };
  cycles.take(0, { type: 'rumor.start', update: 'x' } as EventObject);
  for (now = 1; infected > 0 && now < MOST_CYCLES; now++) cycles.cycle();
  return {
    residue: 1 - heard.length / sites,
    traffic: (cycles.sent.Rumor ?? 0) / sites,
    averageDelay: heard.reduce((sum, cycle) => sum + cycle, 0) / heard.length,
    lastDelay: Math.max(...heard),
  };
}

// --- Anti-entropy --------------------------------------------------------------------------------------------------

export interface ConvergenceOptions extends Partial<Settings> {
  readonly sites: number;
  readonly seed: number;
  readonly engineOf?: EngineOf;
}

export interface ConvergenceResult {
  /** How far the news came when it was told at once: message delays until nobody told it on, and the part of all sites that had it then. */
  readonly hops: number;
  readonly reached: number;
  /** Cycles of exchanges after that until every site has it. */
  readonly cycles: number;
  /** Messages of a site in a cycle, and those for telling the news at once. */
  readonly messagesEach: number;
  readonly updatesEach: number;
}

/** One fact, put at one site, until all have it. */
export function convergence({
  sites,
  seed,
  engineOf = interpreted,
  ...settings
}: ConvergenceOptions): ConvergenceResult {
  const world = new Cycles<ReplicaContext>(engineOf(replicaProtocol), sitesOf('gossip', sites), seed, settings);
  let reached = 0;
  world.onEmit = ({ type }) => {
    if (type === 'factChanged') reached++;
  };
  world.take(0, { type: 'gossip.put', key: 'k', value: 'v' } as EventObject);
  let hops = 0;
  while (world.deliver()) hops++;
  const updates = world.count;
  const first = reached / sites;
  let cycles = 0;
  for (; reached < sites && cycles < MOST_CYCLES; cycles++) world.cycle();
  return {
    hops,
    reached: first,
    cycles,
    messagesEach: cycles === 0 ? 0 : (world.count - updates) / sites / cycles,
    updatesEach: updates / sites,
  };
}
