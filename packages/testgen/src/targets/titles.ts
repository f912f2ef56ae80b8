import type { ChartTransition } from '@synod/protocol';
import { type ChartIndex, type IndexedTransition, nameOf } from './chart-index.ts';

/** What sets a transition off, as a person would say it: `SUBMIT`, `pay done`, `after 1000 ms`. */
export function triggerOf({ kind, event }: ChartTransition): string {
  if (kind === 'always') return 'always';
  if (kind === 'after') return /^\d+$/.test(event) ? `after ${event} ms` : `after ${event}`;
  return eventTitle(event);
}

/** The type of an event as a person would say it. */
export function eventTitle(type: string): string {
  const after = /^xstate\.after\.(.+?)\.[^.]*/.exec(type);
  if (after) return `after ${after[1]}`;
  const actor = /^xstate\.(done|error|snapshot)\.actor\.(.+)$/.exec(type);
  if (actor) return `${actorTitle(actor[2] ?? '')} ${actor[1] === 'error' ? 'failed' : actor[1]}`;
  const state = /^xstate\.done\.state\.(.+)$/.exec(type);
  if (state) return `${state[1]?.split('.').slice(1).join('.') || state[1]} done`;
  const snapshot = /^xstate\.snapshot\.(.+)$/.exec(type);
  if (snapshot) return `${actorTitle(snapshot[1] ?? '')} snapshot`;
  return type === '*' ? 'any event' : type;
}

/** The id of an actor without what XState adds where its invocation has none: `0.checkout.paying` is `paying`'s. */
export function actorTitle(id: string): string {
  const unnamed = /^(\d+)\.(?:.*\.)?([^.]+)$/.exec(id);
  return unnamed ? `the actor of ${unnamed[2]}` : id;
}

/** `follower → candidate on electionTimeout`, `cart stays on ADD when isInStock`. */
export function transitionTitle(index: ChartIndex, { transition, source }: IndexedTransition): string {
  const trigger = triggerOf(transition);
  const cause = `${transition.kind === 'event' ? 'on ' : ''}${trigger}${transition.guard === undefined ? '' : ` when ${transition.guard}`}`;
  const targets = transition.targets.flatMap((id) => index.states.get(id) ?? []);
  const change = targets.length === 0 ? ' stays' : ` → ${targets.map(targetTitle).join(' + ')}`;
  return `${nameOf(source)}${change} ${cause}`;
}

function targetTitle(target: Parameters<typeof nameOf>[0]): string {
  return target.state.kind === 'history' && target.parent ? `${nameOf(target.parent)} as it was` : nameOf(target);
}
