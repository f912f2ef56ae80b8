import { kindNumber } from '../../../../src/world/read.ts';
import type { Course, Ink } from '../pen.ts';

type Sign = (to: Course, x: number, y: number) => void;
type Bar = (rect: Course['rect'], x: number, y: number) => void;

/** What a kind of record looks like: an outline, filled or hollow, or a plain rectangle, of which many cost little. */
export type Look = { readonly ink: Ink } & (
  | { readonly sign: Sign; readonly hollow?: boolean; readonly bar?: undefined }
  | { readonly bar: Bar; readonly sign?: undefined }
);

const ring =
  (radius: number): Sign =>
  (to, x, y) =>
    to.circle(x, y, radius);

const diamond: Sign = (to, x, y) => {
  to.move(x, y - 5);
  to.line(x + 5, y);
  to.line(x, y + 5);
  to.line(x - 5, y);
  to.close();
};

const wedge: Sign = (to, x, y) => {
  to.move(x - 10, y - 4);
  to.line(x - 3, y);
  to.line(x - 10, y + 4);
  to.close();
};

const flag: Sign = (to, x, y) => {
  to.move(x, y);
  to.line(x + 9, y - 4);
  to.line(x, y - 8);
  to.close();
};

const dot: Bar = (rect, x, y) => rect(x - 1, y - 1, 3, 3);
const square: Bar = (rect, x, y) => rect(x + 4, y - 2, 5, 5);
const tick: Bar = (rect, x, y) => rect(x - 7, y, 5, 1);

/** What each kind of record looks like on its lane; what is not here is told by its arrow. */
export const SIGNS: ReadonlyMap<number, Look> = new Map<number, Look>([
  [kindNumber('send'), { bar: dot, ink: 'edge' }],
  [kindNumber('receive'), { sign: wedge, ink: 'good' }],
  [kindNumber('transition'), { sign: diamond, ink: 'text' }],
  [kindNumber('emit'), { bar: square, ink: 'edge' }],
  [kindNumber('timer.set'), { bar: tick, ink: 'timer' }],
  [kindNumber('timer.fired'), { sign: ring(3.4), ink: 'timer', hollow: true }],
  [kindNumber('spawn'), { sign: ring(4.5), ink: 'good', hollow: true }],
  [kindNumber('restart'), { sign: ring(4.5), ink: 'good', hollow: true }],
  [kindNumber('stop'), { bar: square, ink: 'quiet' }],
  [kindNumber('note'), { sign: flag, ink: 'span' }],
]);
