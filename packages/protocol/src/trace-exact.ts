import { isSecret } from './plain-json.ts';
import { Sequence } from './sequence.ts';

/**
 * Where in a line stands what JSON cannot tell, what it is, and what it takes to build it again: `[["context", "log"], "Sequence"]`.
 * Of kind `opaque` is what cannot be built again; its detail says what it was.
 */
export type TypeNote = readonly [path: readonly (string | number)[], kind: TypeKind, detail?: unknown];

export type TypeKind =
  | 'bigint'
  /** Detail: `NaN`, `Infinity`, `-Infinity` or `-0`. */
  | 'number'
  | 'undefined'
  /** Detail: milliseconds since 1970, null for an invalid one. */
  | 'Date'
  /** Detail: the bytes in base64. */
  | 'bytes'
  | 'Sequence'
  | 'Set'
  /** Of all maps: detail is the list of their keys, since JSON makes texts of them and changes their order. */
  | 'Map'
  | 'ImmutableMap'
  | 'ImmutableOrderedMap'
  | 'ImmutableList'
  | 'ImmutableSet'
  | 'ImmutableOrderedSet'
  | 'opaque';

/** All that `plainJson` loses of a value, parents first. Empty for plain data. */
export function typeNotes(value: unknown, path: readonly (string | number)[] = []): TypeNote[] {
  const notes: TypeNote[] = [];
  new Noter(notes).look(value, path);
  return notes;
}

type Path = readonly (string | number)[];
type Flagged = object & { readonly [flag: string]: unknown };

class Noter {
  readonly #notes: TypeNote[];
  readonly #around = new Set<object>();

  constructor(notes: TypeNote[]) {
    this.#notes = notes;
  }

  look(value: unknown, path: Path): void {
    switch (typeof value) {
      case 'bigint':
        return this.#note(path, 'bigint');
      case 'number':
        if (!Number.isFinite(value) || Object.is(value, -0))
          this.#note(path, 'number', Object.is(value, -0) ? '-0' : String(value));
        return;
      case 'function':
      case 'symbol':
        return this.#note(path, 'opaque', `a ${typeof value}`);
      case 'object':
        return value === null ? undefined : this.#object(value, path);
      default:
    }
  }

  #object(value: object, path: Path): void {
    if (value instanceof Uint8Array) return this.#note(path, 'bytes', base64(value));
    if (value instanceof Date) return this.#note(path, 'Date', Number.isNaN(value.getTime()) ? null : value.getTime());
    if (this.#around.has(value)) return this.#note(path, 'opaque', 'a value that contains itself');
    this.#around.add(value);
    this.#inside(value as Flagged, path);
    this.#around.delete(value);
  }

  #inside(value: Flagged, path: Path): void {
    if (Array.isArray(value)) return this.#items(value, path);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#fields(Object.entries(value), path);
    if (value instanceof Map) return this.#map(value, 'Map', path);
    const list = listKind(value);
    if (list) {
      this.#note(path, list);
      return this.#items(value as unknown as Iterable<unknown>, path);
    }
    const ordered = value['@@__IMMUTABLE_ORDERED__@@'] === true;
    if (value['@@__IMMUTABLE_MAP__@@'] === true)
      return this.#map(value as unknown as Pairs, ordered ? 'ImmutableOrderedMap' : 'ImmutableMap', path);
    this.#note(path, 'opaque', `an instance of ${value.constructor?.name || 'a class'}`);
  }

  #items(items: Iterable<unknown>, path: Path): void {
    let index = 0;
    for (const item of items) {
      if (item === undefined) this.#note([...path, index], 'undefined');
      else this.look(item, [...path, index]);
      index++;
    }
  }

  #fields(entries: Iterable<readonly [string, unknown]>, path: Path): void {
    for (const [key, value] of entries) {
      if (isSecret(key)) this.#note([...path, key], 'opaque', 'a secret');
      else this.look(value, [...path, key]);
    }
  }

  #map(pairs: Pairs, kind: TypeKind, path: Path): void {
    const entries = [...pairs];
    const names = new Set(entries.map(([key]) => String(key)));
    const isPlain = entries.every(
      ([key]) => typeof key === 'string' || Number.isFinite(key) || typeof key === 'boolean',
    );
    if (!isPlain || names.size < entries.length) return this.#note(path, 'opaque', 'a map with keys other than texts');
    this.#note(
      path,
      kind,
      entries.map(([key]) => key),
    );
    this.#fields(
      entries.map(([key, value]) => [String(key), value] as const),
      path,
    );
  }

  #note(path: Path, kind: TypeKind, detail?: unknown): void {
    this.#notes.push(detail === undefined ? [path, kind] : [path, kind, detail]);
  }
}

type Pairs = Iterable<readonly [unknown, unknown]>;

function listKind(value: Flagged): TypeKind | undefined {
  if (value instanceof Sequence) return 'Sequence';
  if (value instanceof Set) return 'Set';
  if (value['@@__IMMUTABLE_LIST__@@'] === true) return 'ImmutableList';
  if (value['@@__IMMUTABLE_SET__@@'] !== true) return undefined;
  return value['@@__IMMUTABLE_ORDERED__@@'] === true ? 'ImmutableOrderedSet' : 'ImmutableSet';
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
