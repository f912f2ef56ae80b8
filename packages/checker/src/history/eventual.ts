import { brief } from '@synod/protocol';
import { type ReadsAndWrites, readAccesses, type Seen } from './accesses.ts';
import { groupBy, type History, type Operation } from './operations.ts';
import { no, type Verdict, YES } from './verdict.ts';

export interface EventualOptions {
  /** How long after the last write to a key its readers may still differ, in the history's unit of time. */
  readonly withinMs: number;
  /** When the last fault had healed; until then readers may differ as well. */
  readonly settledAt?: number;
}

/** What the end of a key's history says. */
interface Settled {
  readonly key: string;
  /** After that, all must agree. */
  readonly from: number;
  /** The write that came last, where `from` is due to one. */
  readonly last: Operation | undefined;
  readonly writes: readonly Seen[];
  /** Reads that began later. */
  readonly reads: readonly Seen[];
}

/**
 * Whether all readers agree once nobody writes any more: Vogels, *Eventually Consistent* (2009); Terry et al. (1994), §2. Of each key, the
 * reads that begin more than `withinMs` after its last write must return one value, and not what was there before the first write.
 * A write of unknown outcome counts as having happened when it is first seen. Nobody promises what a key without such reads holds: then
 * the verdict is unknown.
 * @throws SynodError `HISTORY_INVALID`.
 */
export function judgeEventual(object: ReadsAndWrites, history: History, options: EventualOptions): Verdict {
  const reading = readAccesses(object, history);
  if ('verdict' in reading) return reading.verdict;
  const keys = [...groupBy(reading.seen, ({ key }) => key)].map(([key, seen]) => settle(key, seen, options));
  for (const { key, last, writes, reads } of keys) {
    const [first] = reads;
    if (!first) continue;
    const because = last ? [last] : [];
    const other = reads.find(({ version }) => version !== first.version);
    if (other)
      return no([...because, first.operation, other.operation], `Readers of key ${brief(key)} have not come to agree`);
    const write = writes.find(({ operation }) => operation.outcome === 'returned');
    if (first.version === undefined && write)
      return no([...new Set([write.operation, ...because, first.operation])], `Writes to key ${brief(key)} are lost`);
  }
  const unread = keys.find(({ writes, reads }) => writes.length > 0 && reads.length === 0);
  if (!unread) return YES;
  return {
    verdict: 'unknown',
    why: `Nobody began to read key ${brief(unread.key)} after ${unread.from}, when its readers should have come to agree.`,
  };
}

function settle(key: string, seen: readonly Seen[], { withinMs, settledAt }: EventualOptions): Settled {
  const writes = seen.filter(({ kind }) => kind === 'write');
  const reads = seen.filter(({ kind }) => kind === 'read');
  let end = settledAt ?? Number.NEGATIVE_INFINITY;
  let last: Operation | undefined;
  for (const { operation, version } of writes) {
    const observed = operation.outcome === 'returned' ? operation : firstSight(reads, version);
    const at = observed?.returnedAt ?? operation.invokedAt;
    if (at <= end) continue;
    end = at;
    last = observed;
  }
  const from = end + withinMs;
  return { key, from, last, writes, reads: reads.filter(({ operation }) => operation.invokedAt > from) };
}

const firstSight = (reads: readonly Seen[], version: number | undefined): Operation | undefined =>
  reads
    .filter((read) => read.version === version)
    .map(({ operation }) => operation)
    .toSorted((a, b) => (a.returnedAt ?? 0) - (b.returnedAt ?? 0))[0];
