/** Gives equal things one number and one object: what is compared often is compared once. */
export class Interner<T> {
  readonly #ids = new Map<string, number>();
  readonly #items: T[] = [];

  /** The number of what `key` stands for; `make` builds it when it is new. */
  id(key: string, make: (id: number) => T): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#items.length;
    this.#ids.set(key, id);
    this.#items.push(make(id));
    return id;
  }

  at(id: number): T {
    return this.#items[id] as T;
  }

  get size(): number {
    return this.#items.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }
}
