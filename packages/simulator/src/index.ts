export { type AsTestOptions, asTest } from './as-test.ts';
export type { Coverage, RoleCoverage } from './coverage.ts';
export { mergeCoverage } from './coverage.ts';
export type { DiskOptions } from './disk.ts';
export {
  BUSIEST,
  describeFault,
  FAULT_NAMES,
  type Fault,
  type FaultName,
  type PartitionShape,
  parseSchedule,
  type Schedule,
} from './faults.ts';
export { type ChoiceKind, NEXT, type SimulationChoice } from './fork/choices.ts';
export { type Held, simulateUntil, turnAt } from './fork/hold.ts';
export type { Deviation, Halt } from './fork/pilot.ts';
export type { HistoryEvent } from './history.ts';
export type { Latency, LinkOptions } from './link.ts';
export { loadSpecification, type SpecificationReference } from './load.ts';
export { drawSchedule, type Faults, INTENSITIES, type Intensity, type NemesisOptions, parseFaults } from './nemesis.ts';
export type { NetworkOptions } from './network.ts';
export { type SimulateOptions, simulationOf } from './options.ts';
export {
  encodeReplay,
  optionsOfReplay,
  parseReplay,
  REPLAY_VERSION,
  type Replayed,
  type ReplayFile,
  recordReplay,
  replay,
} from './replay.ts';
export {
  type FailingSeed,
  parseSeeds,
  runSeeds,
  type SeedRange,
  type SeedsResult,
} from './seeds.ts';
export { type ShrinkOptions, type ShrinkSize, type Shrunk, shrink } from './shrink.ts';
export { type SimulationResult, simulate } from './simulate.ts';
export { type SwarmOptions, type SwarmProgress, type SwarmResult, swarm } from './swarm.ts';
export type { Violation, ViolationKind } from './violation.ts';
