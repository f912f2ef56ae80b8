import { type ActorStep, Explorer, type Run, type RunStep } from '@synod/checker';
import { type CheckConfiguration, canonical, isSynodError, type Specification } from '@synod/protocol';
import { type Cluster, clusterOf, sizeOf } from './cluster.ts';
import { leastCover } from './cover.ts';
import type {
  ClusterOptions,
  ExploredModel,
  GeneratedCluster,
  ModelChoice,
  ModelPass,
  UnreachedTarget,
} from './generated.ts';
import { rehearse } from './rehearse.ts';
import {
  CLUSTER_TARGET_KINDS,
  type ClusterTarget,
  coveredBy,
  restartTarget,
  sometimesId,
  sometimesTarget,
  targetsOf,
} from './targets.ts';
import { type Trace, testsOf } from './tests.ts';

/** Worlds that are looked at around the end of a run: for what is new there, or to make a trace serve for one target more. */
const NEAR = 4_000;

/**
 * Generates tests of several machines together: the fewest traces of the models' state graphs, of those that were considered, that take
 * each transition of each machine, bring each message to each state in which it can arrive, have each durable field survive a crash, and come
 * to each `sometimes` of the models. Equal specifications and options give equal tests.
 * @throws SynodError `MODEL_UNKNOWN`, `MODEL_SIZE`, `CLUSTER_SHARED_NODE` for a model that was asked for, or what the checker throws.
 */
export function generateClusterTests(specification: Specification, options: ClusterOptions = {}): GeneratedCluster {
  const passes = generation(specification, options);
  let pass = passes.next();
  while (!pass.done) pass = passes.next();
  return pass.value;
}

/** The same, giving way to the rest of the program after each model. Undefined when it was stopped by `signal`. */
export async function generateClusterTestsAsync(
  specification: Specification,
  options: ClusterOptions & {
    readonly signal?: AbortSignal;
    readonly onProgress?: (model: ExploredModel) => void;
  } = {},
): Promise<GeneratedCluster | undefined> {
  const passes = generation(specification, options);
  let pass = passes.next();
  while (!pass.done) {
    options.onProgress?.(pass.value);
    await new Promise<void>((resume) => setImmediate(resume));
    if (options.signal?.aborted) return undefined;
    pass = passes.next();
  }
  return pass.value;
}

function* generation(
  specification: Specification,
  options: ClusterOptions,
): Generator<ExploredModel, GeneratedCluster, undefined> {
  const work = new Generation(specification, options);
  const { models, simulations } = specification;
  const hidden = simulations.filter(({ name }) => models.some((model) => model.name === name));
  if (!options.models)
    for (const { name } of hidden) work.leaveOut(name, 'A model has the same name as this simulation.');
  for (const each of options.models ?? allOf(specification)) yield* work.explore(each, options.models === undefined);
  return work.result();
}

/** All models, then all simulations: these as small as they can be, where clients get far, and then as large as is usual. */
function allOf(specification: Specification): NonNullable<ClusterOptions['models']> {
  const { models, simulations } = specification;
  const others = simulations.filter(({ name }) => !models.some((model) => model.name === name));
  return [
    ...models.map(({ name }) => ({ name })),
    ...others.flatMap(({ name, nodes: { min } }) => [
      ...(min < sizeOf(specification, name, undefined) ? [{ name, nodes: min }] : []),
      { name },
    ]),
  ];
}

class Generation {
  readonly #specification: Specification;
  readonly #maxWorlds: number;
  readonly #maxSteps: number;
  readonly #targets = new Map<string, ClusterTarget>();
  readonly #covered = new Set<string>();
  /** Found by the search, and never repeated. */
  readonly #lost = new Set<string>();
  /** Events that came, by role of the receiver. */
  readonly #received = new Set<string>();
  /** Roles that started again. */
  readonly #restarted = new Set<string>();
  readonly #models: ExploredModel[] = [];
  readonly #leftOut: { readonly model: string; readonly text: string }[] = [];
  readonly #traces: Trace[] = [];

  constructor(specification: Specification, { maxWorlds = 50_000, maxSteps = 24 }: ClusterOptions) {
    this.#specification = specification;
    this.#maxWorlds = maxWorlds;
    this.#maxSteps = maxSteps;
  }

  /** Goes through one model: first as it stands, then, for what is still open, with any timer ending at any time. */
  *explore(asked: ModelChoice, mayLeaveOut: boolean): Generator<ExploredModel, void, undefined> {
    const cluster = this.#clusterOf(asked, mayLeaveOut);
    if (!cluster) return;
    const model = asked.name;
    const nodes = sizeOf(this.#specification, model, asked.nodes);
    this.#addTargets(cluster);
    const { timerMayFire, ...free } = cluster.configuration;
    yield this.#search({ model, nodes, timing: timerMayFire ? 'assumed' : 'any' }, cluster, cluster.configuration);
    if (timerMayFire && this.#open.size > 0) yield this.#search({ model, nodes, timing: 'any' }, cluster, free);
  }

  leaveOut(model: string, text: string): void {
    if (!this.#leftOut.some((each) => each.model === model)) this.#leftOut.push({ model, text });
  }

  /** Of all models, those are left out and listed that cannot be played. */
  #clusterOf({ name, nodes }: ModelChoice, mayLeaveOut: boolean): Cluster | undefined {
    try {
      return clusterOf(this.#specification, name, nodes);
    } catch (error) {
      if (!mayLeaveOut || !isSynodError(error, 'CLUSTER_SHARED_NODE')) throw error;
      this.leaveOut(name, error.message);
      return undefined;
    }
  }

  get #open(): ReadonlySet<string> {
    return new Set([...this.#targets.keys()].filter((id) => !this.#covered.has(id)));
  }

  #search(about: ModelPass, cluster: Cluster, configuration: CheckConfiguration): ExploredModel {
    const explorer = new Explorer(configuration, cluster.roles, {
      labelsOf: (step) => this.#labelsOf(step, cluster),
      labelOfProperty: sometimesId,
    });
    const { runs, worlds, complete } = explorer.explore({ maxWorlds: this.#maxWorlds });
    const found = new Map(runs);
    const open = this.#open;
    const more = complete ? 0 : this.#searchOn(explorer, found, open);
    const model: ExploredModel = { ...about, worlds: worlds + more, complete };
    this.#models.push(model);
    this.#trace(model, cluster, explorer, new Map([...found].filter(([label]) => open.has(label))));
    return model;
  }

  /** Searches on where a search without an end was cut: from the end of each run that showed something new. Returns the worlds it saw. */
  #searchOn(explorer: Explorer, found: Map<string, Run>, wanted: ReadonlySet<string>): number {
    const isOpen = () => [...wanted].some((label) => !found.has(label));
    const queue = [...found.values()].sort((a, b) => b.steps.length - a.steps.length);
    let worlds = 0;
    for (let from = queue.shift(); from && isOpen() && worlds < this.#maxWorlds; from = queue.shift()) {
      const next = explorer.explore({ from, maxWorlds: NEAR });
      worlds += next.worlds;
      const news = [...next.runs].filter(([label]) => !found.has(label));
      for (const [label, run] of news) found.set(label, run);
      // What is new leads on first.
      queue.unshift(...news.map(([, run]) => run));
    }
    return worlds;
  }

  result(): GeneratedCluster {
    const { chosen, atLeast } = leastCover(this.#traces);
    const all = [...this.#targets.values()];
    return {
      tests: testsOf(
        chosen.map((at) => this.#traces[at] as Trace),
        this.#targets,
      ),
      coverage: CLUSTER_TARGET_KINDS.map((kind) => {
        const those = all.filter((target) => target.kind === kind);
        return { kind, covered: those.filter(({ id }) => this.#covered.has(id)).length, total: those.length };
      }),
      unreached: all.filter(({ id }) => !this.#covered.has(id)).map((target) => this.#explain(target)),
      models: this.#models,
      leftOut: this.#leftOut,
      choice: { candidates: this.#traces.length, atLeast },
    };
  }

  #addTargets({ configuration, roles }: Cluster): void {
    const names = [...new Set(configuration.members.map(({ role }) => role))];
    const targets = names.flatMap((role) => targetsOf(role, roles[role] as never));
    const { faults, members, properties } = configuration;
    const crashes = (faults?.crashes ?? 0) > 0 && faults?.restarts !== false;
    const mortal = names.filter((role) => crashes && members.some((member) => member.role === role && !member.stable));
    const sometimes = properties.filter(({ kind }) => kind === 'sometimes').map(({ name }) => sometimesTarget(name));
    for (const target of [...targets, ...mortal.map(restartTarget), ...sometimes]) this.#targets.set(target.id, target);
  }

  #labelsOf(step: ActorStep, { roles }: Cluster): readonly string[] {
    const type = step.message?.type ?? step.event?.type;
    if (type !== undefined) this.#received.add(`${step.role} ${type}`);
    if (step.survived) this.#restarted.add(step.role);
    return coveredBy(step, roles[step.role] as never).filter((id) => this.#targets.has(id));
  }

  /** Makes traces for all targets that only this model has: the farthest first, each led on to others that are open. */
  #trace(model: ExploredModel, cluster: Cluster, explorer: Explorer, runs: ReadonlyMap<string, Run>): void {
    const open = new Set([...runs.keys()]);
    const make = (run: readonly RunStep[]): Trace => {
      const rehearsed = rehearse(cluster, run);
      const covers = new Set(rehearsed.covers.flat().filter((id) => this.#targets.has(id)));
      return { model, rehearsed, covers, weight: rehearsed.steps.length };
    };
    const farthest = [...runs].sort(([a, x], [b, y]) => y.steps.length - x.steps.length || (a < b ? -1 : 1));
    for (const [label, run] of farthest) {
      const short = make(run.steps);
      this.#keep(short);
      if (!short.covers.has(label)) this.#lost.add(label);
      if (!open.has(label)) continue;
      const long = short.rehearsed.repeated < run.steps.length ? short : make(this.#extend(explorer, run, short, open));
      this.#keep(long);
      for (const covered of long.covers) open.delete(covered);
    }
    for (const { covers } of this.#traces) for (const target of covers) this.#covered.add(target);
  }

  #keep(trace: Trace): void {
    if (trace.covers.size > 0 && trace.weight > 0) this.#traces.push(trace);
  }

  /** Leads a run on, from one open target to the next near one. */
  #extend(explorer: Explorer, run: Run, { covers }: Trace, open: ReadonlySet<string>): readonly RunStep[] {
    const wanted = new Set([...open].filter((label) => !covers.has(label)));
    let longest = run;
    while (wanted.size > 0) {
      const maxSteps = this.#maxSteps - longest.steps.length;
      if (maxSteps <= 0) break;
      const { runs } = explorer.explore({ from: longest, wanted, first: true, maxWorlds: NEAR, maxSteps });
      const [next] = [...runs].sort(([a], [b]) => (a < b ? -1 : 1));
      if (!next) break;
      const end = canonical(next[1].steps.at(-1));
      for (const [label, { steps }] of runs) if (canonical(steps.at(-1)) === end) wanted.delete(label);
      longest = next[1];
    }
    return longest.steps;
  }

  #explain(target: ClusterTarget): UnreachedTarget {
    const { id, kind, role, event } = target;
    if (this.#lost.has(id)) {
      const text = 'The way to it goes by a field that the model ignores, so that no machine takes it for certain.';
      return { target, reason: 'unrepeatable', text };
    }
    if (event !== undefined && !this.#received.has(`${role} ${event}`))
      return { target, reason: 'never-comes', text: `No ${event} comes to a ${role} in what was explored.` };
    if (kind === 'restarts' && !this.#restarted.has(role as string))
      return { target, reason: 'never-comes', text: `No ${role} starts again in what was explored.` };
    const cut = this.#models.filter(({ complete }) => !complete);
    if (cut.length === 0) return { target, reason: 'dead', text: 'No schedule of what was explored comes to it.' };
    const where = [...new Set(cut.map(({ model, nodes }) => `${model} of ${nodes}`))].join(', ');
    return { target, reason: 'bound', text: `Not within the bounds of the search through ${where}.` };
  }
}
