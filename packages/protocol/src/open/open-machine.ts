import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { assert } from '../assert.ts';
import type { OpenStep, OpenStimulus, OpenWorld } from './open-world.ts';
import { Run } from './run.ts';
import { OpenSystem } from './system.ts';

/** Any XState v5 machine as a pure function of worlds: nothing is started, no custom action runs, time is a number. */
export interface OpenMachine {
  readonly machine: AnyStateMachine;
  start(input: unknown): OpenStep;
  step(world: OpenWorld, stimulus: OpenStimulus): OpenStep;
}

const EMPTY: OpenWorld = { actors: new Map(), timers: [], systemIds: new Map(), counter: 0 };

/** Opens a machine. */
export function openMachine(machine: AnyStateMachine): OpenMachine {
  const system = new OpenSystem();
  const run = (world: OpenWorld, work: (run: Run) => void): OpenStep => {
    const present = new Run(system, world);
    system.run = present;
    system.thrown = undefined;
    try {
      work(present);
      return present.finish();
    } finally {
      system.run = undefined;
    }
  };
  return {
    machine,
    start: (input) => run(EMPTY, (present) => present.begin(machine, input)),
    step: (world, stimulus) => run(world, (present) => present.apply(stimulus)),
  };
}

/** The snapshot of the machine itself. */
export function snapshotOf(world: OpenWorld): AnyMachineSnapshot {
  const [root] = world.actors.values();
  assert(root, 'a world has a machine');
  return root.snapshot as AnyMachineSnapshot;
}
