import { type Address, nextRandom, type RandomState } from '@synod/protocol';

/** Whom an actor may speak to: a list that may have the actor itself in it, so that all nodes can share one. */
export interface Peers {
  readonly all: readonly Address[];
  /** Where the actor itself stands in it, or −1. */
  readonly selfAt: number;
}

export const peersOf = (all: readonly Address[], self: Address): Peers => ({ all, selfAt: all.indexOf(self) });

export const hasPeers = ({ all, selfAt }: Peers): boolean => all.length > (selfAt < 0 ? 0 : 1);

/** What draws take: peers and the generator. */
interface Drawing {
  readonly peers: Peers;
  readonly random: RandomState;
}

/**
 * `count` different peers, all of them when there are no more, and the generator's next state. Where there is no choice nothing is drawn,
 * so that the checker need not tell worlds apart by a generator.
 */
export function drawPeers({ peers, random }: Drawing, count: number): readonly [readonly Address[], RandomState] {
  const { all, selfAt } = peers;
  const size = selfAt < 0 ? all.length : all.length - 1;
  const at = (index: number): Address => all[selfAt >= 0 && index >= selfAt ? index + 1 : index] as Address;
  if (count >= size) return [Array.from({ length: size }, (_, index) => at(index)), random];
  // Floyd's sampling: `count` draws, however many peers there are.
  const drawn = new Set<number>();
  let state = random;
  for (let last = size - count; last < size; last++) {
    const [value, next] = nextRandom(state);
    state = next;
    const index = Math.floor(value * (last + 1));
    drawn.add(drawn.has(index) ? last : index);
  }
  return [[...drawn].map(at), state];
}
