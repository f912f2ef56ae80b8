import { AssertionError, isSynodError, SynodError } from '@synod/protocol';
import type { Payloads, Subject, Taken, World } from '../subject.ts';
import type { Coverage } from '../targets/tracker.ts';
import type { Stimulus } from '../test-case.ts';
import type { Bounds } from './bounds.ts';
import { Frontier } from './frontier.ts';
import { Notes } from './notes.ts';
import { lengthOf, type Node, type Run, stepsOf } from './run.ts';
import { stimuliOf } from './stimuli.ts';

/** How often a search lets others look on, in worlds explored. */
const GLANCE = 200;

/** Worlds without anything new after which effects that did not show are no longer looked for, once all else is covered. */
const OPEN_PATIENCE = 300;

export interface SearchProgress {
  readonly worlds: number;
  readonly covered: number;
  readonly targets: number;
}

/** Why a search ended: all is covered, there is nothing left to explore, or a bound. */
export type Ended = 'covered' | 'exhausted' | 'worlds' | 'patience' | 'aborted';

export interface Searched {
  /** By target, the shortest run that was found. */
  readonly witnesses: ReadonlyMap<string, Run>;
  readonly notes: Notes;
  readonly worlds: number;
  /** Steps taken, those included that came to a world known before. */
  readonly steps: number;
  readonly ended: Ended;
  /** Whether a run was cut off at the bound on its depth. */
  readonly deep: boolean;
}

/**
 * Explores the worlds of a subject until all targets are covered or a bound is reached. Breadth first, but fairly: each further world with
 * the same states waits longer, so that a context that grows for ever keeps nobody from the rest; what covers something new goes first.
 * Yields now and then, so that a caller may show progress or return early.
 */
export function* search(
  subject: Subject,
  payloads: Payloads,
  coverage: Coverage,
  bounds: Bounds,
): Generator<SearchProgress, Searched, boolean | undefined> {
  const explorer = new Explorer(subject, payloads, coverage, bounds);
  explorer.start();
  let explored = 0;
  while (!explorer.ended) {
    explorer.explore();
    if (++explored % GLANCE === 0 && (yield explorer.progress) === false) return explorer.result('aborted');
  }
  return explorer.result(explorer.ended);
}

class Explorer {
  readonly #subject: Subject;
  readonly #payloads: Payloads;
  readonly #coverage: Coverage;
  readonly #bounds: Bounds;
  readonly #frontier = new Frontier<Node>();
  readonly #visited = new Set<string>();
  readonly #crowds = new Map<string, number>();
  readonly #witnesses = new Map<string, Run>();
  readonly #notes = new Notes();
  #steps = 0;
  /** How many worlds there were when something new was last covered. */
  #newest = 0;
  #deep = false;

  constructor(subject: Subject, payloads: Payloads, coverage: Coverage, bounds: Bounds) {
    this.#subject = subject;
    this.#payloads = payloads;
    this.#coverage = coverage;
    this.#bounds = bounds;
  }

  /** @throws SynodError what the machine throws with every input. */
  start(): void {
    const { inputs } = this.#payloads;
    for (const input of inputs) {
      const taken = this.#attempt(
        () => this.#subject.start(input),
        input,
        () => [],
      );
      if (!taken) continue;
      const { trail, covers } = this.#coverage.take(new Map(), undefined, taken);
      this.#reach(taken, covers, { world: taken.world, trail, depth: 0, origin: { input, taken, covers } });
    }
    const [thrown] = this.#notes.thrown;
    if (thrown && this.#visited.size === 0) throw thrown.error;
  }

  get ended(): Ended | undefined {
    if (this.#coverage.complete && !this.#mayFindMore) return 'covered';
    if (this.#frontier.size === 0) return this.#coverage.complete ? 'covered' : 'exhausted';
    if (this.#visited.size >= this.#bounds.worlds) return this.#coverage.complete ? 'covered' : 'worlds';
    return this.#visited.size - this.#newest >= this.#bounds.patience ? 'patience' : undefined;
  }

  get #mayFindMore(): boolean {
    return this.#coverage.isOpen && this.#visited.size - this.#newest < Math.min(this.#bounds.patience, OPEN_PATIENCE);
  }

  get progress(): SearchProgress {
    return {
      worlds: this.#visited.size,
      covered: this.#coverage.coveredCount,
      targets: this.#coverage.targets.length,
    };
  }

  result(ended: Ended): Searched {
    return {
      witnesses: this.#witnesses,
      notes: this.#notes,
      worlds: this.#visited.size,
      steps: this.#steps,
      ended,
      deep: this.#deep,
    };
  }

  /** Takes every step from the world that is next. */
  explore(): void {
    const node = this.#frontier.pop();
    if (!node) return;
    if (node.depth >= this.#bounds.depth) {
      this.#deep = true;
      return;
    }
    for (const stimulus of this.#stimuli(node.world)) this.#step(node, stimulus);
  }

  #step(node: Node, stimulus: Stimulus): void {
    this.#steps++;
    const taken = this.#attempt(
      () => this.#subject.step(node.world, stimulus),
      node.origin.input,
      () => [...stepsOf({ node }).map((step) => step.stimulus), stimulus],
    );
    if (!taken) return;
    const { trail, covers } = this.#coverage.take(node.trail, stimulus, taken);
    this.#reach(taken, covers, {
      world: taken.world,
      trail,
      before: { node, step: { stimulus, taken, covers } },
      depth: node.depth + 1,
      origin: node.origin,
    });
  }

  /** Notes what a step came to, and queues its world unless an equal one was there before. */
  #reach(taken: Taken, covers: readonly string[], node: Node): void {
    const { world, trail, before } = node;
    const isNewOutcome = this.#notes.guards(taken, before?.step.stimulus);
    const isNew = this.#cover(covers, node) || isNewOutcome;
    if (isNew) this.#newest = this.#visited.size;
    const distinction = this.#coverage.distinction(world, trail);
    const key = distinction === '' ? world.key : `${world.key}\n${distinction}`;
    if (this.#visited.has(key)) return;
    this.#visited.add(key);
    this.#notes.saw(world);
    if (world.status === 'active') this.#frontier.push(this.#cost(node, distinction, isNew), node);
  }

  /** Keeps the shortest run to each target. Answers whether one was covered for the first time. */
  #cover(covers: readonly string[], node: Node): boolean {
    const { before, depth } = node;
    let run: Run | undefined;
    for (const id of covers) {
      const known = this.#witnesses.get(id);
      if (known && lengthOf(known) <= depth) continue;
      run ??= before ? { node: before.node, last: before.step } : { node };
      this.#witnesses.set(id, run);
    }
    return run !== undefined && this.#coverage.cover(covers).length > 0;
  }

  #cost(node: Node, distinction: string, isNew: boolean): number {
    const { world, before } = node;
    // Time passes by itself: a run that only waits must not have to queue behind all that might be sent meanwhile.
    const waited = before !== undefined && 'wait' in before.step.stimulus;
    let signature = `${waited}\n${distinction}`;
    for (const { path, value } of world.actors) signature += `\n${path}=${JSON.stringify(value)}`;
    const crowd = this.#crowds.get(signature) ?? 0;
    this.#crowds.set(signature, crowd + 1);
    // Every input is a beginning of its own.
    return node.depth + (isNew || !before ? 0 : crowd);
  }

  /** @throws what is no error of the machine's. */
  #attempt(take: () => Taken, input: unknown, stimuli: () => readonly Stimulus[]): Taken | undefined {
    try {
      return take();
    } catch (error) {
      this.#notes.threw(codedOf(error), input, stimuli());
      return undefined;
    }
  }

  /** What may happen next, no two alike. */
  #stimuli(world: World): readonly Stimulus[] {
    return stimuliOf(this.#subject, this.#payloads, world, this.#bounds.values, (key, values) =>
      this.#notes.values(key, values),
    );
  }
}

/** What a machine threw: a coded error, or an assertion of its own. */
function codedOf(error: unknown): SynodError {
  if (isSynodError(error)) return error;
  if (!(error instanceof AssertionError)) throw error;
  return new SynodError('ASSERTION_BROKEN', `An assertion of the machine is broken: ${error.message}.`, {
    cause: error,
  });
}
