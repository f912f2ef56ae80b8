import { assert, type DurableChange } from '@synod/protocol';
import { encodeHead, encodeRecord, fieldPrefix, type Head, headKey, itemKey } from './records.ts';
import { assertStorableChange } from './storable.ts';

/** One put, or with no record a removal. */
export interface Operation {
  readonly key: Buffer;
  readonly record: Buffer | undefined;
}

/** Left-over items removed with each write, beside as many as it writes: a write costs what it changes and no more. */
const SWEEP = 64;

/**
 * The operations of `change`, and the field's head after it. Of a sequence only the items that changed are written.
 * What a sequence that became shorter leaves behind is invalid at once, by its length, and is removed little by little.
 */
export function fieldWrites(
  actor: string,
  change: DurableChange,
  before: Head | undefined,
): { readonly operations: Operation[]; readonly head: Head } {
  assertStorableChange(actor, change);
  const prefix = fieldPrefix(actor, change.field);
  const operations: Operation[] = [];
  const high = before?.high ?? 0;
  const what = `${actor}.${change.field}`;
  let head: Head;
  if (change.kind === 'value') {
    head = { kind: 'value', value: change.value, high: sweep(operations, prefix, 0, high, SWEEP) };
  } else {
    const { keep, items } = change;
    const length = keep + items.length;
    assert(keep <= (before?.kind === 'sequence' ? before.length : 0), `${what}: keeps items that were never written`);
    for (const [offset, item] of items.entries()) {
      const key = itemKey(prefix, keep + offset);
      operations.push({ key, record: encodeRecord(key, item) });
    }
    const swept = sweep(operations, prefix, length, Math.max(high, length), SWEEP + items.length);
    head = { kind: 'sequence', length, high: swept };
  }
  const key = headKey(prefix);
  operations.push({ key, record: encodeHead(key, head) });
  return { operations, head };
}

/** Removes up to `limit` left-overs from the end, and returns the new end. */
function sweep(operations: Operation[], prefix: Buffer, length: number, high: number, limit: number): number {
  const end = Math.max(length, high - limit);
  for (let index = high - 1; index >= end; index--) operations.push({ key: itemKey(prefix, index), record: undefined });
  return end;
}
