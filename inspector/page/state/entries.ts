import type { TraceRecord } from '@synod/protocol';

/** How much a record matters: a change of state or what is out of the ordinary, a message, or a detail of a step. */
export type Weight = 'rare' | 'message' | 'detail';

/** A record as the log shows it. */
export interface Entry {
  /** Unique in this page. */
  readonly key: number;
  readonly record: TraceRecord;
  readonly weight: Weight;
}

/** Entries of all kinds that are kept. */
const MAX_ENTRIES = 4_000;
/** Older entries that are kept beyond these, if they are rare: a crash is not swept away by heartbeats. */
const MAX_RARE = 1_000;

const DETAILS = new Set(['receive', 'deliver', 'timer.set', 'timer.fired', 'timer.cancelled', 'durable']);

/** Makes entries of records, remembering the last state of each actor to tell a change from a step that stays. */
export class Journal {
  readonly #states = new Map<string, string>();
  #key = 0;

  /** The entries of `records`, which follow those that came before. */
  read(records: readonly TraceRecord[]): Entry[] {
    return records.map((record) => ({ key: ++this.#key, record, weight: this.#weigh(record) }));
  }

  #weigh(record: TraceRecord): Weight {
    if (record.type === 'send') return 'message';
    if (DETAILS.has(record.type)) return 'detail';
    if (record.type !== 'transition' && record.type !== 'spawn') return 'rare';
    const state = JSON.stringify(record.state);
    const before = this.#states.get(record.actor);
    this.#states.set(record.actor, state);
    // Of an actor that nothing is known of yet, no change is claimed.
    return record.type === 'spawn' || (before !== undefined && before !== state) ? 'rare' : 'detail';
  }
}

/** `entries` with the oldest left out, rare ones last. */
export function trimmed(entries: readonly Entry[]): readonly Entry[] {
  const cut = entries.length - MAX_ENTRIES;
  if (cut <= 0) return entries;
  const rare = entries.slice(0, cut).filter(({ weight }) => weight === 'rare');
  return [...rare.slice(-MAX_RARE), ...entries.slice(cut)];
}
