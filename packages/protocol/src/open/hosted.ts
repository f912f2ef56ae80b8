import type { EventObject } from 'xstate';

/**
 * The end of a delay as hosts tell it: with the time at which they took it up, as every event of a protocol (`Received`). In an open machine
 * that is always 0: its worlds know what is left of a timer, and no time of day.
 */
export const hosted = (event: EventObject): EventObject =>
  event.type.startsWith('xstate.after.') ? ({ ...event, at: 0 } as EventObject) : event;
