export { type Address, actorOf, address, isAddress, isName, nodeOf, parseAddress } from './address.ts';
export { AssertionError, assert } from './assert.ts';
export { brief, cut, describeEvent, describeState } from './brief.ts';
export { canonical } from './canonical.ts';
export {
  type Chart,
  type ChartInvocation,
  type ChartState,
  type ChartTransition,
  chartOf,
  type TransitionRef,
  transitionRefs,
} from './chart.ts';
export { applyDurable, type DurableChange, type DurableState, durableChanges } from './durable.ts';
export { type Effect, type Outcome, perform, type SendEvent, send } from './effects.ts';
export { type Envelope, type Message, type Received, received, timed, type VectorTimestamp } from './envelope.ts';
export { describeError, isSynodError, SynodError, type SynodErrorOptions } from './errors.ts';
export type {
  OperationEvent,
  OperationFailed,
  OperationInvoked,
  OperationReturned,
  SequentialObject,
} from './history.ts';
export type {
  FactChanged,
  GossipRequest,
  MemberChanged,
  MemberDeparted,
  MemberJoined,
  MemberStatus,
  Membership,
  MembershipEvent,
  MembershipRefused,
  MembershipRequest,
  MemberView,
  Metadata,
  ServiceRecipe,
} from './membership.ts';
export { describeIssues, type Validated, validateMessage } from './messages.ts';
export { forgetting, providing } from './mutate.ts';
export {
  describeLinkFault,
  isParted,
  type LinkFault,
  layLinkFault,
  liesOn,
  linkFaultSchema,
  type NetworkFaults,
  noNetworkFaults,
} from './network-faults.ts';
export { guardConditions } from './open/conditions.ts';
export {
  type Ask,
  asksOn,
  contextFactoryOf,
  familyOf,
  fitsDescriptor,
  functionsOf,
  functionsOn,
  type Invocation,
  invocationsOf,
  isMachine,
  type MachineFunction,
} from './open/functions.ts';
export type { AskedGuards, GuardOutcome } from './open/guards.ts';
export { GuardsAnew, type SeenMicrostep } from './open/guards-anew.ts';
export { hosted } from './open/hosted.ts';
export type { Compile } from './open/instrumented.ts';
export { kindOf, type LogicKind } from './open/logic.ts';
export { supplyActors } from './open/missing.ts';
export { type OpenMachine, type OpenOptions, openMachine, snapshotOf } from './open/open-machine.ts';
export {
  isRunning,
  type OpenAction,
  type OpenActor,
  type OpenRef,
  type OpenStep,
  type OpenStimulus,
  type OpenTimer,
  type OpenWorld,
  unnamedId,
} from './open/open-world.ts';
export {
  type InvokePlace,
  type MachineTransform,
  type PartConfig,
  rebuildMachine,
  type TransitionConfig,
  type TransitionKind,
  type TransitionPlace,
} from './open/rebuild.ts';
export { plainJson, type TraceLimits } from './plain-json.ts';
export { inRole, type NodeView, type Property, type StateProperty, type StepProperty } from './property.ts';
export {
  defineProtocol,
  type HostInput,
  isProtocol,
  type Protocol,
  type ProtocolDefinition,
} from './protocol.ts';
export type { LogView, ProtocolView, QuorumView } from './protocol-view.ts';
export { nextRandom, type RandomState, seedFrom } from './random.ts';
export { Sequence } from './sequence.ts';
export {
  type Cases,
  type CheckConfiguration,
  type CheckFaults,
  type Cluster,
  defineSpecification,
  type Expected,
  type Member,
  type Model,
  type Mutant,
  type NetworkOrder,
  type NetworkView,
  type Request,
  type Roles,
  type Simulation,
  type SimulationConfiguration,
  type Specification,
  withMutant,
} from './specification.ts';
export { createEngine, type Engine, MAX_MICROSTEPS, type Step, step, type TakenTransitions } from './step.ts';
export {
  type DropReason,
  TRACE_VERSION,
  type TraceBase,
  type TraceEvent,
  type TraceHeader,
  type TraceRecord,
} from './trace.ts';
export { type TypeKind, type TypeNote, typeNotes } from './trace-exact.ts';
export {
  decodeTrace,
  encodeRecording,
  encodeTrace,
  type RecordedLine,
  recordingHeader,
  traceHeader,
  VIEWER_LIMITS,
} from './trace-json.ts';
