import { decodeTrace, isSynodError, SynodError, type TraceHeader, type VectorTimestamp } from '@synod/protocol';
import { type Restored, restore } from './restore.ts';

/** A trace's file or stream. */
export interface TraceSource {
  /** For messages: the file's name. */
  readonly name: string;
  readonly lines: AsyncIterable<string> | Iterable<string>;
}

/** A record of a trace, and where it stands. */
export interface Placed extends Restored {
  /** From 1, the header included. */
  readonly line: number;
}

/** A trace whose header is read, and whose records are read as they are asked for. */
export interface OpenTrace {
  readonly header: TraceHeader;
  readonly records: AsyncGenerator<Placed>;
}

/**
 * Opens a trace.
 * @throws SynodError `TRACE_INVALID` when it does not begin with a header, `TRACE_VERSION`; `TRACE_INCOMPLETE` for one that is cut for viewers.
 * Its records throw `TRACE_INVALID`, naming the line.
 */
export async function openTrace({ name, lines }: TraceSource): Promise<OpenTrace> {
  const iterator =
    Symbol.asyncIterator in lines ? lines[Symbol.asyncIterator]() : (lines as Iterable<string>)[Symbol.iterator]();
  const first = await iterator.next();
  if (first.done) throw new SynodError('TRACE_INVALID', `${name} is empty; record a trace first.`);
  const header = at(name, 1, () => decodeTrace(first.value));
  if (header.type !== 'header')
    throw new SynodError(
      'TRACE_INVALID',
      `${name} does not begin with a header; give a whole trace from its first line.`,
    );
  if (!header.recording)
    throw new SynodError(
      'TRACE_INCOMPLETE',
      `${name} is a trace for viewers, which lacks the inputs of machines and the types of values; record one to be judged, with "synod sim --trace", "synod run kv --trace" or encodeRecording.`,
    );
  return { header, records: read(name, iterator) };
}

/** A line that is cut off is the end of what a killed process wrote: nothing follows it, or the header of its next life. */
async function* read(name: string, lines: AsyncIterator<string> | Iterator<string>): AsyncGenerator<Placed> {
  let torn: SynodError | undefined;
  for (let line = 2; ; line++) {
    const next = await lines.next();
    if (next.done) return;
    const text = next.value;
    if (text === '') continue;
    const isTorn = text.at(-1) !== '}';
    let value: ReturnType<typeof decodeTrace>;
    try {
      value = at(name, line, () => decodeTrace(text));
    } catch (error) {
      if (torn || !isTorn || !isSynodError(error)) throw torn ?? error;
      torn = error;
      continue;
    }
    if (value.type === 'header') torn = undefined;
    else {
      if (torn) throw torn;
      const record = value;
      yield { ...at(name, line, () => restore(record)), line };
    }
  }
}

/** Says where what is wrong stands. */
function at<T>(name: string, line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isSynodError(error)) throw error;
    throw new SynodError(error.code, `${name}, line ${line}: ${error.message}`, { cause: error });
  }
}

interface Head {
  readonly records: AsyncGenerator<Placed>;
  readonly nodes: Set<string>;
  placed: Placed;
  sum: number;
}

/**
 * The records of several traces, each file's in their order, causes before effects: what happened before has the smaller sum of its vector
 * clock. One record of each is held at a time. `onEnd` is told the nodes of which a trace told that has come to its end.
 */
export async function* mergeTraces(
  traces: readonly AsyncGenerator<Placed>[],
  onEnd: (nodes: Iterable<string>) => void = () => {},
): AsyncGenerator<Placed> {
  const heads: Head[] = [];
  for (const records of traces) {
    const { value, done } = await records.next();
    if (!done) heads.push({ records, placed: value, sum: sumOf(value.record.clock), nodes: new Set() });
  }
  while (heads.length > 0) {
    const first = heads.reduce((least, head) => (head.sum < least.sum ? head : least));
    first.nodes.add(first.placed.record.node);
    yield first.placed;
    const { value, done } = await first.records.next();
    if (done) {
      heads.splice(heads.indexOf(first), 1);
      onEnd(first.nodes);
    } else {
      first.placed = value;
      first.sum = sumOf(value.record.clock);
    }
  }
}

function sumOf(clock: VectorTimestamp): number {
  let sum = 0;
  for (const node in clock) sum += clock[node] ?? 0;
  return sum;
}
