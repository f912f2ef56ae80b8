import { canonical, type SynodError } from '@synod/protocol';
import type { Taken } from '../subject.ts';
import type { ActorPath, Stimulus } from '../test-case.ts';

/** Of the stimuli with which a guard was asked, so many are kept to be shown. */
const SAMPLES = 3;

/** How a guard or one of its conditions answered. */
export interface Asked {
  readonly true: number;
  readonly false: number;
  /** Stimuli with which it was asked, no two alike; the first few. */
  readonly samples: readonly Stimulus[];
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
  readonly #asked = new Map<string, { true: number; false: number; samples: Map<string, Stimulus> }>();
  readonly #sent = new Map<string, number>();
  readonly #valueless = new Set<string>();
  readonly #actors = new Map<ActorPath, { readonly src: string; readonly kind: string }>();
  readonly #thrown = new Map<string, Thrown>();

  /** Returns whether a guard or condition came out as it never had. */
  guards({ guards }: Taken, stimulus: Stimulus | undefined): boolean {
    let isNew = false;
    for (const { actor, transition, condition, outcome } of guards) {
      const key = `${actor}|${transition}|${condition}`;
      const asked = this.#asked.get(key) ?? { true: 0, false: 0, samples: new Map() };
      const times = outcome ? ++asked.true : ++asked.false;
      if (times === 1) isNew = true;
      if (stimulus && asked.samples.size < SAMPLES) asked.samples.set(canonical(stimulus), stimulus);
      this.#asked.set(key, asked);
    }
    return isNew;
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
