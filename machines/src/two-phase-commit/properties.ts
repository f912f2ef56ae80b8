import { inRole, type NodeView, type Property, type StateProperty } from '@synod/protocol';
import { matchesState } from 'xstate';
import type { CoordinatorContext, ParticipantContext } from './context.ts';
import type { ResourceContext } from './resource.ts';

type Nodes = readonly NodeView[];

const coordinators = (nodes: Nodes) => inRole<CoordinatorContext>(nodes, 'coordinator');
const participants = (nodes: Nodes) => inRole<ParticipantContext>(nodes, 'participant');
const resources = (nodes: Nodes) => inRole<ResourceContext>(nodes, 'resource');

/** A participant's decision, by its log. */
const decisionOf = ({ record }: ParticipantContext): 'commit' | 'abort' | null =>
  record === 'prepared' ? null : record;

interface Decisions {
  readonly committed: ReadonlySet<string>;
  readonly aborted: ReadonlySet<string>;
}

/** By transaction, which decisions some log holds. A transaction goes by its coordinator. */
function decisions(nodes: Nodes): Decisions {
  const [committed, aborted] = [new Set<string>(), new Set<string>()];
  for (const { actor, value, context } of coordinators(nodes)) {
    if (context.committed) committed.add(actor);
    if (value === 'aborted') aborted.add(actor);
  }
  for (const { context } of participants(nodes)) {
    const decision = decisionOf(context);
    if (decision) (decision === 'commit' ? committed : aborted).add(context.coordinator);
  }
  return { committed, aborted };
}

const isInDoubt = ({ context }: NodeView<ParticipantContext>): boolean => context.record === 'prepared';

/** All accounts and what decided transactions have still to do to them: nothing is lost, and nothing is done twice. */
export function total(nodes: Nodes): number {
  const { committed } = decisions(nodes);
  let sum = 0;
  for (const { context } of resources(nodes)) {
    for (const balance of Object.values(context.balances)) sum += balance;
    for (const [transaction, operations] of Object.entries(context.held))
      if (committed.has(transaction)) for (const amount of Object.values(operations)) sum += amount;
  }
  return sum;
}

export const commitProperties: readonly Property[] = [
  {
    name: 'Agreement',
    source: 'AC1: BHG §7.3',
    kind: 'always',
    holds: (nodes) => {
      const { committed, aborted } = decisions(nodes);
      for (const each of committed) if (aborted.has(each)) return false;
      return true;
    },
  },
  {
    name: 'No Reversal',
    source: 'AC2: BHG §7.3',
    kind: 'step',
    holds: (before, after) => {
      if (after.role !== 'participant') return true;
      const was = decisionOf(before.context as ParticipantContext);
      return was === null || was === decisionOf(after.context as ParticipantContext);
    },
  },
  {
    name: 'Unanimity',
    source: 'AC3: BHG §7.3: commit only if all voted yes',
    kind: 'always',
    holds: (nodes) => {
      const { committed } = decisions(nodes);
      return participants(nodes).every(
        ({ context }) =>
          !committed.has(context.coordinator) || context.record === 'prepared' || context.record === 'commit',
      );
    },
  },
  {
    name: 'Locks to the End',
    source: 'Gray 1978 §5.7: strict two-phase locking',
    kind: 'always',
    holds: (nodes) => {
      const held = new Map(resources(nodes).map(({ actor, context }) => [actor, context.held]));
      return participants(nodes)
        .filter(isInDoubt)
        .every(({ context }) => context.coordinator in (held.get(context.resource) ?? {}));
    },
  },
  {
    name: 'One Holder',
    source: 'Gray 1978 §5.7: no account is locked by two transactions',
    kind: 'always',
    holds: (nodes) =>
      resources(nodes).every(({ context }) => {
        const accounts = Object.values(context.held).flatMap((operations) => Object.keys(operations));
        return new Set(accounts).size === accounts.length;
      }),
  },
];

/** BHG §7.4: someone in doubt, its coordinator down before it decided, and nobody who is up knows more. Only a coordinator that comes back can end it. */
export const blocked: StateProperty = {
  name: 'Blocked',
  source: 'BHG §7.4; Skeen 1981 §1',
  kind: 'sometimes',
  holds: (nodes) => {
    const down = new Set(coordinators(nodes).flatMap(({ up, actor }) => (up ? [] : [actor as string])));
    const { committed, aborted } = decisions(nodes);
    return participants(nodes).some(
      (one) =>
        one.up &&
        isInDoubt(one) &&
        down.has(one.context.coordinator) &&
        !committed.has(one.context.coordinator) &&
        !aborted.has(one.context.coordinator) &&
        participants(nodes).every(
          (other) => other.context.coordinator !== one.context.coordinator || !other.up || isInDoubt(other),
        ),
    );
  },
};

/** What cooperative termination is worth: though the coordinator stays down, all that are up decide, or one finds all others in doubt as well. */
export const blockedOrDecided: StateProperty = {
  name: 'Blocked or Decided',
  source: 'BHG §7.4, cooperative termination',
  kind: 'eventually',
  holds: (nodes) =>
    termination.holds(nodes) ||
    participants(nodes).some(({ up, value }) => up && matchesState({ prepared: 'blocked' }, value)),
};

const outcome = (name: string, decision: 'commit' | 'abort'): StateProperty => ({
  name,
  source: 'BHG §7.3',
  kind: 'sometimes',
  holds: (nodes) => participants(nodes).every(({ context }) => context.record === decision),
});

/** Both outcomes can be had. */
export const outcomes: readonly StateProperty[] = [
  outcome('Commit is possible', 'commit'),
  outcome('Abort is possible', 'abort'),
];

/** AC5: all that are up decide. Under which failures a model has to tell. */
export const termination: StateProperty = {
  name: 'Termination',
  source: 'AC5: BHG §7.3',
  kind: 'eventually',
  holds: (nodes) => participants(nodes).every(({ up, context }) => !up || decisionOf(context) !== null),
};

/** With all failures repaired, all decide, and hold no locks any more. */
export const recovery: StateProperty = {
  name: 'Recovery',
  source: 'AC5: BHG §7.3, with all failures repaired',
  kind: 'eventually',
  holds: (nodes) => areAllDone(nodes),
};

/** Whether no transaction that was begun is in doubt anywhere, and no lock is held. */
export const areAllDone = (nodes: Nodes): boolean =>
  nodes.every(({ up }) => up) &&
  participants(nodes).every((each) => !isInDoubt(each) && each.value !== 'locking') &&
  resources(nodes).every(({ context }) => Object.keys(context.held).length === 0);
