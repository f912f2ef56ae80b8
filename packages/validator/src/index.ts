export type { Allowed, AllowedTransition, Misfit, MisfitCode } from './misfit.ts';
export { type ValidateOptions, type ValidationEvent, validate } from './operator.ts';
export { describeAllowed } from './replay/allowed.ts';
export type { TransportPromises } from './replay/post.ts';
export { type JudgeOptions, judgeTraces } from './trace/judge.ts';
export { mergeTraces, type OpenTrace, openTrace, type Placed, type TraceSource } from './trace/read.ts';
export { type Restored, restore } from './trace/restore.ts';
export { Validator } from './validator.ts';
export type { Judged, Summary, ValidatorOptions, Verdict } from './verdict.ts';
