import { canonical, describeError } from '@synod/protocol';
import { MachineRun } from '../play/machine-adapter.ts';
import type { Subject, World } from '../subject.ts';
import type { Expectation, Stimulus } from '../test-case.ts';
import { differencesOf } from './difference.ts';
import type { Broken } from './property.ts';

export interface CompanionOptions {
  /** Whether the machine under XState must come to what the walk came to. */
  readonly real: boolean;
  readonly roundTrip: boolean;
  /** Keys of worlds whose round trip was tried, in this walk or another. */
  readonly tried: Set<string>;
  /** Timers that would not have come back. */
  readonly lost: Set<string>;
}

/** Walks beside under XState itself: the machine, and where it is restored from its persisted snapshot, a twin for one step. */
export class Companion {
  readonly #subject: Subject;
  readonly #options: CompanionOptions;
  readonly #run: MachineRun;
  #twin: MachineRun | undefined;

  constructor(subject: Subject, options: CompanionOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#run = new MachineRun(subject.machine, undefined, subject);
  }

  start(input: unknown, world: World): Broken | undefined {
    this.#run.start(input);
    return this.#look(this.#run.observe(), world);
  }

  step(stimulus: Stimulus, before: World, after: World): Broken | undefined {
    const twin = this.#twin;
    this.#twin = undefined;
    give(this.#run, stimulus);
    const seen = this.#run.observe();
    if (twin) {
      const broken = this.#sameReaction(twin, stimulus, seen, before);
      twin.stop();
      if (broken) return broken;
    }
    return this.#look(seen, after);
  }

  stop(): void {
    this.#twin?.stop();
    this.#run.stop();
  }

  #look(seen: Expectation, world: World): Broken | undefined {
    return (
      (this.#options.real ? unlike(seen, world) : undefined) ??
      (this.#options.roundTrip ? this.#roundTrip(seen, world) : undefined)
    );
  }

  #roundTrip(seen: Expectation, world: World): Broken | undefined {
    const { tried, lost } = this.#options;
    if (tried.has(world.key) || world.status !== 'active') return undefined;
    tried.add(world.key);
    for (const { actor, id } of world.timers) lost.add(actor === '' ? id : `${actor}: ${id}`);
    const stored = persisted(this.#run);
    if ('property' in stored) return stored;
    const twin = new MachineRun(this.#subject.machine, stored.snapshot, this.#subject);
    try {
      twin.start(undefined);
    } catch (error) {
      return lossOf(`it cannot be restored: ${describeError(error)}`);
    }
    const broken = compare(seen, twin.observe(), ['state', 'status', 'output', 'context', 'actors']);
    const [history] = differencesOf(historyOf(stored.snapshot), historyOf(persisted(twin)));
    if (broken ?? history) return broken ?? lossOf(`the history ${history?.path} is not restored`);
    this.#twin = twin;
    return undefined;
  }

  /** Timers are no part of a persisted snapshot, so time tells nothing about a twin. */
  #sameReaction(twin: MachineRun, stimulus: Stimulus, seen: Expectation, before: World): Broken | undefined {
    if ('wait' in stimulus && before.timers.length > 0) return undefined;
    try {
      give(twin, stimulus);
    } catch (error) {
      return lossOf(`the restored machine does not react as it did: ${describeError(error)}`);
    }
    const fields = ['state', 'status', 'output', 'context', 'actors', 'emitted', 'told', 'actions'] as const;
    const broken = compare(seen, twin.observe(), fields);
    return broken && { ...broken, message: `${broken.message} That shows in the step after it was restored.` };
  }
}

/** What a stimulus is to a run. */
export function give(run: MachineRun, stimulus: Stimulus): void {
  if ('send' in stimulus) run.send(stimulus.send as Parameters<MachineRun['send']>[0]);
  else if ('wait' in stimulus) run.wait(stimulus.wait);
  else if ('done' in stimulus) run.done(stimulus.done, stimulus.output);
  else if ('fail' in stimulus) run.fail(stimulus.fail, stimulus.error);
  else if ('relay' in stimulus) run.relay(stimulus.relay, stimulus.event as Parameters<MachineRun['relay']>[1]);
  else run.next(stimulus.next, stimulus.value);
}

const ROUND_TRIP = 'Round-trips through its persisted snapshot';

const lossOf = (what: string): Broken => ({
  property: ROUND_TRIP,
  kind: 'roundTrip',
  message: `Persisted here as JSON and restored, ${what}.`,
});

function persisted(run: MachineRun): { readonly snapshot: unknown } | Broken {
  let snapshot: unknown;
  try {
    snapshot = run.persist();
    return { snapshot: JSON.parse(JSON.stringify(snapshot)) };
  } catch (error) {
    return lossOf(`it is not written down at all: ${describeError(error)}`);
  }
}

function historyOf(stored: unknown): unknown {
  const { snapshot = stored } = stored as { readonly snapshot?: unknown };
  return (snapshot as { readonly historyValue?: unknown } | undefined)?.historyValue;
}

type Field = 'state' | 'status' | 'output' | 'context' | 'actors' | 'emitted' | 'told' | 'actions';

/** The first field in which a restored machine is other than it was. */
function compare(was: Expectation, is: Expectation, fields: readonly Field[]): Broken | undefined {
  for (const field of fields) {
    const [before, after] = field === 'actors' ? [pathsOf(was), pathsOf(is)] : [was[field], is[field]];
    const [first] = differencesOf(before, after);
    if (!first) continue;
    const where = [field, ...first.path].join('.');
    return lossOf(`${where} is other than it was: ${first.before} became ${first.after}`);
  }
  return undefined;
}

const pathsOf = ({ actors = [] }: Expectation): readonly string[] => actors.map(({ path }) => path);

/** What the machine under XState came to and the walk did not. */
function unlike(seen: Expectation, world: World): Broken | undefined {
  const [expected, actual] = [canonical([world.value, world.status]), canonical([seen.state, seen.status])];
  if (expected === actual) return undefined;
  return {
    property: 'Runs under XState as it is explored',
    kind: 'real',
    message: `Under XState the machine comes to ${actual}, and where it is explored to ${expected}; please report it.`,
  };
}
