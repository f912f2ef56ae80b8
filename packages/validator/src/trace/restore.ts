import { type RecordedLine, Sequence, SynodError, type TraceRecord, type TypeNote } from '@synod/protocol';
import { Map as ImmutableMap, Set as ImmutableSet, List, OrderedMap, OrderedSet } from 'immutable';

/** A record with its very values, and what of them could not be had back: `context.quorum (an instance of Grid)`. */
export interface Restored {
  readonly record: TraceRecord;
  readonly opaque: readonly string[];
}

type Holder = Record<string | number, unknown>;

/**
 * Gives a line of a recording the types back that JSON could not tell.
 * @throws SynodError `TRACE_INVALID` where the notes on types speak of what is not there.
 */
export function restore(line: RecordedLine): Restored {
  const { types, ...record } = line;
  if (!types) return { record: line, opaque: [] };
  const opaque: string[] = [];
  // Parents stand before their children: built from the end, each finds its parts built.
  for (const [path, kind, detail] of [...types].reverse()) {
    if (kind === 'opaque') {
      opaque.push(`${path.join('.')} (${String(detail)})`);
      continue;
    }
    const [holder, key] = placeOf(record, path);
    holder[key] = build(kind, holder[key], detail, path);
  }
  return { record: record as unknown as TraceRecord, opaque };
}

function placeOf(record: object, path: TypeNote[0]): readonly [Holder, string | number] {
  let holder = record as Holder;
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (typeof inner !== 'object' || inner === null) throw invalid(path);
    holder = inner as Holder;
  }
  const last = path.at(-1);
  if (last === undefined || last === '__proto__' || (!Object.hasOwn(holder, last) && !Array.isArray(holder)))
    throw invalid(path);
  return [holder, last];
}

function build(kind: TypeNote[1], plain: unknown, detail: unknown, path: TypeNote[0]): unknown {
  try {
    switch (kind) {
      case 'bigint':
        return BigInt(String(plain).replace(/n$/, ''));
      case 'number':
        return Number(detail);
      case 'undefined':
        return undefined;
      case 'Date':
        return new Date(detail === null ? Number.NaN : Number(detail));
      case 'bytes':
        return Uint8Array.from(atob(String(detail)), (character) => character.charCodeAt(0));
      default:
        return collect(kind, plain, detail, path);
    }
  } catch {
    throw invalid(path);
  }
}

function collect(kind: TypeNote[1], plain: unknown, detail: unknown, path: TypeNote[0]): unknown {
  if (kind === 'Map' || kind === 'ImmutableMap' || kind === 'ImmutableOrderedMap') {
    const fields = plain as Readonly<Record<string, unknown>>;
    const entries = (detail as readonly unknown[]).map((key): [unknown, unknown] => [key, fields[String(key)]]);
    if (kind === 'Map') return new Map(entries);
    return kind === 'ImmutableMap' ? ImmutableMap(entries) : OrderedMap(entries);
  }
  if (!Array.isArray(plain)) throw invalid(path);
  const items: readonly unknown[] = plain;
  switch (kind) {
    case 'Sequence':
      return Sequence.from(items);
    case 'Set':
      return new Set(items);
    case 'ImmutableList':
      return List(items);
    case 'ImmutableSet':
      return ImmutableSet(items);
    case 'ImmutableOrderedSet':
      return OrderedSet(items);
    default:
      throw invalid(path);
  }
}

const invalid = (path: TypeNote[0]): SynodError =>
  new SynodError(
    'TRACE_INVALID',
    `A line of the trace notes a type at "${path.join('.')}" that does not fit what stands there; was the file edited?`,
  );
