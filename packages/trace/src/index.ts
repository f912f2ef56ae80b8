export { Recorder, type Seen, type Taken } from './recorder.ts';
