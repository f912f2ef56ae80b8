import { type ReadsAndWrites, readAccesses, type Seen } from './accesses.ts';
import { groupBy, type History, inProgramOrder } from './operations.ts';
import { Relation } from './relation.ts';
import { no, smallest, type Verdict, YES } from './verdict.ts';

/** More reads and writes than that are not judged: what leads to what takes a bit for each pair of them. */
const MOST_ACCESSES = 4_000;

/**
 * Whether a history is one of a causal memory: for each client there is an order of its own operations and everybody's writes that keeps
 * cause before effect and gives its answers. Cause is program order and what a read saw. Ahamad, Neiger, Burns, Kohli & Hutto, *Causal
 * Memory: Definitions, Implementation, and Programming* (1995), §2; decided by the bad patterns of Bouajjani, Enea, Guerraoui & Hamza, *On
 * Verifying Causal Consistency* (2017), §4.
 * @throws SynodError `HISTORY_INVALID`.
 */
export function judgeCausal(object: ReadsAndWrites, history: History): Verdict {
  const reading = readAccesses(object, history);
  if ('verdict' in reading) return reading.verdict;
  const { seen } = reading;
  if (seen.length > MOST_ACCESSES)
    return {
      verdict: 'unknown',
      why: `${seen.length} reads and writes are more than the ${MOST_ACCESSES} that are judged.`,
    };
  if (isCausal(seen)) return YES;
  const part = smallest(seen, (some) => !isCausal(some));
  return no(
    part.map(({ operation }) => operation),
    'Not causally consistent: no order that puts cause before effect gives one client these answers',
  );
}

function isCausal(seen: readonly Seen[]): boolean {
  const causes = causality(seen);
  if (!causes.close()) return false;
  const clients = groupBy([...seen.keys()], (number) => (seen[number] as Seen).operation.client);
  return [...clients.values()].every((own) => hasOrder(seen, causes, own));
}

/** Program order, and from each write to the reads that saw it. */
function causality(seen: readonly Seen[]): Relation {
  const relation = new Relation(seen.length);
  const writes = new Map<number, number>();
  for (const [number, { kind, version }] of seen.entries())
    if (kind === 'write' && version !== undefined) writes.set(version, number);
  for (const [number, { kind, version }] of seen.entries()) {
    const write = version === undefined ? undefined : writes.get(version);
    if (kind === 'read' && write !== undefined) relation.add(write, number);
  }
  for (const own of groupBy([...seen.keys()], (number) => (seen[number] as Seen).operation.client).values())
    for (const [before, after] of programOrder(seen, own)) relation.add(before, after);
  return relation;
}

/** One client's order, without pairs that follow from others. `own` is by invocation. */
function* programOrder(seen: readonly Seen[], own: readonly number[]): Generator<readonly [number, number]> {
  const operationAt = (number: number) => (seen[number] as Seen).operation;
  for (const [index, after] of own.entries()) {
    const found: number[] = [];
    for (let earlier = index - 1; earlier >= 0; earlier--) {
      const before = own[earlier] as number;
      if (!inProgramOrder(operationAt(before), operationAt(after))) continue;
      if (found.some((between) => inProgramOrder(operationAt(before), operationAt(between)))) continue;
      found.push(before);
      yield [before, after];
    }
  }
}

/**
 * Whether one client can put what it may know in an order: HBo of Bouajjani et al., the least relation that holds causality and, for each
 * of its reads, puts every other write that must come before the read before the write that it saw.
 */
function hasOrder(seen: readonly Seen[], causes: Relation, own: readonly number[]): boolean {
  const mine = new Set(own);
  const last = own.filter((number) => !own.some((later) => causes.has(number, later)));
  const past = [...seen.keys()].filter((number) => mine.has(number) || last.some((end) => causes.has(number, end)));
  const inPast = new Set(past);
  const before = causes.copy((number) => inPast.has(number));
  const writes = groupBy(
    past.filter((number) => seen[number]?.kind === 'write'),
    (number) => (seen[number] as Seen).key,
  );
  const reads = own.filter((number) => seen[number]?.kind === 'read');
  for (let grown = true; grown; ) {
    if (!before.close()) return false;
    grown = false;
    for (const read of reads) {
      const { key, version } = seen[read] as Seen;
      const rivals = writes.get(key) ?? [];
      const source = rivals.find((write) => seen[write]?.version === version);
      // A write that was left out of the part may have happened at any time.
      if (version !== undefined && source === undefined) continue;
      for (const rival of rivals) {
        if (rival === source || !before.has(rival, read)) continue;
        if (source === undefined || before.has(source, rival)) return false;
        if (before.has(rival, source)) continue;
        before.add(rival, source);
        grown = true;
      }
    }
  }
  return true;
}
