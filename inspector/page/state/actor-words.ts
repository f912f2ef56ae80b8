import { hueOf, stateWords } from '../../src/chart/active.ts';
import type { ActorView } from '../../src/world/world.ts';

/** What an actor is at, in words; of one that is no more, how it ended. */
export const actorWords = (actor: ActorView | undefined, up: boolean, inWords = stateWords): string =>
  !up ? 'down' : actor?.phase === 'running' ? inWords(actor.state) : (actor?.phase ?? 'starting');

/** The class that colours an actor: by its state, or by how it ended. */
export function actorHue(actor: ActorView | undefined, up: boolean): string {
  if (up && actor?.phase === 'running') return `hue-${hueOf(actor.chart, actor.state)}`;
  return up && actor?.phase === 'stopped' ? 'hue-ended' : 'hue-down';
}

/** Whether it can be said where an actor is: one that came to its end stays there, one that crashed is nowhere. */
export const isSomewhere = (actor: ActorView, up: boolean): boolean => up && actor.phase !== 'crashed';
