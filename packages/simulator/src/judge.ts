import {
  type Address,
  describeError,
  type NodeView,
  type Property,
  type StateProperty,
  type StepProperty,
  SynodError,
} from '@synod/protocol';
import { bitOf, TrackedViews } from './tracked.ts';
import type { Violation } from './violation.ts';

/** What may be asked for besides the properties, from some moment on: progress after the healing. */
export interface Aim {
  readonly name: string;
  reached(views: readonly NodeView[]): boolean;
}

/** Holds a run to its promises: each property is asked after every step that may have changed its answer. */
export class Judge {
  readonly #views: TrackedViews;
  readonly #always: readonly StateProperty[];
  readonly #steps: readonly StepProperty[];
  readonly #eventually: readonly StateProperty[];
  readonly #sometimes: readonly StateProperty[];
  readonly #numbers: ReadonlyMap<StateProperty, number>;
  readonly #reached = new Set<StateProperty>();
  readonly #onViolation: (violation: Omit<Violation, 'atMs'>) => void;
  readonly #onReached: (property: string) => void;
  #aim: Aim | undefined;
  #aimReached = false;
  /** Bits of the properties that have to be asked. */
  #due = ~0;

  constructor(
    views: readonly NodeView[],
    properties: readonly Property[],
    onViolation: (violation: Omit<Violation, 'atMs'>) => void,
    onReached: (property: string) => void = () => {},
  ) {
    this.#views = new TrackedViews(views);
    this.#onViolation = onViolation;
    this.#onReached = onReached;
    this.#steps = properties.filter((property) => property.kind === 'step');
    const ofStates = properties.filter((property) => property.kind !== 'step');
    const of = (kind: StateProperty['kind']) => ofStates.filter((property) => property.kind === kind);
    [this.#always, this.#eventually, this.#sometimes] = [of('always'), of('eventually'), of('sometimes')];
    // Bit 0 is the aim's.
    this.#numbers = new Map(ofStates.map((property, index) => [property, index + 1]));
  }

  get views(): readonly NodeView[] {
    return this.#views.plain;
  }

  /** By name, whether what should come about sometimes did. */
  get sometimes(): Readonly<Record<string, boolean>> {
    return Object.fromEntries(this.#sometimes.map((property) => [property.name, this.#reached.has(property)]));
  }

  /** Whether the aim has been reached. */
  get aimReached(): boolean {
    return this.#aimReached;
  }

  aimAt(aim: Aim): void {
    this.#aim = aim;
    this.#aimReached = false;
    this.#due |= bitOf(0);
    this.check();
  }

  /** Something that no view shows has changed: the aim may have been reached. */
  askForAim(): void {
    if (!this.#aim) return;
    this.#due |= bitOf(0);
    this.check();
  }

  /** An actor is another now; `stepped` when by a step of its own. */
  update(actor: number, view: NodeView, stepped: boolean): void {
    const before = this.#views.at(actor);
    this.#due |= this.#views.update(actor, view);
    if (stepped) {
      for (const property of this.#steps) {
        if (!asked(property.name, () => property.holds(before, view))) this.#broken(property, view.actor);
      }
    }
    if (this.#due !== 0) this.check(view.actor);
  }

  /** Asks what is due. */
  check(actor?: Address): void {
    const due = this.#due;
    this.#due = 0;
    for (const property of this.#always) {
      if ((due & this.#bit(property)) !== 0 && !this.#holds(property)) this.#broken(property, actor);
    }
    for (const property of this.#sometimes) {
      if (this.#reached.has(property) || (due & this.#bit(property)) === 0) continue;
      if (!this.#holds(property)) continue;
      this.#reached.add(property);
      this.#onReached(property.name);
    }
    const aim = this.#aim;
    if (aim && !this.#aimReached && (due & bitOf(0)) !== 0) {
      this.#aimReached = this.#views.ask(bitOf(0), (views) => asked(aim.name, () => aim.reached(views)));
    }
  }

  /** The properties that should have come true by now, and have not. */
  missing(): readonly StateProperty[] {
    return this.#eventually.filter((property) => !this.#holds(property));
  }

  #bit = (property: StateProperty): number => bitOf(this.#numbers.get(property) as number);

  #holds(property: StateProperty): boolean {
    return this.#views.ask(this.#bit(property), (views) => asked(property.name, () => property.holds(views)));
  }

  #broken({ name, kind, source }: Property, actor: Address | undefined): void {
    this.#onViolation({
      property: name,
      kind: kind as Violation['kind'],
      message: `${name} (${source}) does not hold${actor === undefined ? '' : ` after a step of ${actor}`}.`,
      ...(actor === undefined ? {} : { part: actor }),
    });
  }
}

/** A property that throws is a mistake in the specification, and named. */
function asked(property: string, holds: () => boolean): boolean {
  try {
    return holds();
  } catch (error) {
    throw new SynodError(
      'PROPERTY_FAILED',
      `Property "${property}" threw "${describeError(error)}" instead of answering; it must return true or false for every state.`,
      { cause: error, details: { property } },
    );
  }
}
