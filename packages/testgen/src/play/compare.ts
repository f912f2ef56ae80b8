import { canonical } from '@synod/protocol';
import type { ActorPath, Expectation } from '../test-case.ts';
import { overlooked } from '../write/instance.ts';

/** A field in which what was observed is not what was expected. */
export interface Deviation {
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

type Fields = Readonly<Record<string, unknown>>;
type Actors = NonNullable<Expectation['actors']>;

/**
 * What a test knows of the implementation so far: an expectation says what changes, and all else is expected to stay. What an
 * implementation leaves out of its observations is not judged.
 */
export class Known {
  /** Undefined while no expectation has said anything about context. */
  #context: Fields | undefined;
  #actors: readonly ActorPath[] = [];

  /** The deviations of one step, in the order in which a reader wants them. */
  judge(expected: Expectation, observed: Expectation): readonly Deviation[] {
    return [
      ...this.#judgeState(expected, observed),
      ...this.#judgeContext(expected, observed),
      ...judgeLists(expected, observed),
      ...this.#judgeActors(expected, observed),
    ];
  }

  #judgeState(expected: Expectation, observed: Expectation): Deviation[] {
    const found: Deviation[] = [];
    if (expected.state !== undefined && observed.state !== undefined)
      found.push(...differs('state', sorted(expected.state), sorted(observed.state)));
    if (observed.status !== undefined) found.push(...differs('status', expected.status ?? 'active', observed.status));
    if ('output' in observed) found.push(...differs('output', expected.output, observed.output));
    return found;
  }

  #judgeContext(expected: Expectation, observed: Expectation): Deviation[] {
    if (expected.context) this.#context = { ...this.#context, ...expected.context };
    const known = this.#context;
    if (!known || !observed.context) return [];
    return Object.entries(observed.context).flatMap(([key, value]) => differs(`context.${key}`, known[key], value));
  }

  #judgeActors({ actors }: Expectation, observed: Expectation): Deviation[] {
    if (actors) this.#actors = actors.map(({ path }) => path);
    if (!observed.actors) return [];
    const running = observed.actors.map(({ path }) => path);
    const found = differs('actors', [...this.#actors].sort(), [...running].sort());
    return found.length > 0 ? found : (actors ?? []).flatMap((actor) => differsInInput(actor, observed.actors ?? []));
  }
}

function differsInInput(actor: Actors[number], observed: Actors): Deviation[] {
  if (!('input' in actor)) return [];
  const same = observed.find(({ path }) => path === actor.path);
  return differs(`actors ${actor.path} input`, actor.input, same?.input);
}

/** What happened in the step itself: without a word of it, nothing is expected. */
function judgeLists(expected: Expectation, observed: Expectation): Deviation[] {
  return (['actions', 'emitted', 'told'] as const).flatMap((field) =>
    observed[field] === undefined ? [] : differs(field, expected[field] ?? [], observed[field]),
  );
}

function differs(field: string, expected: unknown, actual: unknown): Deviation[] {
  const looked = overlooked(expected, actual);
  return canonical(expected) === canonical(looked) ? [] : [{ field, expected, actual: looked }];
}

/** State values are equal whatever the order of their regions. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
