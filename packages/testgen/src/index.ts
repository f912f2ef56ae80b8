export type {
  ClusterAction,
  ClusterCase,
  ClusterExpectation,
  ClusterStart,
  ClusterStep,
  GeneratedClusterTest,
  Sent,
} from './cluster/case.ts';
export { type Cluster, clusterOf } from './cluster/cluster.ts';
export { ClusterStepFailed } from './cluster/failure.ts';
export { generateClusterTests, generateClusterTestsAsync } from './cluster/generate.ts';
export type {
  ClusterOptions,
  ClusterReason,
  ExploredModel,
  GeneratedCluster,
  ModelChoice,
  UnreachedTarget,
} from './cluster/generated.ts';
export { type PlayClusterOptions, type PlayedCluster, playCluster } from './cluster/play.ts';
export { CLUSTER_TARGET_KINDS, type ClusterTarget, type ClusterTargetKind } from './cluster/targets.ts';
export { type ClusterFileOptions, type WrittenCluster, writeClusterTests } from './cluster/write.ts';
export {
  type Generated,
  type GenerateOptions,
  generateTests,
  generateTestsAsync,
} from './generate.ts';
export type { CoverageCount } from './generated.ts';
export type { Adapter, Implementation } from './implementation.ts';
export { type LoadedMachine, loadMachine } from './load/machine.ts';
export { type Exports, loadExport, loadModule } from './load/module.ts';
export { type Reference, referenceOf } from './load/reference.ts';
export { killedBy, type Recording, record } from './mutation/killed.ts';
export { type MachineMutant, mutantsOf } from './mutation/mutants.ts';
export { MUTATION_OPERATORS, type MutationOperator } from './mutation/operators.ts';
export {
  type KindScore,
  type MutationOptions,
  type MutationProgress,
  type MutationReport,
  mutationScore,
  type Survivor,
} from './mutation/score.ts';
export { createPayloads, type PayloadSource } from './payloads/create.ts';
export type { ActorSources, MachineSchemas, PayloadOptions, Source } from './payloads/options.ts';
export { StepFailed } from './play/failure.ts';
export { type MachineAdapterOptions, machineAdapter } from './play/machine-adapter.ts';
export { describeStimulus, type Played, play } from './play/play.ts';
export { describeFailure, describeSteps } from './property/describe.ts';
export {
  type ExploreControl,
  type Explored,
  type ExploreOptions,
  explore,
  type Failure,
} from './property/explore.ts';
export type {
  AlwaysProperty,
  Broken,
  EventuallyProperty,
  LeadsToProperty,
  MachineProperty,
  MachineState,
  MachineStepProperty,
  SometimesProperty,
} from './property/property.ts';
export { propertyTest } from './property/property-test.ts';
export {
  encodePropertyReplay,
  PROPERTY_REPLAY_VERSION,
  type PropertyReplay,
  type PropertyReplayed,
  parsePropertyReplay,
  recordPropertyReplay,
  replayProperty,
} from './property/replay.ts';
export { casesOf, machineOf, type ProtocolCases } from './protocols/cases.ts';
export { type Bounds, DEFAULT_BOUNDS } from './search/bounds.ts';
export type { Thrown } from './search/notes.ts';
export type { ReasonCode, Unreached } from './search/reasons.ts';
export type { Ended, SearchProgress } from './search/search.ts';
export type {
  ActorKind,
  ActorView,
  ArmedTimer,
  GuardOutcome,
  Payloads,
  Pending,
  Subject,
  Taken,
  World,
} from './subject.ts';
export type { GeneratedTest } from './suite/suite.ts';
export { COVERAGE_KINDS, type CoverageKind, DEFAULT_COVERAGE, type Target } from './targets/target.ts';
export type { Sometimes } from './targets/tracker.ts';
export type { ActorPath, AnyEvent, Expectation, Stimulus, TestCase, TestStep } from './test-case.ts';
export { createSubject } from './world/subject.ts';
export type { FileContents, LeftOut } from './write/contents.ts';
export {
  type FileOptions,
  type Subjects,
  type WrittenFile,
  writeTests,
} from './write/file.ts';
export { anything, instance } from './write/instance.ts';
export { literal, quoted, type Unwritable, type Written } from './write/literal.ts';
