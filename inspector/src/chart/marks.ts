import { heatOf, placesOf } from '../world/activity.ts';
import type { ActorView } from '../world/world.ts';
import { activeStates } from './active.ts';
import type { Marks } from './picture.ts';

/** What a picture shows of an actor: where it is and what its last step took, unless it crashed; and how often each transition was taken. */
export function marksOf(actor: ActorView, { heat = true }: { readonly heat?: boolean } = {}): Marks {
  const { chart, state, phase, lastTransitions } = actor;
  const isSomewhere = phase !== 'crashed';
  return {
    active: isSomewhere ? activeStates(chart, state) : [],
    taken: isSomewhere ? lastTransitions : [],
    classes: heat ? shadesOf(actor) : new Map(),
  };
}

function shadesOf({ chart, counts }: ActorView): ReadonlyMap<string, string> {
  const most = counts.reduce((max, count) => Math.max(max, count), 0);
  const shades = new Map<string, string>();
  for (const [ref, place] of placesOf(chart)) {
    const shade = heatOf(counts[place] ?? 0, most);
    if (shade > 0) shades.set(ref, `heat-${shade}`);
  }
  return shades;
}
