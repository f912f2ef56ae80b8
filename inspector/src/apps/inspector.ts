import { assert, isName, traceHeader } from '@synod/protocol';
import type { InspectionEvent } from 'xstate';
import { openSocket } from '#socket';
import { publish } from '../publisher/connection.ts';
import { ACCEPTS_EVENTS, readEventFrame } from './back-channel.ts';
import { inspected } from './inspection.ts';
import { Observer } from './observer.ts';

export interface SynodInspectorOptions {
  /** The inspector's `appUrl`: its token may stand in it. */
  readonly url: string;
  /** The inspector's `appToken`, if it is not in the URL. */
  readonly token?: string;
  /**
   * What the app is called in the inspector: letters, digits, dots, dashes and underscores. Two that are connected at once need two names.
   * Default: `app-` and four characters drawn at random.
   */
  readonly name?: string;
  /** Whether a person at the inspector may send events to the app's actors. Default: no. */
  readonly acceptEvents?: boolean;
}

/** Give it to any number of root actors as `inspect`. */
export interface SynodInspector {
  readonly next: (event: InspectionEvent) => void;
  /** Sends what waits, then disconnects. An app that just ends need not call it. */
  stop(): Promise<void>;
}

/** Records that are kept while the first connection is being made. */
const EARLY_RECORDS = 2_000;

/**
 * Shows the actors of a plain XState v5 app in Synod's inspector: `createActor(machine, { inspect: createSynodInspector({ url }) })`.
 *
 * It never holds the app up and never throws into it: while there is no inspector it tries again now and then, and keeps nothing but the
 * first 2,000 records; of what a slow inspector cannot take, records are left out and a note tells how many.
 */
export function createSynodInspector(options: SynodInspectorOptions): SynodInspector {
  const { url, token, name = drawnName(), acceptEvents = false } = options;
  assert(isName(name), `"${name}" cannot be the name of an app; use letters, digits, ".", "-" and "_"`);
  const target = new URL(url);
  if (token !== undefined) target.searchParams.set('token', token);
  const observer = new Observer(name);
  const publisher = publish({
    connect: () => openSocket(target.href),
    header: traceHeader({ node: name, from: 'createSynodInspector', [ACCEPTS_EVENTS]: acceptEvents }),
    trace$: observer,
    early: EARLY_RECORDS,
    ...(acceptEvents && {
      heard: (text: string) => {
        const frame = readEventFrame(text);
        if (frame) observer.deliver(frame.actor, frame.event);
      },
    }),
  });
  return {
    next: (event) => {
      try {
        observer.next(inspected(event));
      } catch (error) {
        observer.fail(error);
      }
    },
    stop: () => publisher.stop(),
  };
}

function drawnName(): string {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `app-${number.toString(36).padStart(4, '0').slice(-4)}`;
}
