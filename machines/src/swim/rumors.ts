import type { Rumor, SwimContext } from './context.ts';
import type { Update } from './messages.ts';
import { digits } from './suspicion.ts';

// Infection-style dissemination (§4.1): what is new rides on the messages of the failure detector.

/** Something new to tell. What is told of the same member meanwhile is told no more. */
export const tell = (rumors: readonly Rumor[], update: Update): readonly Rumor[] => [
  { update, sent: 0 },
  ...rumors.filter((rumor) => rumor.update.node !== update.node),
];

/** The same of many at once, the latest last. */
export const tellAll = (rumors: readonly Rumor[], news: ReadonlyMap<string, Update>): readonly Rumor[] => [
  ...[...news.values()].reverse().map((update) => ({ update, sent: 0 })),
  ...rumors.filter((rumor) => !news.has(rumor.update.node)),
];

/** How often each update is told: λ · log n (§4.1). */
export const retransmissions = ({ settings, size }: Pick<SwimContext, 'settings' | 'size'>): number =>
  settings.retransmit * digits(size);

/**
 * The updates for a message to `to`, the least told first, and what is left to tell. A member that is suspected or held dead hears of
 * that first, whatever else there is (Lifeguard §IV-C, buddy system): it cannot refute what it does not know.
 */
export function riding(context: SwimContext, to: string): { updates: Update[]; rumors: readonly Rumor[] } {
  const { rumors, settings, members } = context;
  const held = members.get(to);
  const hears = held && (held.status === 'dead' || (held.status === 'suspect' && settings.lifeguard.buddy));
  if (rumors.length === 0) return { updates: hears ? [held] : [], rumors };
  // What it hears in any case is not told again beside it.
  const others = hears ? rumors.filter(({ update }) => update.node !== to) : rumors;
  const kept = hears ? rumors.filter(({ update }) => update.node === to) : [];
  const room = settings.updatesPerMessage - (hears ? 1 : 0);
  const taken = others.slice(0, room);
  const limit = retransmissions(context);
  const again = taken.map(({ update, sent }) => ({ update, sent: sent + 1 })).filter(({ sent }) => sent < limit);
  const updates = taken.map(({ update }) => update);
  return {
    updates: hears ? [held, ...updates] : updates,
    rumors: merged(merged(others.slice(room), again), kept),
  };
}

/** Two lists in the order of how often each was told, as one; of equals those of `a` first, so that all have their turn. */
function merged(a: readonly Rumor[], b: readonly Rumor[]): readonly Rumor[] {
  const all: Rumor[] = [];
  let at = 0;
  for (const rumor of b) {
    while (at < a.length && (a[at] as Rumor).sent <= rumor.sent) all.push(a[at++] as Rumor);
    all.push(rumor);
  }
  return [...all, ...a.slice(at)];
}
