import { type DurableState, Sequence } from '@synod/protocol';
import type { Operation } from './field-writes.ts';
import type { Database } from './lmdb-open.ts';
import {
  actorPrefix,
  after,
  decodeHead,
  decodeRecord,
  fieldPrefix,
  type Head,
  itemIndex,
  placeOf,
  RecordError,
} from './records.ts';

/** Keys or records read before others get their turn. */
const CHUNK = 4_096;

/** The heads of all fields of `actor` as they are on disk. Throws a `RecordError` when one is damaged. */
export function readHeads(database: Database, actor: string): Map<string, Head> {
  const heads = new Map<string, Head>();
  for (const [field, key] of headKeys(database, actor)) {
    const record = database.get(key);
    if (record) heads.set(field, decodeHead(key, record));
  }
  return heads;
}

/** The key of each field's head, without reading the items between them. */
function* headKeys(database: Database, actor: string): Generator<[field: string, key: Buffer]> {
  const end = after(actorPrefix(actor));
  for (let start = actorPrefix(actor); ; ) {
    const [key] = [...database.getKeys({ start, end, limit: 1 })];
    if (!key) return;
    const { part, field } = placeOf(key);
    if (part === 'head') yield [field, key];
    start = after(fieldPrefix(actor, field));
  }
}

/** What is stored of an actor. */
export interface ActorRecords {
  readonly heads: Map<string, Head>;
  readonly state: DurableState;
}

/**
 * Reads all that is stored of `actor`, in one pass in the order in which it lies on disk. Nothing may be written to the actor
 * meanwhile. Throws a `RecordError` when a record is damaged or missing.
 */
export async function readActor(database: Database, actor: string): Promise<ActorRecords> {
  const reader = new ActorReader(actor);
  const end = after(actorPrefix(actor));
  for (let start: Buffer = actorPrefix(actor); ; ) {
    let count = 0;
    for (const { key, value } of database.getRange({ start, end, limit: CHUNK })) {
      reader.take(key, value);
      if (++count === CHUNK) start = Buffer.concat([key, Buffer.from([0])]);
    }
    if (count < CHUNK) return reader.finish();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class ActorReader {
  readonly #actor: string;
  readonly #heads = new Map<string, Head>();
  readonly #state: Record<string, unknown> = Object.create(null);
  /** The field whose records come now: what its keys begin with, and the items so far when it is a sequence. */
  #prefix: Buffer = Buffer.alloc(0);
  #field = '';
  #length = 0;
  #items: unknown[] | undefined;

  constructor(actor: string) {
    this.#actor = actor;
  }

  take(key: Buffer, record: Buffer): void {
    const index = itemIndex(this.#prefix, key);
    if (index === undefined) this.#begin(key, record);
    // Beyond the length lie left-overs of a longer sequence.
    else if (this.#items && index < this.#length) {
      if (index !== this.#items.length) throw new RecordError('items of a sequence are missing');
      this.#items.push(decodeRecord(key, record));
    }
  }

  finish(): ActorRecords {
    this.#end();
    return { heads: this.#heads, state: { ...this.#state } };
  }

  /** A key of another field: its head, or items that an erasure left without one. */
  #begin(key: Buffer, record: Buffer): void {
    this.#end();
    const place = placeOf(key);
    this.#field = place.field;
    this.#prefix = fieldPrefix(this.#actor, place.field);
    if (place.part === 'item') return;
    const head = decodeHead(key, record);
    this.#heads.set(place.field, head);
    if (head.kind === 'value') this.#state[place.field] = head.value;
    else [this.#length, this.#items] = [head.length, []];
  }

  #end(): void {
    if (this.#items) {
      if (this.#items.length !== this.#length) throw new RecordError('items of a sequence are missing');
      this.#state[this.#field] = Sequence.from(this.#items);
    }
    [this.#length, this.#items] = [0, undefined];
  }
}

/**
 * The removals that erase `actor`, to be committed one after the other, each computed when it is asked for: first the heads
 * of all fields, which erases the actor at once, then the items that hang on them.
 */
export function* erasure(database: Database, actor: string): Generator<readonly Operation[], undefined> {
  const prefix = actorPrefix(actor);
  const end = after(prefix);
  const heads = Array.from(headKeys(database, actor), ([, key]) => ({ key, record: undefined }));
  if (heads.length > 0) yield heads;
  for (;;) {
    const keys = [...database.getKeys({ start: prefix, end, limit: CHUNK })];
    if (keys.length === 0) return;
    yield keys.map((key) => ({ key, record: undefined }));
  }
}
