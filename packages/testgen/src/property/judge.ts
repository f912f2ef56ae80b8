import { describeError, SynodError } from '@synod/protocol';
import type { Stimulus } from '../test-case.ts';
import type { Broken, LeadsToProperty, MachineProperty, MachineState } from './property.ts';

/** A promise that waits to be kept. */
interface Obligation {
  readonly property: LeadsToProperty;
  readonly sinceStep: number;
  readonly sinceMs: number;
}

/** What properties make of one run. */
export class Judge {
  /** Names of `sometimes` properties that were seen. */
  readonly seen = new Set<string>();
  readonly #properties: readonly MachineProperty[];
  /** `eventually` properties that did not hold as yet. */
  readonly #awaited: Set<MachineProperty>;
  #obligations: readonly Obligation[] = [];
  #steps = 0;

  constructor(properties: readonly MachineProperty[]) {
    this.#properties = properties;
    this.#awaited = new Set(properties.filter(({ kind }) => kind === 'eventually'));
  }

  /** The run's first state. */
  start(state: MachineState): Broken | undefined {
    return this.#state(state);
  }

  step(before: MachineState, after: MachineState, stimulus: Stimulus): Broken | undefined {
    this.#steps += 1;
    for (const property of this.#properties) {
      if (property.kind !== 'step' || asked(property.name, () => property.holds(before, after, stimulus))) continue;
      return { property: property.name, kind: 'step', message: 'The step breaks it.' };
    }
    return this.#state(after);
  }

  /** The run is over: `final` if nothing can follow, else it was cut off. */
  end(final: boolean): Broken | undefined {
    if (!final) return undefined;
    const [awaited] = this.#awaited;
    const why = 'and the run is over: nothing can happen any more';
    if (awaited) return { property: awaited.name, kind: 'eventually', message: `It never held, ${why}.` };
    const [open] = this.#obligations;
    return (
      open && {
        property: open.property.name,
        kind: 'leadsTo',
        message: `After step ${open.sinceStep} it was due, ${why}.`,
      }
    );
  }

  /** Names of properties of which this run, cut off here, decides nothing. */
  get undecided(): readonly string[] {
    return [...new Set([...this.#awaited, ...this.#obligations.map(({ property }) => property)])].map(
      ({ name }) => name,
    );
  }

  #state(state: MachineState): Broken | undefined {
    for (const property of this.#properties) {
      if (property.kind === 'step' || property.kind === 'leadsTo') continue;
      const holds = asked(property.name, () => property.holds(state));
      if (property.kind === 'always' && !holds)
        return { property: property.name, kind: 'always', message: 'It does not hold in this state.' };
      if (holds && property.kind === 'sometimes') this.seen.add(property.name);
      if (holds) this.#awaited.delete(property);
    }
    return this.#leadsTo(state);
  }

  #leadsTo(state: MachineState): Broken | undefined {
    const late = this.#obligations.find((open) => overdue(open, state, this.#steps));
    const broken = late && missed(late);
    if (broken) return broken;
    this.#obligations = this.#obligations.filter(({ property }) => !asked(property.name, () => property.holds(state)));
    const missedNow = this.#obligations.find(
      ({ property, sinceStep }) =>
        property.withinSteps !== undefined && this.#steps - sinceStep >= property.withinSteps,
    );
    if (missedNow) return missed(missedNow);
    for (const property of this.#properties) {
      if (property.kind !== 'leadsTo' || this.#obligations.some((open) => open.property === property)) continue;
      const due = asked(property.name, () => property.when(state) && !property.holds(state));
      if (due) this.#obligations = [...this.#obligations, { property, sinceStep: this.#steps, sinceMs: state.atMs }];
    }
    return undefined;
  }
}

/** The time had passed before this state came: until then the state before stood, in which it did not hold. */
const overdue = ({ property, sinceMs }: Obligation, { atMs }: MachineState, _steps: number): boolean =>
  property.withinMs !== undefined && atMs - sinceMs > property.withinMs;

const missed = ({ property, sinceStep }: Obligation): Broken => {
  const bound = property.withinMs === undefined ? `${property.withinSteps} steps` : `${property.withinMs} ms`;
  return {
    property: property.name,
    kind: 'leadsTo',
    message: `After step ${sinceStep} it was due within ${bound}, and these have passed.`,
  };
};

/** What a property says. @throws SynodError `PROPERTY_THREW`. */
function asked(name: string, ask: () => boolean): boolean {
  try {
    return ask();
  } catch (cause) {
    throw new SynodError(
      'PROPERTY_THREW',
      `The property "${name}" threw "${describeError(cause)}" where it should say whether it holds; mend it.`,
      { cause },
    );
  }
}

const KINDS = new Set(['always', 'step', 'sometimes', 'eventually', 'leadsTo']);

/**
 * A list of properties, checked.
 * @throws SynodError `PROPERTY_INVALID`.
 */
export function checkedProperties(value: unknown): readonly MachineProperty[] {
  const invalid = (what: string) =>
    new SynodError(
      'PROPERTY_INVALID',
      `${what}; a property is { name, kind, holds } of kind ${[...KINDS].join(', ')}, and "leadsTo" has "when" beside it.`,
    );
  if (!Array.isArray(value)) throw invalid('The properties are no list');
  const names = new Set<string>();
  for (const [index, each] of value.entries()) {
    const { name, kind, holds, when } = (each ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || name === '') throw invalid(`Property ${index + 1} has no name`);
    if (!KINDS.has(String(kind))) throw invalid(`Property "${name}" is of kind "${String(kind)}"`);
    if (typeof holds !== 'function') throw invalid(`Property "${name}" has no function "holds"`);
    if (kind === 'leadsTo' && typeof when !== 'function') throw invalid(`Property "${name}" has no function "when"`);
    if (names.has(name)) throw invalid(`Two properties are called "${name}"`);
    names.add(name);
  }
  return value as readonly MachineProperty[];
}
