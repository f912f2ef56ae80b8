import type { ActorStep } from '@synod/checker';
import { type ChartState, chartOf, type Protocol } from '@synod/protocol';
import type { StateValue } from 'xstate';

/** What several machines together are tested for. */
export const CLUSTER_TARGET_KINDS = ['transitions', 'messages', 'restarts', 'sometimes'] as const;

/**
 * - `transitions`: each transition of each role's chart is taken
 * - `messages`: each message of a role arrives in each of the role's states
 * - `restarts`: each role starts again after a crash, and each of its durable fields survives one with another value than it had at the start
 * - `sometimes`: each property of that kind comes to hold
 */
export type ClusterTargetKind = (typeof CLUSTER_TARGET_KINDS)[number];

export interface ClusterTarget {
  /** Unique and stable: what tests and reports name it by. */
  readonly id: string;
  readonly kind: ClusterTargetKind;
  /** None for `sometimes`. */
  readonly role?: string;
  /** The type of the message, or of the event that a transition is for. */
  readonly event?: string;
}

const transitionId = (role: string, ref: string): string => `${role} ${ref}`;
const messageId = (role: string, type: string, state: string): string => `${role} ${type} in ${state}`;
export const sometimesId = (name: string): string => `sometimes ${name}`;

const restartId = (role: string, field?: string): string =>
  field === undefined ? `${role} starts again` : `${role} starts again with ${field}`;

/** Each transition of a role's chart, each message of the role with each state in which it may arrive, and each durable field. */
export function targetsOf(role: string, { machine, messages, durable }: Protocol): readonly ClusterTarget[] {
  const chart = chartOf(machine);
  const transitions = [...statesOf(chart.root)].flatMap((state) => state.transitions);
  const leaves = leavesOf(chart.root);
  return [
    ...transitions.map(({ ref, kind, event }): ClusterTarget => {
      const target = { id: transitionId(role, ref), kind: 'transitions', role } as const;
      return kind === 'event' && !event.includes('*') ? { ...target, event } : target;
    }),
    ...Object.keys(messages).flatMap((event) =>
      leaves.map((state): ClusterTarget => ({ id: messageId(role, event, state), kind: 'messages', role, event })),
    ),
    ...durable.map((field): ClusterTarget => ({ id: restartId(role, field), kind: 'restarts', role })),
  ];
}

/** That a role starts again after a crash at all. */
export const restartTarget = (role: string): ClusterTarget => ({ id: restartId(role), kind: 'restarts', role });

export const sometimesTarget = (name: string): ClusterTarget => ({ id: sometimesId(name), kind: 'sometimes' });

/** The targets that one step of an actor covers. */
export function coveredBy(step: ActorStep, protocol: Protocol): readonly string[] {
  const { role, before, event, message, survived, transitions } = step;
  const ids = transitions.map((ref) => transitionId(role, ref));
  if (survived) ids.push(restartId(role), ...survived.map((field) => restartId(role, field)));
  const type = message?.type ?? event?.type;
  if (type === undefined || !(type in protocol.messages) || !before.up) return [...new Set(ids)];
  for (const leaf of activeLeaves(protocol.machine.id, before.value)) ids.push(messageId(role, type, leaf));
  return [...new Set(ids)];
}

/** The ids, dotted as XState builds them, of the innermost active states. */
function activeLeaves(id: string, value: StateValue): readonly string[] {
  if (typeof value === 'string') return value === '' ? [id] : [`${id}.${value}`];
  const parts = Object.entries(value);
  if (parts.length === 0) return [id];
  return parts.flatMap(([key, inner]) => (inner === undefined ? [] : activeLeaves(`${id}.${key}`, inner)));
}

function* statesOf(state: ChartState): Generator<ChartState> {
  yield state;
  for (const child of state.states) yield* statesOf(child);
}

/**
 * The dotted paths of the innermost states in which a message may find a machine. Not those with which the whole machine ends, as the actor is
 * gone, nor those that it leaves at once. Of parallel regions each state counts by itself.
 */
function leavesOf(root: ChartState): readonly string[] {
  const visit = (state: ChartState, path: string, isEnd: boolean): string[] => {
    if (state.kind === 'history' || (state.kind === 'final' && isEnd) || isLeftAtOnce(state)) return [];
    if (state.states.length === 0) return [path];
    return state.states.flatMap((child) => visit(child, `${path}.${child.key}`, state === root));
  };
  return visit(root, root.id, false);
}

const isLeftAtOnce = ({ transitions }: ChartState): boolean =>
  transitions.some(({ kind, guard, targets }) => kind === 'always' && guard === undefined && targets.length > 0);
