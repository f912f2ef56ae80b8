import { type ReadsAndWrites, readAccesses, type Seen } from './accesses.ts';
import { groupBy, type History, inProgramOrder } from './operations.ts';
import { Relation } from './relation.ts';
import { no, smallest, type Verdict, YES } from './verdict.ts';

/** More reads and writes than that are not judged: what must be where takes time with their square. */
const MOST_ACCESSES = 2_000;

/** What a store may promise to each of its clients. */
export type SessionGuarantee = 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';

export const SESSION_GUARANTEES: readonly SessionGuarantee[] = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
];

export interface SessionOptions {
  /** Which are promised, all together; default all four. */
  readonly guarantees?: readonly SessionGuarantee[];
}

/**
 * Whether each client saw what its session guarantees promise: Terry, Demers, Petersen, Spreitzer, Theimer & Welch, *Session Guarantees for
 * Weakly Consistent Replicated Data* (1994), §3. A client is a session. As there, all servers put the writes to a key in one order; the
 * history offends when there is none in which every read saw the last of the writes that its server must have had:
 * - `read-your-writes`: those that the session made before, the last one of a key last;
 * - `monotonic-reads`: those that its earlier reads saw;
 * - `monotonic-writes`: with a write, those that its session made before, in that order;
 * - `writes-follow-reads`: with a write, those that its session had seen, in that order.
 * The message names the guarantees that the smallest part breaks.
 * @throws SynodError `HISTORY_INVALID`.
 */
export function judgeSession(object: ReadsAndWrites, history: History, options: SessionOptions = {}): Verdict {
  const reading = readAccesses(object, history);
  if ('verdict' in reading) return reading.verdict;
  const { seen } = reading;
  if (seen.length > MOST_ACCESSES)
    return {
      verdict: 'unknown',
      why: `${seen.length} reads and writes are more than the ${MOST_ACCESSES} that are judged.`,
    };
  const { guarantees = SESSION_GUARANTEES } = options;
  if (isKept(seen, guarantees)) return YES;
  const broken = smallest(guarantees, (some) => !isKept(seen, some));
  const part = smallest(seen, (some) => !isKept(some, broken));
  const names = broken.map((name) => name.replaceAll('-', ' ')).join(' and ');
  return no(
    part.map(({ operation }) => operation),
    `A client's session does not keep ${names}${broken.length > 1 ? ' together' : ''}`,
  );
}

/** Whether there is an order of each key's versions that keeps these guarantees. */
function isKept(seen: readonly Seen[], guarantees: readonly SessionGuarantee[]): boolean {
  const has = (name: SessionGuarantee) => guarantees.includes(name);
  const size = seen.reduce((most, { version }) => Math.max(most, (version ?? -1) + 1), 0);
  const sessions = groupBy([...seen.keys()], (number) => (seen[number] as Seen).operation.client);
  const earlier = [...sessions.values()].flatMap((own) => earlierOf(seen, own));
  // From each write to those that must be wherever it is.
  const needs = new Relation(size);
  for (const { access, writes, reads } of earlier) {
    if (access.kind !== 'write' || access.version === undefined) continue;
    const needed = [...(has('monotonic-writes') ? writes : []), ...(has('writes-follow-reads') ? reads : [])];
    for (const version of versionsIn(needed)) if (version !== access.version) needs.add(access.version, version);
  }
  if (!needs.close()) return false;

  const keys = new Map(seen.flatMap(({ key, version }) => (version === undefined ? [] : [[version, key] as const])));
  const versionsOf = groupBy([...keys.keys()], (version) => keys.get(version));
  const order = new Relation(size);
  for (const versions of versionsOf.values())
    for (const a of versions) for (const b of versions) if (needs.has(a, b)) order.add(b, a);
  for (const { access, writes, reads } of earlier) {
    if (access.kind !== 'read') continue;
    const { key, version } = access;
    const own = has('read-your-writes') ? writes : [];
    if (isOutdated(own, access)) return false;
    const present = new Uint32Array(Math.ceil(size / 32));
    for (const root of versionsIn([...own, ...(has('monotonic-reads') ? reads : []), access]))
      needs.collect(present, root);
    for (const other of versionsOf.get(key) ?? []) {
      if (other === version || (((present[other >>> 5] as number) >>> (other & 31)) & 1) === 0) continue;
      if (version === undefined) return false;
      order.add(other, version);
    }
  }
  return order.close();
}

const versionsIn = (accesses: readonly Seen[]): ReadonlySet<number> =>
  new Set(accesses.flatMap(({ version }) => version ?? []));

/** Whether a session read what it had itself written over. */
function isOutdated(own: readonly Seen[], { key, version }: Seen): boolean {
  const ofKey = own.filter((write) => write.key === key);
  const source = ofKey.find((write) => write.version === version);
  return source !== undefined && ofKey.some(({ operation }) => inProgramOrder(source.operation, operation));
}

/** Each access of a session, with the writes and reads that came before it. */
function earlierOf(
  seen: readonly Seen[],
  own: readonly number[],
): readonly { readonly access: Seen; readonly writes: readonly Seen[]; readonly reads: readonly Seen[] }[] {
  const accesses = own.map((number) => seen[number] as Seen);
  return accesses.map((access, index) => {
    const before = accesses.slice(0, index).filter(({ operation }) => inProgramOrder(operation, access.operation));
    return {
      access,
      writes: before.filter(({ kind }) => kind === 'write'),
      reads: before.filter(({ kind }) => kind === 'read'),
    };
  });
}
