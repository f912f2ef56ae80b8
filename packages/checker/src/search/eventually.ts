import { tell } from '../counterexample.ts';
import type { Normaliser } from '../reduce/normaliser.ts';
import type { PropertyResult } from '../result.ts';
import { eventOfFair } from '../world/expansion.ts';
import type { World } from '../world/world.ts';
import { findLasso, type Lasso, type LassoOptions } from './liveness.ts';
import { NotRepeatable, type Path, retrace } from './path.ts';
import { isFair, ROUNDS } from './repeat.ts';
import type { Search } from './search.ts';

/** The verdict on a property of kind `eventually`. */
export function judgeEventually(
  search: Search,
  name: string,
  complete: boolean,
  normaliser: Normaliser,
): PropertyResult {
  const kind = 'eventually';
  const bit = search.judgement.properties.findIndex((property) => property.name === name);
  const classOf = normaliser.isOrdered ? classes(search.world) : undefined;
  let isUnsure = normaliser.isApproximate;
  for (const thorough of normaliser.isOrdered ? [false, true] : [false]) {
    const options: LassoOptions = { classOf, thorough };
    const lasso = findLasso(search, bit, options);
    if (lasso === 'none') return { name, kind, verdict: complete && !isUnsure ? 'holds' : 'unknown' };
    if (lasso === 'undecided') return { name, kind, verdict: 'unknown' };
    const path = realise(search, lasso, normaliser);
    if (!path) {
      isUnsure = true;
      continue;
    }
    const message =
      lasso.cycle.length > 0 ? 'a circle of states avoids it for ever' : 'it never comes, and nothing more must happen';
    return { name, kind, verdict: 'violated', message, trace: tell(search.world, path, lasso.stem.length - 1) };
  }
  return {
    name,
    kind,
    verdict: 'unknown',
    message: 'a circle was found that "ordered" allows, but no fair run of the machines that follows it',
  };
}

/** A run of the machines along a lasso. Where worlds only count as the same, it is run several times round, and must stay fair. */
function realise(search: Search, { stem, cycle }: Lasso, normaliser: Normaliser): Path | undefined {
  const normalise = normaliser.isNeeded ? normaliser.normalise.bind(normaliser) : undefined;
  if (!normaliser.isOrdered || cycle.length === 0) return retrace(search, [...stem, ...cycle], normalise);
  try {
    const rounds = Array.from({ length: ROUNDS }, () => cycle).flat();
    const path = retrace(search, [...stem, ...rounds], normalise);
    if (!isFair(search.world, path, stem.length - 1, cycle.length)) return undefined;
    const end = stem.length - 1 + cycle.length;
    return { rows: path.rows.slice(0, end + 1), actions: path.actions.slice(0, end) };
  } catch (error) {
    if (error instanceof NotRepeatable) return undefined;
    throw error;
  }
}

/** Messages of one type between the same two actors as one fair action: their numbers differ from round to round. */
function classes(world: World): (fair: number) => number {
  const numbers = new Map<string, number>();
  return (fair) => {
    const taken = eventOfFair(fair, world.actors.length);
    const actor = taken && world.actors[taken.actor];
    const { from, message } = (actor && taken && actor.event(taken.event)) ?? {};
    const key = message ? `${taken?.actor} ${from} ${message.type}` : `${fair}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
}
