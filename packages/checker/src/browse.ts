import { type CheckConfiguration, nextRandom, type Roles, SynodError } from '@synod/protocol';
import { type Counterexample, tell } from './counterexample.ts';
import { type StateGraph, StateGraphs } from './graph.ts';
import { Judgement } from './search/judgement.ts';
import { type Action, actionOf, ancestry, type Path, retrace, successor, withLastStep } from './search/path.ts';
import { Search } from './search/search.ts';
import { inWords, type Wording } from './words.ts';
import { enginesBy } from './world/engines.ts';
import { Expansion } from './world/expansion.ts';
import { type Row, World } from './world/world.ts';

/** One thing that may happen next. */
export interface ModelChoice extends Wording {
  /** Tells it apart from the others of its world. */
  readonly id: string;
}

/** All that may happen next in a world. */
export interface ModelChoices {
  readonly choices: readonly ModelChoice[];
  /** Why there are none, where more could happen outside of what is checked. */
  readonly ended?: string;
}

/** How far `ModelBrowser.counterexample` looks. */
export interface LookBounds {
  /** Distinct worlds; default 200,000. */
  readonly maxWorlds?: number;
}

/** A run of a model: an immutable value, which any number of runs may go on from. */
export type ModelRun = Path & { readonly run: 'of a model' };

/**
 * A model to be walked through by hand: what may happen next in a world, and the world after that. It knows no symmetry or other
 * reductions: each world is one of the model as it stands.
 * @throws SynodError `MODEL_INVALID`, `PROPERTY_FAILED` as the checker does.
 */
export class ModelBrowser {
  readonly #world: World;
  readonly #judgement: Judgement;
  readonly #expansion: Expansion;
  readonly #graphs: StateGraphs;

  constructor(configuration: CheckConfiguration, roles: Roles) {
    this.#world = new World(configuration, roles, enginesBy(), Number.POSITIVE_INFINITY);
    this.#judgement = new Judgement(this.#world);
    this.#expansion = new Expansion(this.#world);
    this.#graphs = new StateGraphs(this.#world);
  }

  /** The run in which nothing has happened yet. */
  get start(): ModelRun {
    return runOf({ rows: [this.#world.initial()], actions: [] });
  }

  /** The run as a trace, with its steps in words. */
  tell(run: ModelRun): Counterexample {
    return tell(this.#world, run, undefined);
  }

  /** What may happen after the first `steps` of a run. */
  choices(run: ModelRun, steps: number): ModelChoices {
    const { next, ended } = this.#after(run, steps);
    const choices = next.map(({ action }) => ({ id: idOf(action), ...inWords(this.#world, action) }));
    return { choices, ...(ended !== undefined && { ended }) };
  }

  /**
   * The run that goes on, after the first `steps`, with a choice.
   * @throws SynodError `CHOICE_UNKNOWN`.
   */
  take(run: ModelRun, steps: number, choice: string): ModelRun {
    const chosen = this.#after(run, steps).next.find(({ action }) => idOf(action) === choice);
    if (chosen) return extended(run, steps, chosen);
    throw new SynodError('CHOICE_UNKNOWN', 'This cannot happen here; ask anew for what can.');
  }

  /** Goes on at random, each choice as likely, for so many steps or until nothing more can happen. The same seed walks the same way. */
  walk(run: ModelRun, steps: number, { count, seed }: { readonly count: number; readonly seed: number }): ModelRun {
    let walked = run;
    let at = steps;
    let random = seed;
    for (; at < steps + count; at++) {
      const { next } = this.#after(walked, at);
      if (next.length === 0) break;
      const [drawn, rest] = nextRandom(random);
      random = rest;
      walked = extended(walked, at, next[Math.floor(drawn * next.length)] as Next);
    }
    return at === steps ? upTo(run, steps) : walked;
  }

  /**
   * A shortest run that breaks a property of the kinds `always` and `step`, or an assertion of a machine; undefined where no such run was
   * found within the bounds.
   */
  counterexample({
    maxWorlds = 200_000,
  }: LookBounds = {}): { readonly property: string; readonly run: ModelRun } | undefined {
    const none = Number.POSITIVE_INFINITY;
    const search = new Search(this.#world, { order: 'breadth', exact: false, graph: false, maxDepth: none });
    const reached = new Set(
      this.#judgement.properties.filter(({ kind }) => kind === 'sometimes').map(({ name }) => name),
    );
    const found = () => [...search.findings].find(([name]) => !reached.has(name));
    while (!found() && search.distinct < maxWorlds && search.advance()) {}
    const [property, finding] = found() ?? [];
    if (property === undefined || !finding) return undefined;
    const path = retrace(search, ancestry(search, finding.at), undefined);
    return { property, run: runOf(finding.step ? withLastStep(this.#world, path, finding.step) : path) };
  }

  /**
   * All worlds of a small model, and what leads from one to the next.
   * @throws SynodError `GRAPH_TOO_LARGE` for a model of more than `limit` worlds.
   */
  graph(limit: number): StateGraph {
    return this.#graphs.graph(limit);
  }

  /** The number, in the graph, of the world after the first `steps` of a run; undefined before the graph is made. */
  stateOf(run: ModelRun, steps: number): number | undefined {
    return this.#graphs.stateOf(rowOf(run, steps));
  }

  /**
   * A shortest run to a world of the graph.
   * @throws SynodError `STATE_UNKNOWN`.
   */
  visit(state: number): ModelRun {
    return runOf(this.#graphs.pathTo(state));
  }

  #after(run: Path, steps: number): { readonly next: readonly Next[]; readonly ended?: string } {
    const row = rowOf(run, steps);
    if (run.actions[steps - 1]?.outcome?.failure !== undefined)
      return { next: [], ended: 'A machine failed in the last step; nothing follows it.' };
    if (!Judgement.isWithin(this.#judgement.of(row)))
      return { next: [], ended: 'This world lies outside the bounds of the model: the checker does not follow it.' };
    const next: Next[] = [];
    this.#expansion.each(row, () =>
      next.push({ row: successor(row, this.#expansion), action: actionOf(this.#expansion) }),
    );
    return next.length > 0 ? { next } : { next, ended: 'Nothing more can happen.' };
  }
}

interface Next {
  readonly row: Row;
  readonly action: Action;
}

const runOf = ({ rows, actions }: Path): ModelRun => ({ run: 'of a model', rows, actions });

/** @throws SynodError `STEP_UNKNOWN`. */
function rowOf(run: Path, steps: number): Row {
  const row = run.rows[steps];
  if (row) return row;
  throw new SynodError('STEP_UNKNOWN', `The run has ${run.actions.length} steps, and ${steps} is none of them.`);
}

const upTo = (run: Path, steps: number): ModelRun =>
  runOf({ rows: run.rows.slice(0, steps + 1), actions: run.actions.slice(0, steps) });

const extended = (run: Path, steps: number, { row, action }: Next): ModelRun =>
  runOf({ rows: [...run.rows.slice(0, steps + 1), row], actions: [...run.actions.slice(0, steps), action] });

const idOf = ({ kind, actor, event, sent }: Action): string => [kind, actor, event, sent].join('.');
