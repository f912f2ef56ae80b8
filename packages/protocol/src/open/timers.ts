import type { OpenRef, OpenTimer } from './open-world.ts';

type Timers = readonly OpenTimer[];

const isOf = (timer: OpenTimer, source: OpenRef, id: string): boolean => timer.source === source && timer.id === id;

/** A timer that can no longer be cancelled. */
const forgotten = (timer: OpenTimer): OpenTimer => ({ ...timer, current: false });

/** As XState: an earlier timer of this name goes on, and cannot be cancelled any more. */
export function armed(timers: Timers, timer: OpenTimer): Timers {
  const others = timers.map((each) => (isOf(each, timer.source, timer.id) ? forgotten(each) : each));
  const later = others.findIndex((each) => each.dueMs > timer.dueMs);
  const at = later === -1 ? others.length : later;
  return [...others.slice(0, at), timer, ...others.slice(at)];
}

export const cancelled = (timers: Timers, source: OpenRef, id: string): Timers =>
  timers.filter((timer) => !(timer.current && isOf(timer, source, id)));

/** What is left where an actor has come to its end. */
export const without = (timers: Timers, source: OpenRef): Timers =>
  timers.some((timer) => timer.source === source)
    ? timers.filter((timer) => timer.source !== source || !timer.current)
    : timers;

/** The first timer has fired. */
export const fired = ([first, ...others]: Timers): Timers =>
  others.map((timer) => (first && isOf(timer, first.source, first.id) ? forgotten(timer) : timer));

export const passed = (timers: Timers, ms: number): Timers =>
  ms === 0 ? timers : timers.map((timer) => ({ ...timer, dueMs: timer.dueMs - ms }));
