export type { Deliver } from './receivers/receivers.ts';
export type { Controls } from './server/pages.ts';
export type { Recording } from './server/recording.ts';
export { type InspectorOptions, type InspectorServer, startInspector } from './server/server.ts';
export type { SeenMember, SeenMembers } from './world/members.ts';
export type { Control, Faults, Groups, NodeControl } from './world/wire.ts';
export type { ActorView, NodeView, World } from './world/world.ts';
