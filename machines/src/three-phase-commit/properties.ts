import type { NodeView, Property, StateProperty } from '@synod/protocol';
import type { CoordinatorContext, ParticipantContext } from './context.ts';

type Process = NodeView<CoordinatorContext | ParticipantContext>;

/** The top of a state value: `wait` of `{ wait: 'following' }`. */
export const stateName = ({ value }: NodeView): string =>
  typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');

/** Whether a process has crashed before it decided, and waits for word of those that did not. */
export const isRecovering = ({ value }: NodeView): boolean =>
  typeof value === 'object' && Object.values(value).includes('recovering');

/** One that is up, and knows all that it ever knew. */
const isOperational = (process: NodeView): boolean => process.up && !isRecovering(process);

const transactionOf = ({ context }: Process): string => ('coordinator' in context ? context.coordinator : context.self);

/** The processes by transaction: a cluster may run several. A transaction goes by its coordinator. */
export function transactions(nodes: readonly NodeView[]): Iterable<readonly Process[]> {
  const found = new Map<string, Process[]>();
  for (const process of nodes as readonly Process[]) {
    const own = found.get(transactionOf(process));
    if (own) own.push(process);
    else found.set(transactionOf(process), [process]);
  }
  return found.values();
}

const inEach = (holds: (processes: readonly Process[]) => boolean) => (nodes: readonly NodeView[]) => {
  for (const processes of transactions(nodes)) if (!holds(processes)) return false;
  return true;
};

const decisionOf = ({ context }: Process) => context.decision;
const someDecided = (processes: readonly Process[], decision: 'commit' | 'abort') =>
  processes.some((each) => decisionOf(each) === decision);

/** What an atomic commitment protocol promises whatever fails: BHG §7.3. */
export const atomicCommitment: readonly Property[] = [
  {
    name: 'Agreement',
    source: 'AC1: BHG §7.3; Skeen 1981 §2',
    kind: 'always',
    holds: inEach((processes) => !(someDecided(processes, 'commit') && someDecided(processes, 'abort'))),
  },
  {
    name: 'No Reversal',
    source: 'AC2: BHG §7.3',
    kind: 'step',
    holds: (before, after) => {
      const [was, is] = [decisionOf(before as Process), decisionOf(after as Process)];
      return was === null || was === is;
    },
  },
  {
    name: 'Unanimity',
    source: 'AC3: BHG §7.3: commit only if all voted yes',
    kind: 'always',
    holds: inEach(
      (processes) =>
        !someDecided(processes, 'commit') || processes.every(({ context }) => !('voted' in context) || context.voted),
    ),
  },
];

/** No process that is operational and in `state`, while another has come to `decision`. */
const never = (state: readonly string[], decision: 'commit' | 'abort') =>
  inEach(
    (processes) =>
      !someDecided(processes, decision) ||
      !processes.some((each) => isOperational(each) && state.includes(stateName(each))),
  );

/**
 * The conditions of the fundamental nonblocking theorem (Skeen 1981 §5), as far as one state of the whole system shows them. The second one
 * keeps commit out of the concurrency sets of init and wait, the first one abort out of that of preCommit: so no set has both.
 */
export const nonblocking: readonly Property[] = [
  {
    name: 'Nonblocking 1',
    source: 'Skeen 1981 §5: no concurrency set contains both an abort and a commit state',
    kind: 'always',
    holds: never(['preCommit'], 'abort'),
  },
  {
    name: 'Nonblocking 2',
    source: 'Skeen 1981 §5: no noncommittable state is concurrent with a commit state',
    kind: 'always',
    holds: never(['init', 'wait'], 'commit'),
  },
];

/** AC5. Under which failures a model has to tell. */
export const termination: StateProperty = {
  name: 'Termination',
  source: 'AC5: BHG §7.3',
  kind: 'eventually',
  holds: inEach((processes) => processes.every((each) => decisionOf(each) !== null || !each.up)),
};

/** The same when all that crash come back. */
export const recovery: StateProperty = {
  name: 'Recovery',
  source: 'AC5: BHG §7.3, with all failures repaired',
  kind: 'eventually',
  holds: inEach((processes) => processes.every((each) => decisionOf(each) !== null)),
};

const everybody = (name: string, decision: 'commit' | 'abort'): StateProperty => ({
  name,
  source: 'BHG §7.3: without failures and with yes of all, commit',
  kind: 'sometimes',
  holds: (nodes) => (nodes as readonly Process[]).every((each) => decisionOf(each) === decision),
});

/** Both outcomes can be had. */
export const outcomes: readonly StateProperty[] = [
  everybody('Commit is possible', 'commit'),
  everybody('Abort is possible', 'abort'),
];
