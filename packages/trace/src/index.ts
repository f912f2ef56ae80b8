export type { Paint } from './diagram/canvas.ts';
export type { Tone } from './diagram/rows.ts';
export { type SpaceTimeOptions, spaceTime } from './diagram/space-time.ts';
export { type Difference, firstDifference } from './difference.ts';
export { Recorder, type Seen, type Taken } from './recorder.ts';
