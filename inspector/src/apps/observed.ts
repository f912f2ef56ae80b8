import {
  type Address,
  type Chart,
  chartOf,
  type GuardOutcome,
  GuardsAnew,
  isMachine,
  kindOf,
  type TraceEvent,
  type TransitionRef,
  transitionRefs,
} from '@synod/protocol';
import type { AnyActorLogic, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { statusChart } from '../chart/status-chart.ts';
import type { ActorLike, Inspected, SnapshotLike } from './inspection.ts';
import { asName, isMadeUp } from './names.ts';

/** Guards of the steps of an actor that runs a machine: XState does not tell of them. */
export class ToldGuards {
  readonly #anew: GuardsAnew | undefined;

  constructor({ machine }: Logic) {
    this.#anew = machine && new GuardsAnew(machine);
  }

  microstep({
    actorRef,
    event,
    snapshot,
    _transitions,
  }: Inspected & { type: '@xstate.microstep' }): readonly GuardOutcome[] {
    const [before, after] = [actorRef.getSnapshot(), snapshot] as unknown as readonly AnyMachineSnapshot[];
    if (!this.#anew || !before || !after) return [];
    return this.#anew.microstep(before, { event, snapshot: after, transitions: _transitions });
  }

  /** The step is over. */
  rest(): void {
    this.#anew?.rest();
  }
}

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
  readonly machine?: AnyStateMachine;
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
  readonly guards: ToldGuards;
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
  if (isMachine(logic))
    return { protocol: logic.id, chart: chartOf(logic), refs: transitionRefs(logic), machine: logic };
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
