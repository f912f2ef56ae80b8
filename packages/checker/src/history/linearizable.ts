import { brief, describeError, type SequentialObject, SynodError } from '@synod/protocol';
import { explain, type Ordering } from './explain.ts';
import { effective, groupBy, type History, type HistoryEvent, type Operation, precedes } from './operations.ts';
import { type Found, findOrder } from './search.ts';
import { States } from './states.ts';
import { type Bounds, no, type Verdict, YES } from './verdict.ts';

/** Keys whose offending parts are looked for, to give the smallest. */
const MOST_EXPLAINED = 4;

/**
 * Whether a history is linearizable: each operation seems to take effect at one moment between its invocation and its answer (Herlihy &
 * Wing 1990). That is a local property (their Theorem 1), so keys are judged apart: Horn & Kroening, *Faster Linearizability Checking
 * via P-Compositionality* (2015). Operations of unknown outcome may take effect at any time after their invocation, or never.
 * @throws SynodError `HISTORY_INVALID`, or `OBJECT_FAILED` when the object throws.
 */
export function judgeLinearizable(object: SequentialObject, history: History, bounds: Bounds = {}): Verdict {
  const ordering: Ordering = { object, lanes: (operations) => [operations], before: precedes };
  const offending: { readonly key: string | undefined; readonly part: readonly Operation[] }[] = [];
  let why: string | undefined;
  for (const { name, operations, found } of byKey(object, effective(history), bounds)) {
    const on = name === undefined ? '' : ` of key ${brief(name)}`;
    if (found.found === 'unknown') why ??= `Of ${operations.length} operations${on}, ${found.why}.`;
    if (found.found !== false) continue;
    const part = explain(ordering, operations, found.stuck, bounds.explainSeconds);
    offending.push({ key: name, part });
    if (offending.length === MOST_EXPLAINED) break;
  }
  const [worst] = offending.toSorted((a, b) => a.part.length - b.part.length);
  if (worst) {
    const on = worst.key === undefined ? '' : ` on key ${brief(worst.key)}`;
    return no(worst.part, `Not linearizable${on}: no order that respects real time gives these answers`);
  }
  return why === undefined ? YES : { verdict: 'unknown', why };
}

/**
 * Whether operations, all of which may have had an effect, are found to be linearizable together. That keys may be judged apart needs an
 * interval order: the end of one client's operation at the very moment at which another's begins spoils it.
 */
export function isLinearizable(object: SequentialObject, operations: readonly Operation[], bounds: Bounds): boolean {
  const ends = groupBy(operations, ({ returnedAt }) => returnedAt);
  const isTied = operations.some(({ client, invokedAt }) =>
    ends.get(invokedAt)?.some((other) => other.client !== client),
  );
  const whole: SequentialObject = { initial: object.initial, apply: (state, input) => object.apply(state, input) };
  for (const { found } of byKey(isTied ? whole : object, operations, bounds)) if (found.found !== true) return false;
  return true;
}

/** The operations on each key, with an order of them that respects real time. */
export function* byKey(
  object: SequentialObject,
  all: readonly Operation[],
  { maxStates = 2_000_000, maxSeconds = 60 }: Bounds,
): Generator<{ readonly name: string | undefined; readonly operations: readonly Operation[]; readonly found: Found }> {
  const deadline = Date.now() + maxSeconds * 1000;
  const { key } = object;
  for (const [name, operations] of groupBy(all, ({ input }) => (key ? keyOf(object, input) : undefined)))
    yield {
      name,
      operations,
      found: findOrder({ states: new States(object), lanes: [operations], maxStates, deadline }),
    };
}

function keyOf(object: SequentialObject, input: unknown): string | undefined {
  try {
    return object.key?.(input);
  } catch (cause) {
    throw new SynodError(
      'OBJECT_FAILED',
      `The sequential object threw "${describeError(cause)}" for the key of ${brief(input)}; it must have a key for every input.`,
      { cause },
    );
  }
}

/**
 * Linearizability in the shape that the simulator's `judgeHistory` has: what is wrong in one sentence, or undefined. A search that a
 * bound stops finds nothing wrong; use `judgeLinearizable` where the difference counts.
 */
export function linearizabilityOf(object: SequentialObject, history: readonly HistoryEvent[]): string | undefined {
  const verdict = judgeLinearizable(object, history, { maxSeconds: 10, explainSeconds: 1 });
  return verdict.verdict === 'no' ? verdict.message : undefined;
}
