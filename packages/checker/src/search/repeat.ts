import { Expansion, UNFAIR } from '../world/expansion.ts';
import type { Row, World } from '../world/world.ts';
import { type Path, successor } from './path.ts';

/** Rounds of a circle that are run. The first may still differ from all later ones in what was left over from the way in. */
export const ROUNDS = 3;

/**
 * Whether a run that passes the same circle of normal forms again and again is a weakly fair run of the real worlds: whether in each
 * round after the first every action that was possible at its beginning is taken, or is not possible at some time. Needed where the
 * worlds of two rounds are not the same but only told in the same words.
 */
export function isFair(world: World, { rows, actions }: Path, stem: number, cycle: number): boolean {
  const expansion = new Expansion(world);
  const possible = rows.slice(stem).map((row) => fairActions(expansion, row));
  for (let round = 1; round < ROUNDS; round++) {
    const [first, last] = [round * cycle, (round + 1) * cycle];
    const taken = new Set(actions.slice(stem + first, stem + last).map(({ fair }) => fair));
    for (const action of possible[first] ?? []) {
      const isAlways = possible.slice(first, last + 1).every((here) => here.has(action));
      if (isAlways && !taken.has(action)) return false;
    }
  }
  return true;
}

function fairActions(expansion: Expansion, row: Row): ReadonlySet<number> {
  const found = new Set<number>();
  expansion.each(row, () => {
    if (expansion.fair === UNFAIR) return;
    const next = successor(row, expansion);
    if (next.some((value, slot) => value !== row[slot])) found.add(expansion.fair);
  });
  return found;
}
