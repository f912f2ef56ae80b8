import { canonical } from '@synod/protocol';

/** More contexts than these are not kept in mind. */
const MOST = 4_096;

const texts = new WeakMap<object, string>();

/** A context is asked about for one event after the other. */
function textOf(context: unknown): string {
  if (typeof context !== 'object' || context === null) return canonical(context);
  const text = texts.get(context) ?? canonical(context);
  texts.set(context, text);
  return text;
}

/** Values by context: the same object is known at once, an equal one by what it holds. */
export class Cache {
  readonly #byObject = new WeakMap<object, readonly unknown[]>();
  readonly #byValue = new Map<string, readonly unknown[]>();

  of(context: unknown, make: () => readonly unknown[]): readonly unknown[] {
    const object = typeof context === 'object' && context !== null ? context : undefined;
    const same = object && this.#byObject.get(object);
    if (same) return same;
    const key = textOf(context);
    const values = this.#byValue.get(key) ?? make();
    if (this.#byValue.size >= MOST) this.#byValue.clear();
    this.#byValue.set(key, values);
    if (object) this.#byObject.set(object, values);
    return values;
  }
}
