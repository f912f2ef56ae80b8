import { Sequence } from './sequence.ts';

/** What one step changed in one durable field. */
export type DurableChange =
  | { readonly field: string; readonly kind: 'value'; readonly value: unknown }
  /** The first `keep` items stay, all after them is replaced by `items`. */
  | { readonly field: string; readonly kind: 'sequence'; readonly keep: number; readonly items: readonly unknown[] };

/** Durable fields as they were last made durable. */
export type DurableState = Readonly<Record<string, unknown>>;

/**
 * What a step changed in the durable fields, comparing them by identity; undefined when nothing changed.
 * A `Sequence` costs what changed in it and not what it holds.
 */
export function durableChanges(
  fields: readonly string[],
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly DurableChange[] | undefined {
  let changes: DurableChange[] | undefined;
  for (const field of fields) {
    const [old, now] = [before[field], after[field]];
    if (Object.is(old, now)) continue;
    changes ??= [];
    changes.push(now instanceof Sequence ? sequenceChange(field, old, now) : { field, kind: 'value', value: now });
  }
  return changes;
}

function sequenceChange(field: string, old: unknown, now: Sequence<unknown>): DurableChange {
  const keep = old instanceof Sequence ? Sequence.shared(old, now) : 0;
  return { field, kind: 'sequence', keep, items: now.slice(keep) };
}

/** `state` with `changes` made. */
export function applyDurable(state: DurableState, changes: readonly DurableChange[]): DurableState {
  const next: Record<string, unknown> = { ...state };
  for (const change of changes) {
    if (change.kind === 'value') next[change.field] = change.value;
    else {
      const old = next[change.field];
      const kept = old instanceof Sequence ? old.take(change.keep) : Sequence.empty<unknown>();
      next[change.field] = kept.append(change.items);
    }
  }
  return next;
}
