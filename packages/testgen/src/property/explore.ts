import fc from 'fast-check';
import type { AnyStateMachine } from 'xstate';
import { createPayloads, type PayloadSource } from '../payloads/create.ts';
import type { PayloadOptions } from '../payloads/options.ts';
import type { Payloads, Subject } from '../subject.ts';
import type { Stimulus, TestStep } from '../test-case.ts';
import { subjectOf } from '../world/subject.ts';
import { Companion } from './companion.ts';
import { checkedProperties } from './judge.ts';
import { minimise } from './minimise.ts';
import type { Broken, MachineProperty } from './property.ts';
import { stimulusOf } from './stimulus.ts';
import { type Ground, Walk } from './walk.ts';

export interface ExploreOptions {
  readonly properties?: readonly MachineProperty[];
  /** Random runs. Default: 100. */
  readonly runs?: number;
  /** The most steps of a run. Default: 50. */
  readonly length?: number;
  /** The same one gives the same runs. Default: 1. */
  readonly seed?: number;
  /** The run to start with, as a failure names it: the seed alone comes to it as well, after as many runs. Default: 0. */
  readonly path?: string;
  /** Whether each run is taken under XState as well, and must come to the same. Default: false. */
  readonly real?: boolean;
  /** Whether an error that the machine throws, or leaves unhandled, breaks a promise. Default: true. */
  readonly errors?: boolean;
  /** Whether the machine must survive being persisted as JSON and restored, in every state that is visited. Default: true. */
  readonly roundTrip?: boolean;
  /** Values of events, inputs and actors; what is not given is inferred. */
  readonly values?: PayloadOptions;
  readonly payloads?: Payloads;
}

export interface ExploreControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly runs: number;
    readonly of: number;
    readonly worlds: number;
    readonly steps: number;
  }) => void;
}

/** A run that breaks a promise, as short as it was made. */
export interface Failure extends Broken {
  readonly input: unknown;
  readonly steps: readonly TestStep[];
  /** How many steps it had when it was found. */
  readonly foundIn: number;
  /** Fast-check's path to the run that was found: its number, from 0. */
  readonly path: string;
}

export interface Explored {
  readonly seed: number;
  readonly runs: number;
  readonly steps: number;
  /** Distinct worlds that were visited. */
  readonly worlds: number;
  readonly failure?: Failure;
  /** `sometimes` properties that no run showed. */
  readonly unseen: readonly string[];
  /** Properties of which some run decided nothing, since it was cut off, and in how many runs. */
  readonly undecided: Readonly<Record<string, number>>;
  /** Timers that a restored machine would not have: XState leaves them out of persisted snapshots. */
  readonly lostTimers: readonly string[];
  /** What was inferred, with the remedy. */
  readonly notes: readonly string[];
  /** Whether all runs were taken. */
  readonly complete: boolean;
}

/** How often an exploration lets others have their turn, in milliseconds. */
const TURN_MS = 50;
/** Runs that are taken in one go. */
const PORTION = 50;
/** Bounds of the numbers by which a command chooses. */
const CHOICES = 2 ** 16;

/** Thrown into fast-check by a run that breaks a promise. */
class Found extends Error {
  readonly broken: Broken;
  readonly input: unknown;
  readonly steps: readonly TestStep[];

  constructor(broken: Broken, input: unknown, steps: readonly TestStep[]) {
    super(broken.property);
    this.broken = broken;
    this.input = input;
    this.steps = steps;
  }
}

/** One step of a run: two numbers choose what happens and which value it carries. Smaller numbers choose what is plainer. */
class Choose implements fc.AsyncCommand<Walk, undefined> {
  readonly #which: number;
  readonly #value: number;

  constructor(which: number, value: number) {
    this.#which = which;
    this.#value = value;
  }

  check = (walk: Readonly<Walk>): boolean => walk.isOpen && walk.pick(this.#which, this.#value) !== undefined;

  run = async (walk: Walk): Promise<void> => {
    const stimulus = walk.pick(this.#which, this.#value);
    if (stimulus) walk.take(stimulus);
  };

  toString = (): string => `${this.#which}/${this.#value}`;
}

/**
 * Takes random runs of a machine and judges its properties over them. A run that breaks one is made as short as can be found.
 * Deterministic: the same options give the same result.
 * @throws SynodError what the machine throws at its start, `PROPERTY_INVALID`, `PROPERTY_THREW`, `CONTEXT_GROWS`, and what `createPayloads` throws.
 */
export async function explore(
  machine: AnyStateMachine | Subject,
  options: ExploreOptions = {},
  control: ExploreControl = {},
): Promise<Explored> {
  const { runs = 100, length = 50, seed = 1, path } = options;
  const subject = subjectOf(machine);
  const payloads = options.payloads ?? createPayloads(subject.machine, { seed, ...options.values });
  const exploration = new Exploration(subject, payloads, options, control);
  const inputs = fc.constantFrom(...payloads.inputs);
  const command = fc
    .tuple(fc.nat({ max: CHOICES }), fc.nat({ max: CHOICES }))
    .map(([which, value]): fc.AsyncCommand<Walk, undefined> => new Choose(which, value));
  const commands = fc.commands([command], { maxCommands: length, size: 'max' });
  const property = fc.asyncProperty(inputs, commands, (input, each) => exploration.run(input, each));
  let found: Found | undefined;
  let at = Number(runOf(path ?? ''));
  // In portions: fast-check cannot be stopped within one.
  for (const end = at + runs; at < end && !found && !control.signal?.aborted; at += PORTION) {
    const numRuns = Math.min(PORTION, end - at);
    const { errorInstance, counterexamplePath, failed } = await fc.check(property, { numRuns, seed, path: String(at) });
    if (!failed) continue;
    if (!(errorInstance instanceof Found)) throw errorInstance;
    found = errorInstance;
    at = Number(runOf(counterexamplePath ?? '')) - PORTION;
  }
  return {
    seed,
    ...exploration.summary(payloads, runs),
    ...(found && { failure: exploration.failure(found, String(at)) }),
  };
}

class Exploration {
  readonly #options: ExploreOptions;
  readonly #control: ExploreControl;
  readonly #ground: Ground;
  readonly #worlds = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #undecided = new Map<string, number>();
  readonly #lost = new Set<string>();
  readonly #tried = new Set<string>();
  #runs = 0;
  #steps = 0;
  #failed = false;
  #turn = performance.now();

  constructor(subject: Subject, payloads: Payloads, options: ExploreOptions, control: ExploreControl) {
    this.#options = options;
    this.#control = control;
    this.#ground = {
      subject,
      payloads,
      properties: checkedProperties(options.properties ?? []),
      errors: options.errors ?? true,
    };
  }

  async run(input: unknown, commands: Iterable<fc.AsyncCommand<Walk, undefined>>): Promise<void> {
    await this.#breathe();
    if (this.#control.signal?.aborted) return;
    const walk = new Walk(this.#grounded(this.#tried));
    walk.start(input);
    if (walk.isOpen) await fc.asyncModelRun(() => ({ model: walk, real: undefined }), commands);
    walk.end();
    if (!this.#failed) this.#count(walk);
    if (!walk.broken) return;
    this.#failed = true;
    // While a failing run is made shorter, each run is to try all round trips anew.
    this.#tried.clear();
    throw new Found(walk.broken, input, walk.steps);
  }

  failure({ broken, input, steps }: Found, path: string): Failure {
    const retake = (stimuli: readonly Stimulus[]) => {
      const walk = new Walk(this.#grounded(new Set()));
      retrace(walk, input, stimuli);
      return walk.broken?.property === broken.property && walk.broken.kind === broken.kind ? walk : undefined;
    };
    const shortest = minimise(steps.map(stimulusOf), (stimuli) => retake(stimuli) !== undefined);
    const walk = retake(shortest);
    return {
      ...(walk?.broken ?? broken),
      input,
      steps: walk?.steps ?? steps,
      foundIn: steps.length,
      path,
    };
  }

  summary(payloads: Payloads, of: number) {
    const properties = this.#ground.properties.filter(({ kind }) => kind === 'sometimes');
    return {
      runs: this.#runs,
      steps: this.#steps,
      worlds: this.#worlds.size,
      unseen: properties.map(({ name }) => name).filter((name) => !this.#seen.has(name)),
      undecided: Object.fromEntries([...this.#undecided].sort(([a], [b]) => (a < b ? -1 : 1))),
      lostTimers: [...this.#lost].sort(),
      notes: (payloads as Partial<PayloadSource>).notes ?? [],
      complete: this.#failed || this.#runs >= of,
    };
  }

  #grounded(tried: Set<string>): Ground {
    const { real = false, roundTrip = true } = this.#options;
    if (!real && !roundTrip) return this.#ground;
    const options = { real, roundTrip, tried, lost: this.#lost };
    return { ...this.#ground, companion: () => new Companion(this.#ground.subject, options) };
  }

  #count(walk: Walk): void {
    this.#runs += 1;
    this.#steps += walk.steps.length;
    for (const key of walk.keys) this.#worlds.add(key);
    for (const name of walk.seen) this.#seen.add(name);
    if (!walk.broken)
      for (const name of walk.undecided) this.#undecided.set(name, (this.#undecided.get(name) ?? 0) + 1);
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#turn < TURN_MS) return;
    this.#control.onProgress?.({
      runs: this.#runs,
      of: this.#options.runs ?? 100,
      worlds: this.#worlds.size,
      steps: this.#steps,
    });
    await new Promise((resolve) => setImmediate(resolve));
    this.#turn = performance.now();
  }
}

/** Which run it was: from there fast-check comes to the same once more, since how it shrinks commands depends on what they did. */
const runOf = (path: string): string => path.split(':')[0] || '0';

/** Takes the same steps again; those that cannot be taken end the run. */
export function retrace(walk: Walk, input: unknown, stimuli: readonly Stimulus[]): void {
  walk.start(input);
  for (const stimulus of stimuli) {
    if (!walk.isOpen || !walk.canTake(stimulus)) break;
    walk.take(stimulus);
  }
  walk.end();
}
