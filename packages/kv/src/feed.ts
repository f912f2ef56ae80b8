import type { AppliedEntry } from '@synod/machines/raft';
import { Observable, Subject } from 'rxjs';
import { compacted } from './errors.ts';
import type { KvCommand, KvResponse } from './store.ts';

/** A write that took effect. */
export interface KvChange {
  readonly key: string;
  readonly revision: number;
  /** Null: the key was deleted. */
  readonly value: string | null;
}

/** One key, or all that begin with a prefix; the empty prefix is all keys. */
export type KvFilter = { readonly key: string } | { readonly prefix: string };

export interface FeedLimits {
  /** Changes kept for those who watch from an earlier revision on. */
  readonly maxChanges: number;
  /** UTF-16 units of keys and values kept. */
  readonly maxUnits: number;
}

/** The changes that this node has applied, in the order of the log. */
export class ChangeFeed {
  readonly #limits: FeedLimits;
  readonly #live$ = new Subject<KvChange>();
  readonly #history: KvChange[] = [];
  #units = 0;
  /** Changes up to here may be missing from the history. */
  #compacted: number;
  #revision = 0;

  /** `compacted`: entries up to there were applied before the feed began. */
  constructor(limits: FeedLimits, compacted: number) {
    this.#limits = limits;
    this.#compacted = compacted;
  }

  /** The index of the last entry that came by. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes what was applied. A Raft actor that starts again applies its log anew: what was here already is left out. */
  push(entries: readonly AppliedEntry[]): void {
    for (const entry of entries) {
      if (entry.index <= this.#revision) continue;
      this.#revision = entry.index;
      const change = changeOf(entry);
      if (!change) continue;
      this.#keep(change);
      this.#live$.next(change);
    }
  }

  /** The changes with a revision above `after`, by default those from now on. Errors with `KV_COMPACTED`. */
  watch(filter: KvFilter, after?: number): Observable<KvChange> {
    return new Observable((subscriber) => {
      const since = after ?? this.#revision;
      if (since < this.#compacted && after !== undefined) return subscriber.error(compacted(this.#compacted));
      const take = (change: KvChange) => {
        if (change.revision > since && matches(filter, change.key)) subscriber.next(change);
      };
      for (const change of this.#history) take(change);
      return this.#live$.subscribe({ next: take, complete: () => subscriber.complete() });
    });
  }

  /** Ends all watches. */
  close(): void {
    this.#live$.complete();
  }

  #keep(change: KvChange): void {
    this.#history.push(change);
    this.#units += units(change);
    while (this.#history.length > this.#limits.maxChanges || this.#units > this.#limits.maxUnits) {
      const oldest = this.#history.shift() as KvChange;
      this.#units -= units(oldest);
      this.#compacted = oldest.revision;
    }
  }
}

const units = ({ key, value }: KvChange): number => key.length + (value?.length ?? 0);

const matches = (filter: KvFilter, key: string): boolean =>
  'key' in filter ? key === filter.key : key.startsWith(filter.prefix);

/** The change an entry made; nothing for a read, or a write that was refused. */
function changeOf({ index, entry, response }: AppliedEntry): KvChange | undefined {
  if (entry.kind !== 'command') return undefined;
  // Both come from this node's own state machine, which has checked them.
  const command = entry.command as KvCommand;
  const { type } = response as KvResponse;
  if (command.type === 'put' && type === 'written') return { key: command.key, revision: index, value: command.value };
  if (command.type === 'delete' && type === 'deleted') return { key: command.key, revision: index, value: null };
  return undefined;
}
