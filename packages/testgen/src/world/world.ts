import { type OpenActor, type OpenStep, type OpenWorld, snapshotOf } from '@synod/protocol';
import type { AnyMachineSnapshot, StateValue } from 'xstate';
import type { ActorView, ArmedTimer, Taken, World } from '../subject.ts';
import type { Expectation } from '../test-case.ts';
import type { Keys } from './key.ts';
import { pathsIn, runningIn, seen } from './seen.ts';

// Most worlds that a search comes to are known, and most of its steps are part of no test: what they show is worked out when somebody looks.

/** A world, with what XState needs to go on from it. */
export class InnerWorld implements World {
  readonly open: OpenWorld;
  readonly #keys: Keys;
  readonly #snapshot: AnyMachineSnapshot;
  #key: string | undefined;
  #actors: readonly ActorView[] | undefined;
  #timers: readonly ArmedTimer[] | undefined;

  constructor(open: OpenWorld, keys: Keys) {
    this.open = open;
    this.#keys = keys;
    this.#snapshot = snapshotOf(open);
  }

  get key(): string {
    this.#key ??= this.#keys.of(this.open);
    return this.#key;
  }

  get status(): World['status'] {
    const { status } = this.#snapshot;
    return status === 'stopped' ? 'done' : status;
  }

  get output(): unknown {
    return this.#snapshot.output;
  }

  get error(): unknown {
    return this.#snapshot.error;
  }

  get value(): StateValue {
    return this.#snapshot.value;
  }

  get context(): unknown {
    return this.#snapshot.context;
  }

  get actors(): readonly ActorView[] {
    const [root] = this.open.actors.values();
    this.#actors ??= [root as OpenActor, ...runningIn(this.open)].map(viewOf);
    return this.#actors;
  }

  get timers(): readonly ArmedTimer[] {
    const { timers, actors } = this.open;
    this.#timers ??= timers.map(({ source, id, dueMs }) => ({ actor: actors.get(source)?.path ?? '', id, dueMs }));
    return this.#timers;
  }
}

/** A step, and what it comes to: the very world from which it was taken, where it changes nothing. */
export class InnerTaken implements Taken {
  readonly world: InnerWorld;
  readonly #step: OpenStep;
  readonly #before: InnerWorld | undefined;
  readonly #keys: Keys;
  #seen: Expectation | undefined;

  constructor(step: OpenStep, before: InnerWorld | undefined, keys: Keys) {
    this.world = before && step.world === before.open ? before : new InnerWorld(step.world, keys);
    this.#step = step;
    this.#before = before;
    this.#keys = keys;
  }

  get transitions(): Taken['transitions'] {
    return this.#step.transitions;
  }

  get guards(): Taken['guards'] {
    return this.#step.guards;
  }

  get seen(): Expectation {
    this.#seen ??= seen(this.#step, this.#before?.open, this.#keys);
    return this.#seen;
  }
}

const viewOf = ({ path, kind, src, input, snapshot }: OpenActor): ActorView => ({
  path,
  kind,
  src,
  input: pathsIn(input),
  ...(kind === 'machine' && {
    value: (snapshot as AnyMachineSnapshot).value,
    context: (snapshot as AnyMachineSnapshot).context,
  }),
});
