import { type Address, nextRandom, type Outcome, type SendEvent } from '@synod/protocol';
import type { RumorMessage } from './messages.ts';
import { drawPeers } from './peers.ts';
import type { RumorContext } from './rumor-context.ts';

/** What an actor of a rumour tells its embedder. */
export type RumorEmitted =
  /** It has heard the rumour. */
  | { readonly type: 'rumorHeard'; readonly update: string }
  /** It knows the rumour and spreads it no more. */
  | { readonly type: 'interestLost' };

export type RumorSend = SendEvent<RumorMessage>;
export type RumorOutcome = Outcome<RumorContext, RumorSend | RumorEmitted>;

const say = (to: Address, message: RumorMessage): RumorSend => ({ type: 'send', to, message });

export const pushes = ({ settings }: RumorContext): boolean => settings.exchange !== 'pull';
export const pulls = ({ settings }: RumorContext): boolean => settings.exchange !== 'push';

/** Hears the rumour. */
export const hear = (update: string): RumorOutcome => ({ change: { update }, emit: [{ type: 'rumorHeard', update }] });

/** Blind: a contact counts whatever the other knew. */
const ifBlind = ({ settings, contacts }: RumorContext): RumorContext['contacts'] =>
  settings.response === 'blind' ? 'unnecessary' : contacts;

/** A cycle's contact of one who is infected: tells a random other (push), asks it (pull), or both. */
export function contact(context: RumorContext): RumorOutcome {
  const [[peer], random] = drawPeers(context, 1);
  if (peer === undefined || context.update === null) return {};
  const emit: RumorSend[] = [];
  if (pushes(context)) emit.push(say(peer, { type: 'Rumor', update: context.update }));
  if (pulls(context)) emit.push(say(peer, { type: 'RumorRequest' }));
  return { change: { random, contacts: pushes(context) ? ifBlind(context) : 'none' }, emit };
}

/** A cycle's contact of one who has nothing to tell: with pull, asks a random other. */
export function ask(context: RumorContext): RumorOutcome {
  if (!pulls(context)) return {};
  const [[peer], random] = drawPeers(context, 1);
  return peer === undefined ? {} : { change: { random }, emit: [say(peer, { type: 'RumorRequest' })] };
}

/** Pull: one who is infected tells who asks. */
export const answer = (context: RumorContext, from: Address): RumorOutcome =>
  context.update === null
    ? {}
    : { change: { contacts: ifBlind(context) }, emit: [say(from, { type: 'Rumor', update: context.update })] };

/** Feedback: whether the rumour was news. */
export const giveFeedback = ({ settings }: RumorContext, from: Address, known: boolean): RumorOutcome =>
  settings.response === 'feedback' ? { emit: [say(from, { type: 'RumorFeedback', known })] } : {};

/** Feedback on a contact of this cycle; a blind site hears none. */
export const takeFeedback = ({ contacts, settings }: RumorContext, known: boolean): Partial<RumorContext> =>
  settings.response === 'blind' ? {} : { contacts: known && contacts !== 'necessary' ? 'unnecessary' : 'necessary' };

/**
 * The end of a cycle: whether the interest is lost over it. `k` unnecessary contacts must come one after the other: the paper's bound on the
 * traffic counts only those within k cycles of a necessary one, and of many who ask in one cycle, one for whom it was news suffices.
 */
export function judge(context: RumorContext): Partial<RumorContext> {
  const { contacts, count, random, settings } = context;
  const { removal, k } = settings;
  if (contacts === 'none') return {};
  if (contacts === 'necessary') return { contacts: 'none', count: 0 };
  if (removal === 'counter') return { contacts: 'none', count: count + 1, isInterested: count + 1 < k };
  const [value, next] = k === 1 ? [0, random] : nextRandom(random);
  return { contacts: 'none', random: next, isInterested: value >= 1 / k };
}
