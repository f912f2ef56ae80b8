import type { SequentialObject } from '@synod/protocol';
import { explain, type Ordering } from './explain.ts';
import { isLinearizable } from './linearizable.ts';
import { effective, groupBy, type History, inProgramOrder } from './operations.ts';
import { findOrder } from './search.ts';
import { States } from './states.ts';
import { type Bounds, no, type Verdict, YES } from './verdict.ts';

/**
 * Whether a history is sequentially consistent: some order of all operations gives their answers and keeps each client's own order, whatever
 * the clock says. Lamport, *How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs* (1979); Attiya & Welch,
 * *Sequential Consistency versus Linearizability* (1994). It is not local, so keys are judged together.
 * @throws SynodError `HISTORY_INVALID`, or `OBJECT_FAILED` when the object throws.
 */
export function judgeSequential(object: SequentialObject, history: History, bounds: Bounds = {}): Verdict {
  const { maxStates = 2_000_000, maxSeconds = 60 } = bounds;
  const operations = effective(history);
  const deadline = Date.now() + maxSeconds * 1000;
  // What is linearizable is sequentially consistent, and the former is found out sooner: real time leaves fewer orders.
  const quick = { maxStates: Math.floor(maxStates / 4), maxSeconds: maxSeconds / 4 };
  if (isLinearizable(object, operations, quick)) return YES;
  const ordering: Ordering = {
    object,
    lanes: (some) => [...groupBy(some, ({ client }) => client).values()],
    before: inProgramOrder,
  };
  const found = findOrder({
    states: new States(object),
    lanes: ordering.lanes(operations),
    maxStates,
    deadline,
  });
  if (found.found === true) return YES;
  if (found.found === 'unknown')
    return { verdict: 'unknown', why: `Of ${operations.length} operations, ${found.why}.` };
  const part = explain(ordering, operations, found.stuck, bounds.explainSeconds);
  return no(part, "Not sequentially consistent: no order that keeps each client's own gives these answers");
}
