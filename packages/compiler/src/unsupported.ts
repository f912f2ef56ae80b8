import { SynodError } from '@synod/protocol';

/** What the compiler does not take. `place` is a state, a transition or an action of the chart. */
export const unsupported = (machineId: string, construct: string, place: string): SynodError =>
  new SynodError(
    'COMPILE_UNSUPPORTED',
    `${machineId}: ${construct} at ${place} cannot be compiled; use createEngine(machine) of @synod/protocol for this machine.`,
    { details: { machine: machineId, construct, place } },
  );
