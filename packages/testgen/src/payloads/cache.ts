import type { Values } from '../world/values.ts';

/** More contexts than these are not kept in mind. */
const MOST = 4_096;

/** Values by context: the same object is known at once, an equal one by what it holds. */
export class Cache {
  readonly #contexts: Values;
  readonly #byObject = new WeakMap<object, readonly unknown[]>();
  readonly #byValue = new Map<number, readonly unknown[]>();

  /** `contexts` numbers them, for several caches. */
  constructor(contexts: Values) {
    this.#contexts = contexts;
  }

  of(context: unknown, make: () => readonly unknown[]): readonly unknown[] {
    const object = typeof context === 'object' && context !== null ? context : undefined;
    const same = object && this.#byObject.get(object);
    if (same) return same;
    const key = this.#contexts.of(context);
    const values = this.#byValue.get(key) ?? make();
    if (this.#byValue.size >= MOST) this.#byValue.clear();
    this.#byValue.set(key, values);
    if (object) this.#byObject.set(object, values);
    return values;
  }
}
