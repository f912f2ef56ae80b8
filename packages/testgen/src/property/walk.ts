import { canonical, describeError, isSynodError, SynodError } from '@synod/protocol';
import type { Payloads, Subject, Taken, World } from '../subject.ts';
import type { Stimulus, TestStep } from '../test-case.ts';
import { applies, choicesOf } from './choices.ts';
import type { Companion } from './companion.ts';
import { Judge } from './judge.ts';
import type { Broken, MachineProperty, MachineState } from './property.ts';

/** A context that takes more characters than this to write down is taken to grow without end. */
const MOST_CONTEXT = 200_000;

/** What walks need that they have in common. */
export interface Ground {
  readonly subject: Subject;
  readonly payloads: Payloads;
  readonly properties: readonly MachineProperty[];
  /** Whether an error that the machine throws breaks a promise. */
  readonly errors: boolean;
  /** Runs beside, under XState; for each walk anew. */
  readonly companion?: () => Companion;
}

/** One run of a machine, judged step by step. */
export class Walk {
  readonly steps: TestStep[] = [];
  /** Keys of the worlds that were visited. */
  readonly keys = new Set<string>();
  broken: Broken | undefined;
  readonly #ground: Ground;
  readonly #judge: Judge;
  readonly #companion: Companion | undefined;
  #world: World | undefined;
  #atMs = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#judge = new Judge(ground.properties);
    this.#companion = ground.companion?.();
  }

  /** @throws SynodError what the machine throws at its start: nothing can be explored then. */
  start(input: unknown): Broken | undefined {
    const { world } = this.#ground.subject.start(input);
    this.#enter(world);
    this.broken = this.#judge.start(this.#state(world)) ?? this.#companion?.start(input, world);
    return this.broken;
  }

  /** Whether anything can follow. */
  get isOpen(): boolean {
    return this.broken === undefined && this.#world?.status === 'active';
  }

  get seen(): ReadonlySet<string> {
    return this.#judge.seen;
  }

  get undecided(): readonly string[] {
    return this.#judge.undecided;
  }

  /** The stimulus that two numbers choose; undefined where nothing can happen. */
  pick(which: number, value: number): Stimulus | undefined {
    const { subject, payloads } = this.#ground;
    const choices = this.#world ? choicesOf(subject, payloads, this.#world) : [];
    const stimuli = choices.length > 0 ? (choices[which % choices.length]?.() ?? []) : [];
    return stimuli.length > 0 ? stimuli[value % stimuli.length] : undefined;
  }

  canTake = (stimulus: Stimulus): boolean => this.#world !== undefined && applies(this.#world, stimulus);

  take(stimulus: Stimulus): Broken | undefined {
    const before = this.#world;
    if (!before || this.broken) return this.broken;
    const taken = this.#stepped(before, stimulus);
    if (taken) {
      if ('wait' in stimulus) this.#atMs += stimulus.wait;
      this.steps.push(stepOf(stimulus, taken));
      const was = { ...this.#state(before), atMs: this.#atMs - ('wait' in stimulus ? stimulus.wait : 0) };
      this.#enter(taken.world);
      this.broken =
        this.#error(taken.world) ??
        this.#judge.step(was, this.#state(taken.world), stimulus) ??
        this.#companion?.step(stimulus, before, taken.world);
    } else this.steps.push(stimulus);
    return this.broken;
  }

  /** The run goes no further. */
  end(): Broken | undefined {
    const { subject, payloads } = this.#ground;
    const over = this.#world !== undefined && choicesOf(subject, payloads, this.#world).length === 0;
    this.broken ??= this.#judge.end(over);
    this.#companion?.stop();
    return this.broken;
  }

  #stepped(world: World, stimulus: Stimulus): Taken | undefined {
    try {
      return this.#ground.subject.step(world, stimulus);
    } catch (error) {
      const code = isSynodError(error) ? error.code : '';
      const loop = code === 'MACHINE_LOOPS';
      // Anything else is no doing of the run: the machine cannot be explored as it is.
      if (!loop && !code.endsWith('_THREW')) throw error;
      if (!loop && !this.#ground.errors) {
        // The run ends here, as it does where the machine runs for real.
        this.#world = undefined;
        return undefined;
      }
      this.broken = {
        property: loop ? 'No endless loops' : 'No errors are thrown',
        kind: loop ? 'loop' : 'error',
        message: (error as SynodError).message,
      };
      return undefined;
    }
  }

  #error(world: World): Broken | undefined {
    if (world.status !== 'error' || !this.#ground.errors) return undefined;
    const message = `The machine stops with the error "${describeError(world.error)}", which nothing in it handles.`;
    return { property: 'No errors are thrown', kind: 'error', message };
  }

  #enter(world: World): void {
    this.#world = world;
    if (this.keys.has(world.key)) return;
    this.keys.add(world.key);
    refuseGrowth(world.context);
  }

  #state = (world: World): MachineState => ({
    value: world.value,
    context: world.context,
    status: world.status,
    output: world.output,
    actors: world.actors,
    atMs: this.#atMs,
  });
}

/** @throws SynodError `CONTEXT_GROWS`. */
function refuseGrowth(context: unknown): void {
  if (canonical(context).length <= MOST_CONTEXT) return;
  const sizes = Object.entries(context as object).map(([field, value]) => [field, canonical(value).length] as const);
  const [field] = sizes.sort((a, b) => b[1] - a[1])[0] ?? ['context', 0];
  throw new SynodError(
    'CONTEXT_GROWS',
    `The context's field "${field}" grows without end; bound it in the machine, take shorter runs (length), or give smaller cases.`,
  );
}

/** A step as a test has it: what was done, and what was to be seen. */
function stepOf(stimulus: Stimulus, { seen }: Taken): TestStep {
  const { output, ...rest } = seen;
  return { ...stimulus, ...rest, ...(output !== undefined && { result: output }) };
}
