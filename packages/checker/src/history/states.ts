import { brief, canonical, describeError, type SequentialObject, SynodError } from '@synod/protocol';

/** More inputs than a history can have in memory. */
const MOST_INPUTS = 2 ** 26;

/** An object's states as numbers; what was applied to one of them once is not applied again. */
export class States {
  readonly #object: SequentialObject;
  readonly #values: unknown[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #applied = new Map<number, readonly [number, string]>();
  readonly #inputs = new Map<string, number>();

  constructor(object: SequentialObject) {
    this.#object = object;
    this.#number(object.initial);
  }

  /** The number of an input: equal inputs share one. */
  input(input: unknown): number {
    const text = canonical(input);
    const known = this.#inputs.get(text);
    if (known !== undefined) return known;
    this.#inputs.set(text, this.#inputs.size);
    return this.#inputs.size - 1;
  }

  /**
   * The state after an input, and its output's canonical text. State 0 is the initial one.
   * @throws SynodError `OBJECT_FAILED` when the object throws.
   */
  apply(state: number, input: unknown, number: number): readonly [number, string] {
    const key = state * MOST_INPUTS + number;
    const known = this.#applied.get(key);
    if (known) return known;
    const [next, output] = this.#ask(this.#values[state], input);
    const applied = [this.#number(next), canonical(output)] as const;
    this.#applied.set(key, applied);
    return applied;
  }

  #ask(state: unknown, input: unknown): readonly [unknown, unknown] {
    try {
      return this.#object.apply(state, input);
    } catch (cause) {
      throw new SynodError(
        'OBJECT_FAILED',
        `The sequential object threw "${describeError(cause)}" for the input ${brief(input)}; it must answer every input in every state.`,
        { cause },
      );
    }
  }

  #number(state: unknown): number {
    const text = canonical(state);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#values.length);
    this.#values.push(state);
    return this.#values.length - 1;
  }
}
