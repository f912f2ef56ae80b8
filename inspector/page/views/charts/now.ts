import type { ActorView } from '../../../src/world/world.ts';
import { following, recording, world } from '../../state/store.ts';

/** When the page first saw an actor as it is. */
const seen = new WeakMap<ActorView, number>();

/**
 * The time on the clock of an actor's node. Live, time has gone on since the actor was last told of. In a recording, and wherever the page holds on, it is the time of the
 * cursor: that of the latest record shown, since all nodes of a simulation have one time, give or take their skew.
 */
export function nowOf(actor: ActorView): number {
  if (recording.value || !following.value) return latest(world.value);
  const since = seen.get(actor) ?? performance.now();
  seen.set(actor, since);
  return actor.at + performance.now() - since;
}

const times = new WeakMap<object, number>();

function latest(shown: typeof world.value): number {
  const known = times.get(shown);
  if (known !== undefined) return known;
  const all = Object.values(shown).flatMap(({ actors }) => Object.values(actors).map(({ at }) => at));
  const time = all.reduce((most, at) => Math.max(most, at), 0);
  times.set(shown, time);
  return time;
}
