import { brief, canonical } from '@synod/protocol';
import { effective, groupBy, type History, type Operation } from './operations.ts';
import { no, type Verdict } from './verdict.ts';

/** What an operation does to a memory of keys that are read and written. */
export interface Access {
  readonly kind: 'read' | 'write';
  readonly key: string;
  /** What was written, or what the read returned. */
  readonly value: unknown;
}

/**
 * How reads and writes are recognised: what causal and eventual consistency and the session guarantees are about. Each value should be
 * written to a key once, so that a read tells whose write it saw.
 */
export interface ReadsAndWrites {
  /** What an operation did, by its input and output; undefined for one that neither reads nor writes, which is left aside. */
  access(input: unknown, output: unknown): Access | undefined;
  /** What every key holds before its first write; default undefined. */
  readonly initial?: unknown;
}

/** A read or a write, and the version of its key that it saw or made: a number, or undefined for what was there in the beginning. */
export interface Seen {
  readonly operation: Operation;
  readonly kind: Access['kind'];
  readonly key: string;
  readonly version: number | undefined;
}

/** The accesses of a history by invocation, or a verdict where it cannot be read so. */
export type Reading = { readonly seen: readonly Seen[] } | { readonly verdict: Verdict };

interface Raw extends Access {
  readonly operation: Operation;
  readonly id: string;
}

/**
 * Reads a history as reads and writes of versions. Reads that did not return say nothing; neither do writes of unknown outcome that
 * nobody saw. A read of what nobody wrote is an offence by itself; of what was written twice, it cannot be told whose write it saw.
 * @throws SynodError `HISTORY_INVALID`.
 */
export function readAccesses(object: ReadsAndWrites, history: History): Reading {
  const all = effective(history).flatMap((operation): Raw[] => {
    const access = object.access(operation.input, operation.output);
    if (!access || (access.kind === 'read' && operation.outcome !== 'returned')) return [];
    return [{ ...access, operation, id: canonical([access.key, access.value]) }];
  });
  const writes = all.filter(({ kind }) => kind === 'write');
  const writers = groupBy(writes, ({ id }) => id);
  const isInitial = ({ key, id }: Raw) => id === canonical([key, object.initial]);
  const reads = all.filter(({ kind }) => kind === 'read');
  const thinAir = reads.find((read) => !isInitial(read) && !writers.has(read.id));
  if (thinAir) {
    const { operation, key } = thinAir;
    return { verdict: no([operation], `Nobody wrote to key ${brief(key)} what was read from it`) };
  }
  const doubtful = reads.find((read) => (writers.get(read.id)?.length ?? 0) + Number(isInitial(read)) > 1);
  if (doubtful) {
    const what = `${brief(doubtful.value)} was written to key ${brief(doubtful.key)} more than once, or was there in the beginning`;
    return { verdict: { verdict: 'unknown', why: `${what}, so a read does not tell whose write it saw.` } };
  }
  const versions = new Map(writes.map((write, version) => [write, version]));
  const read = new Set(reads.map(({ id }) => id));
  const seen = all.flatMap((raw): Seen[] => {
    const { operation, kind, key, id } = raw;
    if (operation.outcome === 'unknown' && !read.has(id)) return [];
    const write = kind === 'write' ? raw : writers.get(id)?.[0];
    return [{ operation, kind, key, version: write && versions.get(write) }];
  });
  return { seen };
}
