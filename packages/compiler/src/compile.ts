import { createEngine, type Engine } from '@synod/protocol';
import type {
  ActorLogic,
  ActorSystem,
  ActorSystemInfo,
  AnyActorScope,
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  EmittedFrom,
  EventFromLogic,
  InputFrom,
  SnapshotFrom,
} from 'xstate';
import { assign } from './builtins.ts';
import { Configurations } from './configurations.ts';
import { Macrostep, type Surroundings } from './macrostep.ts';

/** XState's actor logic of a machine. */
type LogicOf<TMachine extends AnyStateMachine> = ActorLogic<
  SnapshotFrom<TMachine>,
  EventFromLogic<TMachine>,
  InputFrom<TMachine>,
  ActorSystem<ActorSystemInfo>,
  EmittedFrom<TMachine>
>;

/** A compiled machine: as the engine of a host, and as logic for XState's own actors. */
export interface Compiled<TMachine extends AnyStateMachine = AnyStateMachine> extends Engine<TMachine> {
  /** For `createActor(compiled.logic, …)`: the same steps, with actions that the actor executes. */
  readonly logic: LogicOf<TMachine>;
}

/**
 * Compiles a machine: what follows from its chart is worked out once for each set of active states, and not in every step. Snapshots,
 * effects and errors are those of `createEngine(machine)`; snapshots of either may go on in the other.
 * @throws SynodError `COMPILE_UNSUPPORTED` for a machine with history states or other actors (invoke, spawn, sendTo): use
 * `createEngine(machine)` for it. A `spawn` in an `assign`, or what `enqueueActions` enqueues, comes to light only when it is performed.
 */
export function compile<TMachine extends AnyStateMachine>(machine: TMachine): Compiled<TMachine> {
  const configurations = new Configurations(machine);
  // All that a pure step has of an actor; XState's interpreter in createEngine gives the same.
  const self = { id: machine.id, sessionId: machine.id };
  const system = {};
  // Compiled guards tell nobody how they came out: where that is asked for, XState takes the step.
  let interpreter: Engine<TMachine> | undefined;

  return {
    machine,
    logic: logicOf(machine, configurations),
    initial: (input) => {
      const macrostep = beginning(configurations, input, { self, system });
      assignContext(configurations, macrostep);
      return { snapshot: start(configurations, macrostep) as SnapshotFrom<TMachine>, effects: macrostep.effects };
    },
    step: (snapshot, event, watch, asked) => {
      if (asked) {
        interpreter ??= createEngine(machine);
        return interpreter.step(snapshot, event, watch, asked);
      }
      const before = snapshot as AnyMachineSnapshot;
      const at = configurations.at(before);
      const macrostep = new Macrostep(configurations, before, at, event, { self, system, watch });
      return { snapshot: macrostep.run() as SnapshotFrom<TMachine>, effects: macrostep.effects };
    },
  };
}

/**
 * A machine compiled for live actors alone. Other actors (invoke, spawn, sendTo) are taken as well: XState's own code does what has to do with
 * them. Its snapshots, and what it does to an actor's scope and system, are those of the machine itself.
 * @throws SynodError `COMPILE_UNSUPPORTED` for a machine with history states.
 */
export const compileLogic = <TMachine extends AnyStateMachine>(machine: TMachine): LogicOf<TMachine> =>
  logicOf(machine, new Configurations(machine, true));

function logicOf<TMachine extends AnyStateMachine>(
  machine: TMachine,
  configurations: Configurations,
): LogicOf<TMachine> {
  const around = (live: AnyActorScope): Surroundings => ({ self: live.self, system: live.system, live });
  const logic = {
    config: machine.config,
    transition: (snapshot: AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope) =>
      new Macrostep(configurations, snapshot, configurations.at(snapshot), event, around(scope)).run(),
    getInitialSnapshot: (scope: AnyActorScope, input: unknown) => {
      const macrostep = beginning(configurations, input, around(scope));
      let snapshot = macrostep.snapshot();
      try {
        assignContext(configurations, macrostep);
        snapshot = macrostep.snapshot();
        return start(configurations, macrostep);
      } catch (error) {
        return { ...snapshot, status: 'error', error };
      }
    },
    getPersistedSnapshot: machine.getPersistedSnapshot,
    restoreSnapshot: machine.restoreSnapshot,
    start: machine.start,
  };
  return logic as unknown as LogicOf<TMachine>;
}

const beginning = (configurations: Configurations, input: unknown, around: Surroundings): Macrostep => {
  const event = { type: 'xstate.init', input };
  return new Macrostep(configurations, configurations.beforeFirst(), configurations.first, event, around);
};

/** Computes the context from the input. */
function assignContext({ chart: { machine, actions } }: Configurations, macrostep: Macrostep): void {
  const { context } = machine.config as { context?: unknown };
  if (typeof context !== 'function') return;
  const spawn = actions.spawn(macrostep, 'the context');
  const { input } = macrostep.event as unknown as { input: unknown };
  assign(macrostep, () => context({ spawn, input, self: macrostep.self }), undefined, spawn);
}

/** Enters the first states, and goes on from there. */
function start({ entrance }: Configurations, macrostep: Macrostep): AnyMachineSnapshot {
  macrostep.take(entrance);
  return macrostep.settle();
}
