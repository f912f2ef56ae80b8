import type { TransitionRef } from '../chart.ts';
import type { AskedGuard, TakenTransition } from './open-world.ts';

// What happens in a great many steps is told by the same few objects.

/** How a guard, or one of its conditions, may come out, by the actor that asks. */
export class Outcomes {
  readonly transition: TransitionRef;
  readonly condition: string;
  readonly #of = { true: new Map<string, AskedGuard>(), false: new Map<string, AskedGuard>() };

  constructor(transition: TransitionRef, condition: string) {
    this.transition = transition;
    this.condition = condition;
  }

  of(actor: string, outcome: boolean): AskedGuard {
    const known = outcome ? this.#of.true : this.#of.false;
    let told = known.get(actor);
    if (!told) {
      told = { actor, transition: this.transition, condition: this.condition, outcome };
      known.set(actor, told);
    }
    return told;
  }
}

/** The transitions of a machine, by the actor that takes them. */
export class Takings {
  readonly #refOf: (definition: object) => TransitionRef;
  readonly #of = new Map<string, WeakMap<object, TakenTransition>>();

  constructor(refOf: (definition: object) => TransitionRef) {
    this.#refOf = refOf;
  }

  of(actor: string, definition: object): TakenTransition {
    let known = this.#of.get(actor);
    if (!known) {
      known = new WeakMap();
      this.#of.set(actor, known);
    }
    let taken = known.get(definition);
    if (!taken) {
      taken = { actor, transition: this.#refOf(definition) };
      known.set(definition, taken);
    }
    return taken;
  }
}
