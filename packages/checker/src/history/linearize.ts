import type { SequentialObject } from '@synod/protocol';
import { byKey } from './linearizable.ts';
import { effective, type History, type Operation } from './operations.ts';
import { findOrder, type Placed } from './search.ts';
import { States } from './states.ts';
import type { Bounds } from './verdict.ts';

/** An operation and a moment between its invocation and its answer, at which it may have taken effect. */
export interface Point {
  readonly operation: Operation;
  readonly at: number;
}

/** What is to be seen of the operations on one key: the witness that they are linearizable, or how far it goes. */
export interface Linearization {
  /** Absent of an object without keys. */
  readonly key?: string;
  readonly verdict: 'yes' | 'no' | 'unknown';
  /**
   * In the order of their effects. Of a verdict of no, those of the longest beginning of the history that is linearizable: all until just
   * before the answer of `stuck`. Operations of unknown outcome without an effect are left out; empty where no order was found in time.
   */
  readonly points: readonly Point[];
  /** Of a verdict of no: the operation with whose answer the history ceases to be linearizable. */
  readonly stuck?: Operation;
  /** Of a verdict of unknown: which bound was met. */
  readonly why?: string;
}

/**
 * Orders in which the operations of a history may have taken effect, a key at a time.
 * @throws SynodError as `judgeLinearizable`.
 */
export function linearize(object: SequentialObject, history: History, bounds: Bounds = {}): readonly Linearization[] {
  const all: Linearization[] = [];
  for (const { name, operations, found } of byKey(object, effective(history), bounds)) {
    const key = name === undefined ? {} : { key: name };
    if (found.found === true) all.push({ ...key, verdict: 'yes', points: pointsOf(found.order) });
    else if (found.found === 'unknown') all.push({ ...key, verdict: 'unknown', points: [], why: found.why });
    else all.push({ ...key, verdict: 'no', ...longestBeginning(object, operations, bounds) });
  }
  return all;
}

/** Each takes effect as soon as it can: when it was invoked, or when the one before it does. */
function pointsOf(order: readonly Placed[]): readonly Point[] {
  let now = Number.NEGATIVE_INFINITY;
  return order.flatMap(({ operation }) => {
    if (!operation) return [];
    now = Math.max(now, operation.invokedAt);
    return [{ operation, at: now }];
  });
}

/** A history without an order has a first answer with which it has none, since what is linearizable is so at any time before. */
function longestBeginning(
  object: SequentialObject,
  operations: readonly Operation[],
  { maxStates = 2_000_000, maxSeconds = 60 }: Bounds,
): Pick<Linearization, 'points' | 'stuck'> {
  const states = new States(object);
  const deadline = Date.now() + maxSeconds * 1_000;
  const answers = operations
    .filter(({ outcome }) => outcome === 'returned')
    .toSorted((a, b) => (a.returnedAt as number) - (b.returnedAt as number));
  const orderUpTo = (count: number) => findOrder({ states, lanes: [beginning(count)], maxStates, deadline });
  const originals = new Map<Operation, Operation>();
  const beginning = (count: number): readonly Operation[] => {
    const until = answers[count - 1]?.returnedAt ?? Number.NEGATIVE_INFINITY;
    const answered = new Set(answers.slice(0, count));
    return operations
      .filter(({ invokedAt }) => invokedAt <= until)
      .map((operation) => {
        if (answered.has(operation) || operation.outcome === 'unknown') return operation;
        const { output: _, returnedAt: __, ...begun } = operation;
        const open: Operation = { ...begun, outcome: 'unknown' };
        originals.set(open, operation);
        return open;
      });
  };
  let [good, bad] = [0, answers.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (orderUpTo(middle).found === false) bad = middle;
    else good = middle;
  }
  const last = orderUpTo(good);
  const points = last.found === true ? pointsOf(last.order) : [];
  const stuck = answers[bad - 1];
  return {
    points: points.map(({ operation, at }) => ({ operation: originals.get(operation) ?? operation, at })),
    ...(stuck && { stuck }),
  };
}
