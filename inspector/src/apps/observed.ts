import {
  type Address,
  type Chart,
  chartOf,
  isMachine,
  kindOf,
  type TraceEvent,
  type TransitionRef,
  transitionRefs,
} from '@synod/protocol';
import type { AnyActorLogic, EventObject } from 'xstate';
import { statusChart } from '../chart/status-chart.ts';
import type { ActorLike, SnapshotLike } from './inspection.ts';
import { asName, isMadeUp } from './names.ts';

/** An event that has been sent to an actor, and that it has not taken up yet. */
export interface Waiting {
  readonly event: EventObject;
  /** Of a message between actors. */
  readonly id?: string;
  readonly from?: Address;
}

/** What an actor runs. */
export interface Logic {
  readonly protocol: string;
  readonly chart: Chart;
  /** Undefined of what is no machine. */
  readonly refs?: (definition: object) => TransitionRef;
}

/** All that an observer keeps of one actor. */
export interface Observed {
  readonly actor: ActorLike;
  readonly address: Address;
  readonly logic: Logic;
  readonly parent: Address | undefined;
  /** The snapshot that the trace has told last. */
  told: SnapshotLike;
  /** From the `xstate.init` event until the snapshot that follows it. */
  isStarting: boolean;
  hasEnded: boolean;
  readonly waiting: Waiting[];
  /** The step that is being taken: whether its event has been told, and what follows it in the trace. */
  isStepping: boolean;
  actions: string[];
  effects: TraceEvent[];
  /** Events by the ids of the timers that will send them. */
  readonly timers: Map<string, EventObject>;
}

const known = new WeakMap<object, Logic>();

/** What `actor` runs. Made once for all actors that run the same. */
export function logicOf({ logic }: ActorLike): Logic {
  const key = logic as object;
  const found = known.get(key);
  if (found) return found;
  const made = describe(logic as AnyActorLogic);
  known.set(key, made);
  return made;
}

function describe(logic: AnyActorLogic): Logic {
  if (isMachine(logic)) return { protocol: logic.id, chart: chartOf(logic), refs: transitionRefs(logic) };
  const kind = kindOf(logic);
  const protocol = kind === 'other' ? 'actor' : kind;
  return { protocol, chart: statusChart(protocol) };
}

/** What an actor is best called: by the id that its author gave, else by what it runs. */
export function wishOf({ id, sessionId, systemId, src, logic }: ActorLike): string {
  if (systemId !== undefined) return systemId;
  if (!isMadeUp(id, sessionId)) return id;
  if (typeof src === 'string' && !src.startsWith('xstate.')) return src;
  const { protocol } = logicOf({ logic } as ActorLike);
  return asName(protocol === '(machine)' ? 'machine' : protocol);
}

/** A snapshot as a trace tells it: of what is no machine, its status is its state. */
export const stateOf = ({ logic }: Observed, { value, status }: SnapshotLike) =>
  (logic.refs ? value : status) as string;

/** What a snapshot carries beside its state. */
export function contextOf({ refs }: Logic, { context, input, output, error }: SnapshotLike): unknown {
  if (refs) return context;
  const fields = { input, output, error, ...(context !== undefined && { context }) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
