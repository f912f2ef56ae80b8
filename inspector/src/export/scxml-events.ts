import type { ChartTransition } from '@synod/protocol';

// What events are called in SCXML, where a name is words with dots between, and a descriptor fits all names that begin with it.

const WORDS = /^[^\s.*]+(\.[^\s.*]+)*(\.\*)?$/;

/** What ids are in the document. */
interface Ids {
  state(id: string): string;
  actor(id: string): string;
}

/** An event's name in SCXML; undefined for what it cannot name. */
export function eventFor(event: string, ids: Ids): string | undefined {
  const done = /^xstate\.done\.state\.(.+)$/s.exec(event)?.[1];
  if (done !== undefined) return `done.state.${ids.state(done)}`;
  const ended = /^xstate\.done\.actor\.(.+)$/s.exec(event)?.[1];
  if (ended !== undefined) return `done.invoke.${ids.actor(ended)}`;
  const failed = /^xstate\.error\.actor\.(.+)$/s.exec(event)?.[1];
  if (failed !== undefined) return `error.platform.${ids.actor(failed)}`;
  return event === '*' || WORDS.test(event) ? event : undefined;
}

/** The events of a chart that SCXML takes for `event`, and XState does not: those that begin with it and go on after a dot. */
export const shadows = (event: string, events: ReadonlySet<string>): readonly string[] =>
  event.endsWith('*') ? [] : [...events].filter((other) => other.startsWith(`${event}.`));

/**
 * In XState the longest descriptor that fits an event goes first, whatever the order in which they stand; in SCXML the order decides. What is
 * taken without an event is looked at first in both.
 */
export const sortedForScxml = (transitions: readonly ChartTransition[]): readonly ChartTransition[] =>
  transitions.toSorted((a, b) => breadth(a) - breadth(b) || lengthOf(b) - lengthOf(a));

const breadth = ({ kind, event }: ChartTransition): number => (kind === 'event' && event.endsWith('*') ? 1 : 0);

/** Of descriptors for many events only: others keep their order. */
const lengthOf = (transition: ChartTransition): number => (breadth(transition) === 0 ? 0 : transition.event.length);
