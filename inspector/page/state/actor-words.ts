import { stateWords } from '../../src/chart/active.ts';
import type { ActorView } from '../../src/world/world.ts';

/** What an actor is at, in words; of one that is no more, how it ended. */
export const actorWords = (actor: ActorView | undefined, up: boolean, inWords = stateWords): string =>
  !up ? 'down' : actor?.phase === 'running' ? inWords(actor.state) : (actor?.phase ?? 'starting');

/** Whether it can be said where an actor is: one that came to its end stays there, one that crashed is nowhere. */
export const isSomewhere = (actor: ActorView, up: boolean): boolean => up && actor.phase !== 'crashed';
