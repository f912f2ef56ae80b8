import type {
  AnyActorScope,
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  EventObject,
  SnapshotFrom,
} from 'xstate';
import { assert } from './assert.ts';
import { type TransitionRef, transitionRefs } from './chart.ts';
import { type Effect, isSend } from './effects.ts';
import { type AskedGuards, GuardTap } from './open/guards.ts';

/** One macrostep of a machine: the state it came to and what it asks of its host. */
export interface Step<TSnapshot> {
  readonly snapshot: TSnapshot;
  readonly effects: readonly Effect[];
}

/** What answers `step`: XState's own interpreter, or a compiled machine. */
export interface Engine<TMachine extends AnyStateMachine = AnyStateMachine> {
  readonly machine: TMachine;
  /** The first state and its effects; `taken` receives the transitions without an event that led to it. Throws what the machine throws. */
  initial(input?: unknown, taken?: TakenTransitions): Step<SnapshotFrom<TMachine>>;
  /** The next state. Pure: equal arguments give equal results, whoever listens. Throws what the machine throws. */
  step(
    snapshot: SnapshotFrom<TMachine>,
    event: EventObject,
    taken?: TakenTransitions,
    asked?: AskedGuards,
  ): Step<SnapshotFrom<TMachine>>;
}

/** Receives, for each microstep, the transitions that were taken, as they are named in the machine's chart. */
export type TakenTransitions = (event: EventObject, transitions: readonly TransitionRef[]) => void;

/** A chart that takes more microsteps than this for one event is taken to be in a loop of `always` or raised events. */
export const MAX_MICROSTEPS = 1_000;

/** The next state of `snapshot` on `event`, and its effects: the one function that all hosts share. */
export const step = <TMachine extends AnyStateMachine>(
  engine: Engine<TMachine>,
  snapshot: SnapshotFrom<TMachine>,
  event: EventObject,
): Step<SnapshotFrom<TMachine>> => engine.step(snapshot, event);

/**
 * An engine on `machine.transition` with one reused actor scope, several times faster than XState's `transition()`, which
 * builds a throw-away actor system per call. Actions are interpreted as data and never executed.
 */
export function createEngine<TMachine extends AnyStateMachine>(machine: TMachine): Engine<TMachine> {
  let effects: Effect[] = [];
  let microsteps = 0;
  let watch: TakenTransitions | undefined;
  let tap: GuardTap | undefined;
  const refs = transitionRefs(machine);

  // The parts of XState's internal actor scope that a pure macrostep touches (5.33; pinned by test/step.test.ts).
  const scope = {
    id: machine.id,
    sessionId: machine.id,
    self: { id: machine.id, sessionId: machine.id },
    logger: () => {},
    defer: () => {},
    emit: () => {},
    stopChild: () => {},
    system: {
      _sendInspectionEvent(inspection: { type: string; event: EventObject; _transitions?: readonly object[] }) {
        if (inspection.type !== '@xstate.microstep') return;
        assert(
          ++microsteps <= MAX_MICROSTEPS,
          `${machine.id}: ${MAX_MICROSTEPS} microsteps for one event; is there a loop?`,
        );
        watch?.(inspection.event, (inspection._transitions ?? []).map(refs));
      },
    },
    actionExecutor(action: { type: string; params: unknown }) {
      const effect = interpret(machine.id, action);
      if (effect) effects.push(effect);
    },
  } as unknown as AnyActorScope;

  const run = (compute: () => SnapshotFrom<TMachine>): Step<SnapshotFrom<TMachine>> => {
    effects = [];
    microsteps = 0;
    try {
      return { snapshot: compute(), effects };
    } finally {
      watch = undefined;
    }
  };

  return {
    machine,
    initial: (input, taken) => {
      watch = taken;
      return run(() => {
        const snapshot: AnyMachineSnapshot = machine.getInitialSnapshot(scope, input);
        // XState turns what a context factory or an entry action throws into an error snapshot; a pure step throws it.
        if (snapshot.status === 'error') throw snapshot.error;
        return snapshot as SnapshotFrom<TMachine>;
      });
    },
    step: (snapshot, event, taken, asked) => {
      watch = taken;
      const compute = () => machine.transition(snapshot, event as AnyEventObject, scope) as SnapshotFrom<TMachine>;
      if (!asked) return run(compute);
      tap ??= new GuardTap(machine);
      try {
        return tap.during(asked, () => run(compute));
      } catch {
        // A step is pure: it throws once more, in XState's own words.
        return run(compute);
      }
    },
  };
}

interface RaiseParams {
  readonly event: EventObject;
  readonly id?: string;
  readonly delay?: number;
}

/** XState's resolved action as an effect; nothing for what the macrostep has already consumed. */
function interpret(machineId: string, action: { type: string; params: unknown }): Effect | undefined {
  switch (action.type) {
    case 'xstate.emit': {
      const { event } = action.params as { event: EventObject };
      return isSend(event)
        ? { kind: 'send', to: typeof event.to === 'string' ? [event.to] : event.to, message: event.message }
        : { kind: 'emit', event };
    }
    case 'xstate.raise': {
      const { event, id, delay } = action.params as RaiseParams;
      if (delay === undefined) return undefined;
      assert(id !== undefined, `${machineId}: a delayed raise of "${event.type}" needs an id`);
      assert(
        delay >= 0 && Number.isFinite(delay),
        `${machineId}: the delay of timer "${id}" is ${delay}, not milliseconds`,
      );
      return { kind: 'setTimer', id, delayMs: delay, event };
    }
    case 'xstate.cancel':
      return { kind: 'cancelTimer', id: (action.params as { sendId: string }).sendId };
    default:
      assert(
        false,
        `${machineId}: action "${action.type}" is an effect a pure step cannot have; change context with assign(), and tell the host with send() or emit()`,
      );
  }
}
