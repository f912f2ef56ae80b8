import { crc32 } from 'node:zlib';
import { assert } from '@synod/protocol';
import { Packr } from 'msgpackr';

/*
 * Keys, in the order in which they lie on disk:
 *   00                                        what this directory is (`Identity`)
 *   01 actor 00 field 00 00                   the head of a field: its value, or the length of its sequence
 *   01 actor 00 field 00 01 index             an item of a sequence; the index has six bytes, big-endian
 * A record is a CRC-32 of its key and payload, little-endian, and the payload in MessagePack. As the key is in the sum, a
 * record that turns up under another's key is noticed too.
 */

/** The version of this layout. */
export const FORMAT = 1;

export interface Identity {
  readonly format: number;
  readonly cluster: string;
  readonly node: string;
  /** How many times the storage has been opened. */
  readonly incarnation: number;
}

/** What is known of a field without reading its items. Items from `length` up to `high` are left-overs, to be removed. */
export type Head =
  | { readonly kind: 'value'; readonly value: unknown; readonly high: number }
  | { readonly kind: 'sequence'; readonly length: number; readonly high: number };

/** What a key says. */
export interface Place {
  readonly part: 'head' | 'item';
  readonly actor: string;
  readonly field: string;
}

/** A record whose checksum or content is wrong. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

const MAX_FIELD_BYTES = 512;
const INDEX_BYTES = 6;
const [IDENTITY, FIELDS, END] = [0x00, 0x01, 0x00];
const [HEAD, ITEM] = [0x00, 0x01];

export const IDENTITY_KEY: Buffer = Buffer.from([IDENTITY]);

/** What the keys of `actor` begin with. */
export const actorPrefix = (actor: string): Buffer => Buffer.from(`\x01${actor}\x00`);

/** What the keys of a field begin with. Throws an `AssertionError` for a name that cannot be part of a key. */
export function fieldPrefix(actor: string, field: string): Buffer {
  assert(
    !field.includes('\x00') && Buffer.byteLength(field) <= MAX_FIELD_BYTES,
    `durable field "${field.slice(0, 50)}" must have at most ${MAX_FIELD_BYTES} bytes and no null`,
  );
  return Buffer.from(`\x01${actor}\x00${field}\x00`);
}

export const headKey = (field: Buffer): Buffer => Buffer.concat([field, Buffer.from([HEAD])]);

export function itemKey(field: Buffer, index: number): Buffer {
  const key = Buffer.allocUnsafe(field.length + 1 + INDEX_BYTES);
  field.copy(key);
  key[field.length] = ITEM;
  key.writeUIntBE(index, field.length + 1, INDEX_BYTES);
  return key;
}

/** The index in a key of an item of the field `prefix`; undefined for any other key. */
export function itemIndex(prefix: Buffer, key: Buffer): number | undefined {
  const marker = prefix.length;
  if (marker === 0 || key.length !== marker + 1 + INDEX_BYTES || key[marker] !== ITEM) return undefined;
  if (key.compare(prefix, 0, marker, 0, marker) !== 0) return undefined;
  return key.readUIntBE(marker + 1, INDEX_BYTES);
}

/** The first key after all that begin with `prefix`, whose last byte is not 255. */
export function after(prefix: Buffer): Buffer {
  const key = Buffer.from(prefix);
  const last = key.length - 1;
  key[last] = (key[last] as number) + 1;
  return key;
}

/** What a key below `actorPrefix` says; throws a `RecordError` when it says nothing. */
export function placeOf(key: Buffer): Place {
  const first = key.indexOf(END, 1);
  const second = key.indexOf(END, first + 1);
  if (key[0] !== FIELDS || first < 0 || second < 0) throw new RecordError('a key of no known kind');
  const [actor, field] = [key.toString('utf8', 1, first), key.toString('utf8', first + 1, second)];
  const rest = key.length - second - 1;
  if (rest === 1 && key[second + 1] === HEAD) return { part: 'head', actor, field };
  if (rest === 1 + INDEX_BYTES && key[second + 1] === ITEM) {
    return { part: 'item', actor, field };
  }
  throw new RecordError('a key of no known kind');
}

// Records (structures) in-line, so that objects and Maps stay apart and each payload can be read by itself.
const packr = new Packr({ useRecords: true, moreTypes: true, useBigIntExtension: true, copyBuffers: true });

const CRC_BYTES = 4;

/** A record: the sum of key and payload, and the payload. */
export function encodeRecord(key: Buffer, content: unknown): Buffer {
  const payload = packr.pack(content);
  const record = Buffer.allocUnsafe(CRC_BYTES + payload.length);
  record.writeUInt32LE(crc32(payload, crc32(key)), 0);
  payload.copy(record, CRC_BYTES);
  return record;
}

/** Throws a `RecordError` unless `record` is as it was written under `key`. */
export function checkRecord(key: Buffer, record: Buffer): void {
  if (record.length <= CRC_BYTES) throw new RecordError('a record is cut off');
  const sum = crc32(record.subarray(CRC_BYTES), crc32(key));
  if (sum !== record.readUInt32LE(0)) throw new RecordError('the checksum of a record is wrong');
}

/** The content of a record, its checksum verified. */
export function decodeRecord(key: Buffer, record: Buffer): unknown {
  checkRecord(key, record);
  return packr.unpack(record.subarray(CRC_BYTES));
}

export const encodeHead = (key: Buffer, head: Head): Buffer =>
  encodeRecord(key, head.kind === 'value' ? [0, head.high, head.value] : [1, head.high, head.length]);

export function decodeHead(key: Buffer, record: Buffer): Head {
  const [kind, high, content] = decodeRecord(key, record) as [number, number, unknown];
  return kind === 0 ? { kind: 'value', value: content, high } : { kind: 'sequence', length: content as number, high };
}
