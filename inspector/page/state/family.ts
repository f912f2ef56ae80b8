import type { ActorView } from '../../src/world/world.ts';

/** An actor among its kin: how many stand above it. */
export interface Kin {
  readonly actor: ActorView;
  readonly depth: number;
}

/** The actors that run, each below the one that spawned it, otherwise in the order in which they came. */
export function family(actors: readonly ActorView[]): readonly Kin[] {
  const running = actors.filter(({ phase }) => phase === 'running');
  const known = new Set(running.map(({ address }) => address));
  const children = new Map<string | undefined, ActorView[]>();
  for (const actor of running) {
    const parent = actor.parent !== undefined && known.has(actor.parent) ? actor.parent : undefined;
    const siblings = children.get(parent);
    if (siblings) siblings.push(actor);
    else children.set(parent, [actor]);
  }
  const kin: Kin[] = [];
  const seen = new Set<ActorView>();
  const visit = (actor: ActorView, depth: number): void => {
    if (seen.has(actor)) return;
    seen.add(actor);
    kin.push({ actor, depth });
    for (const child of children.get(actor.address) ?? []) visit(child, depth + 1);
  };
  for (const actor of children.get(undefined) ?? []) visit(actor, 0);
  // What a hostile trace says to be each other's parents is shown all the same.
  for (const actor of running) visit(actor, 0);
  return kin;
}
