import type { SynodError } from '@synod/protocol';
import type { GuardOutcome, Taken } from '../subject.ts';
import type { ActorPath, Stimulus } from '../test-case.ts';
import { textOf } from './stimuli.ts';

/** Of the stimuli with which a guard was asked, so many are kept to be shown. */
const SAMPLES = 3;

/** How a guard or one of its conditions answered. */
export interface Asked {
  readonly true: number;
  readonly false: number;
  /** Stimuli with which it was asked, no two alike; the first few. */
  readonly samples: readonly Stimulus[];
}

/** The same while it is being counted. */
interface Asking {
  true: number;
  false: number;
  readonly samples: Map<string, Stimulus>;
}

/** A stimulus at which the machine threw. */
export interface Thrown {
  readonly error: SynodError;
  readonly input: unknown;
  /** What had been done before, the one at which it threw last. */
  readonly stimuli: readonly Stimulus[];
}

/** What a search saw beside what it covered: what explains why it did not cover the rest. */
export class Notes {
  readonly #asked = new Map<string, Asking>();
  /** The same by the object that tells of it, of which there are few. */
  readonly #byOutcome = new WeakMap<GuardOutcome, Asking>();
  readonly #sent = new Map<string, number>();
  readonly #valueless = new Set<string>();
  readonly #actors = new Map<ActorPath, { readonly src: string; readonly kind: string }>();
  readonly #thrown = new Map<string, Thrown>();

  /** Returns whether a guard or condition came out as it never had. */
  guards({ guards }: Taken, stimulus: Stimulus | undefined): boolean {
    let isNew = false;
    for (const guard of guards) {
      const asked = this.#byOutcome.get(guard) ?? this.#asking(guard);
      const times = guard.outcome ? ++asked.true : ++asked.false;
      if (times === 1) isNew = true;
      if (stimulus && asked.samples.size < SAMPLES) asked.samples.set(textOf(stimulus), stimulus);
    }
    return isNew;
  }

  #asking(guard: GuardOutcome): Asking {
    const key = `${guard.actor}|${guard.transition}|${guard.condition}`;
    const asked = this.#asked.get(key) ?? { true: 0, false: 0, samples: new Map() };
    this.#asked.set(key, asked);
    this.#byOutcome.set(guard, asked);
    return asked;
  }

  /** How a guard answered; undefined for one that was never asked. */
  asked(actor: ActorPath, transition: string, condition: string): Asked | undefined {
    const asked = this.#asked.get(`${actor}|${transition}|${condition}`);
    return asked && { true: asked.true, false: asked.false, samples: [...asked.samples.values()] };
  }

  /** So many values were there for events of a type. */
  values(type: string, count: number): void {
    if (count === 0) this.#valueless.add(type);
    this.#sent.set(type, (this.#sent.get(type) ?? 0) + count);
  }

  sent(type: string): number {
    return this.#sent.get(type) ?? 0;
  }

  isValueless(key: string): boolean {
    return this.#valueless.has(key) && this.sent(key) === 0;
  }

  saw(world: Taken['world']): void {
    for (const { path, src, kind } of world.actors) this.#actors.set(path, { src, kind });
  }

  actor(path: ActorPath): { readonly src: string; readonly kind: string } | undefined {
    return this.#actors.get(path);
  }

  threw(error: SynodError, input: unknown, stimuli: readonly Stimulus[]): void {
    const key = `${error.code} ${error.message}`;
    if (!this.#thrown.has(key)) this.#thrown.set(key, { error, input, stimuli });
  }

  get thrown(): readonly Thrown[] {
    return [...this.#thrown.values()];
  }
}
