import { type Address, nextRandom, type RandomState } from '@synod/protocol';
import type { ReplicaContext } from './context.ts';
import { MAX_ITEMS } from './limits.ts';
import type { Delta } from './messages.ts';
import type { ReplicaOutcome } from './outcome.ts';
import { drawPeers } from './peers.ts';

// What one message has room for (van Renesse et al. §4, flow control). What has none comes with a later round.

/** The deltas that fit into one message. One that does not fit whole ends early; the rest comes with a later round. */
export function fitting(context: ReplicaContext, deltas: readonly Delta[]): readonly Delta[] {
  const { maxEntries, maxCharacters } = context.settings;
  const fit: Delta[] = [];
  let [entries, characters] = [0, 0];
  for (const delta of deltas) {
    if (fit.length === MAX_ITEMS) break;
    const taken: Delta['entries'] = [];
    for (const entry of delta.entries) {
      if (entries === maxEntries || characters >= maxCharacters) break;
      taken.push(entry);
      entries++;
      characters += entry.key.length + (entry.value?.length ?? 0);
    }
    const isWhole = taken.length === delta.entries.length;
    // What follows the last that was taken is not told of: `to` says so.
    const last = taken.at(-1);
    if (isWhole) fit.push(delta);
    else if (last) fit.push({ ...delta, to: last.version, entries: taken });
  }
  return fit;
}

/** The same list, begun somewhere: when not all fits, no owner is always the last. */
function rotated<T>(list: readonly T[], random: RandomState): readonly [readonly T[], RandomState] {
  if (list.length < 2) return [list, random];
  const [value, next] = nextRandom(random);
  const at = Math.floor(value * list.length);
  return [[...list.slice(at), ...list.slice(0, at)], next];
}

/** Tells what another lacks. */
export function deliver(context: ReplicaContext, to: Address, deltas: readonly Delta[]): ReplicaOutcome {
  let fit = fitting(context, deltas);
  let { random } = context;
  if (fit.length < deltas.length || fit.some((delta, at) => delta !== deltas[at])) {
    const [ordered, next] = rotated(deltas, random);
    random = next;
    fit = fitting(context, ordered);
  }
  return {
    change: { random },
    emit: fit.length === 0 ? [] : [{ type: 'send', to, message: { type: 'Delta', deltas: [...fit] } }],
  };
}

/** Tells something new at once to a few peers (Demers et al. §1.2, direct mail, but not to all). */
export function tell(context: ReplicaContext, delta: Delta, except?: string): ReplicaOutcome {
  const [drawn, random] = drawPeers(context, context.settings.fanout);
  const to = except === undefined ? drawn : drawn.filter((peer) => peer !== except);
  return {
    change: { random },
    emit: to.length === 0 ? [] : [{ type: 'send', to, message: { type: 'Update', delta } }],
  };
}
