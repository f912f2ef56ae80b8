export type { Deliver } from './receivers/receivers.ts';
export type { Permission } from './server/access.ts';
export type { Controls } from './server/controls.ts';
export type { GoOn, Lab, LabRun } from './server/lab.ts';
export type { Recording } from './server/recording.ts';
export { type InspectorOptions, type InspectorServer, startInspector } from './server/server.ts';
export { standalonePage } from './standalone/standalone.ts';
export { skewSchema } from './world/control-frame.ts';
export type { Control, Faults, Groups, LinkControl, NodeControl, Skew } from './world/controls.ts';
export {
  type LabAbilities,
  type LabChoice,
  type LabGraph,
  type LabMoment,
  type LabState,
  MAX_STEPS,
} from './world/lab.ts';
export type { SeenMember, SeenMembers } from './world/members.ts';
export type { ClientHistory, ClientOperation, JudgedProperty, Span, ToldStep, Verdicts } from './world/verdicts.ts';
export type { ActorView, NodeView, World } from './world/world.ts';
