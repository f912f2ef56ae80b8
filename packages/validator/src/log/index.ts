export type { InferBounds } from './belief.ts';
export { type Inferred, type LogMisfit, type LogOptions, LogValidator, type LogVerdict } from './log-validator.ts';
export { parseMapping } from './mapping.ts';
export type { LogMapping, Observation } from './observation.ts';
