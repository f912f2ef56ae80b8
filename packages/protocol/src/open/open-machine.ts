import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { assert } from '../assert.ts';
import { isSynodError } from '../errors.ts';
import type { Compile } from './instrumented.ts';
import type { OpenStep, OpenStimulus, OpenWorld } from './open-world.ts';
import { Run } from './run.ts';
import { OpenSystem } from './system.ts';

/** Any XState v5 machine as a pure function of worlds: nothing is started, no custom action runs, time is a number. */
export interface OpenMachine {
  readonly machine: AnyStateMachine;
  /**
   * @throws SynodError, with the place in the chart, `GUARD_THREW`, `ACTION_THREW`, `CONTEXT_THREW`, `MACHINE_LOOPS`,
   * `IMPLEMENTATION_MISSING` (a guard or a delay), `ACTOR_MISSING` (an event goes to nobody), `SYSTEM_ID_TAKEN`, `DELAY_INVALID`. What a child
   * machine throws goes to its parent, as XState has it, where its parent's chart has an ear for that.
   */
  start(input: unknown): OpenStep;
  /** Pure: equal arguments give equal results. @throws SynodError as `start`, `ACTOR_NOT_RUNNING` and `EVENT_INVALID`. */
  step(world: OpenWorld, stimulus: OpenStimulus): OpenStep;
}

const EMPTY: OpenWorld = { actors: new Map(), timers: [], systemIds: new Map(), unnamed: new Map() };

export interface OpenOptions {
  /** Whether it is a protocol's machine, whose hosts say of each event, the end of a delay too, when they took it up: `at` is 0. Default false. */
  readonly hosted?: boolean;
  /** Makes the machines' steps faster; by default XState interprets them. */
  readonly compile?: Compile;
}

/** Opens a machine. */
export function openMachine(machine: AnyStateMachine, { hosted = false, compile }: OpenOptions = {}): OpenMachine {
  const system = new OpenSystem(hosted, compile);
  const once = (world: OpenWorld, work: (run: Run) => void): OpenStep => {
    const present = new Run(system, world);
    system.run = present;
    try {
      work(present);
      return present.finish();
    } finally {
      system.run = undefined;
    }
  };
  const run = (world: OpenWorld, work: (run: Run) => void): OpenStep => {
    try {
      return once(world, work);
    } catch (error) {
      // To know where it throws slows a machine down, so that this begins with the first error.
      if (!isSynodError(error) || !system.tellPlaces()) throw error;
      once(world, work);
      throw error;
    }
  };
  return {
    machine,
    start: (input) => run(EMPTY, (present) => present.start(machine, input)),
    step: (world, stimulus) => run(world, (present) => present.apply(stimulus)),
  };
}

/** The snapshot of the machine itself. */
export function snapshotOf(world: OpenWorld): AnyMachineSnapshot {
  const [root] = world.actors.values();
  assert(root, 'a world has a machine');
  return root.snapshot as AnyMachineSnapshot;
}
