export type { Controls } from './server/pages.ts';
export type { Recording } from './server/recording.ts';
export { type InspectorOptions, type InspectorServer, startInspector } from './server/server.ts';
export type { Control } from './world/wire.ts';
export type { ActorView, NodeView, World } from './world/world.ts';
