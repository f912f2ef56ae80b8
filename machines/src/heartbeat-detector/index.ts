export type { DetectorContext, DetectorInput } from './context.ts';
export { type HeartContext, type HeartInput, heartMachine, heartProtocol } from './heart.ts';
export { type DetectorEmitted, detectorMachine } from './machine.ts';
export type { DetectorMessage, Heartbeat } from './messages.ts';
export { detectorProtocol } from './protocol.ts';
export { specification } from './specification.ts';
