export type { Permission } from './server/access.ts';
export type { Controls } from './server/controls.ts';
export type { Recording } from './server/recording.ts';
export { type InspectorOptions, type InspectorServer, startInspector } from './server/server.ts';
export { skewSchema } from './world/control-frame.ts';
export type { Control, Faults, Groups, LinkControl, NodeControl, Skew } from './world/controls.ts';
export type { SeenMember, SeenMembers } from './world/members.ts';
export type { ActorView, NodeView, World } from './world/world.ts';
