import type { Address } from '@synod/protocol';
import * as v from 'valibot';
import type { EventObject } from 'xstate';
import { parseJson } from '../json.ts';

// What an inspector says to who publishes to it: whether anybody looks on, for a system that tells only then; events, for an app that wants them.

/** The fact of a trace's header by which a system says that it tells nothing while nobody looks on. */
export const WAITS = 'waits';

const watch = v.strictObject({ type: v.literal('watch'), on: v.boolean() });

export const watchFrame = (on: boolean): string =>
  JSON.stringify({ type: 'watch', on } satisfies v.InferInput<typeof watch>);

/** Whether somebody looks on, from now on; undefined of what is no such frame. */
export function readWatchFrame(text: string): boolean | undefined {
  const read = v.safeParse(watch, parseJson(text));
  return read.success ? read.output.on : undefined;
}

/** The fact of a trace's header by which an app says that it takes events. */
export const ACCEPTS_EVENTS = 'acceptsEvents';

const frame = v.strictObject({
  type: v.literal('event'),
  actor: v.pipe(v.string(), v.maxLength(300)),
  event: v.looseObject({ type: v.pipe(v.string(), v.minLength(1)) }),
});

export const eventFrame = (actor: Address, event: EventObject): string =>
  JSON.stringify({ type: 'event', actor, event } satisfies v.InferInput<typeof frame>);

/** Undefined of what is no such frame. */
export function readEventFrame(text: string): { readonly actor: string; readonly event: EventObject } | undefined {
  const read = v.safeParse(frame, parseJson(text));
  return read.success ? read.output : undefined;
}
