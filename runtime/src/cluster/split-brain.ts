import { assert } from '@synod/protocol';

// Which side of a split cluster goes on: the strategies of Akka's Split Brain Resolver, as a pure function. Both sides decide by
// themselves, on what both knew before the split, and must come to opposite results.

interface StrategyOptions {
  /** Counts only members whose metadata say `role` so. */
  readonly role?: string;
}

/** A strategy for split brain, by its name. */
export type SplitBrainStrategy =
  /** The side with more members goes on; of two halves, the one with the lowest name. */
  | ({ readonly strategy: 'keep-majority' } & StrategyOptions)
  /**
   * A side of at least `quorumSize` members goes on. There may be at most `2·quorumSize − 1` of them, else two sides could be large enough:
   * of more, all stop.
   */
  | ({ readonly strategy: 'static-quorum'; readonly quorumSize: number } & StrategyOptions)
  /** The side of the oldest member goes on, unless it is alone there and there were more than two (`downIfAlone`, default true). */
  | ({ readonly strategy: 'keep-oldest'; readonly downIfAlone?: boolean } & StrategyOptions)
  /** All stop, as where no network can be trusted. */
  | { readonly strategy: 'down-all' };

/** A member at the moment of a decision. */
export interface Side {
  readonly node: string;
  readonly isReachable: boolean;
  /** Came while the split was already noticed, so that the other side may not know of it; it does not count. */
  readonly isJoining: boolean;
  readonly role: string | undefined;
  /** Grows from join to join; undefined while it is not known, and then it counts as the youngest. */
  readonly age: number | undefined;
}

/** `stay`: this side goes on, and the unreachable are dead for good. `down`: this side stops. */
export type Decision = 'stay' | 'down';

/** What this side does, once `members`, the node itself among them and none that has left, have been in two sides for long enough. */
export function decide(options: SplitBrainStrategy, members: readonly Side[]): Decision {
  if (options.strategy === 'down-all') return 'down';
  const counted = members.filter(
    ({ isJoining, role }) => !isJoining && (options.role === undefined || role === options.role),
  );
  // With nobody to count there is nothing that both sides could agree on.
  if (counted.length === 0) return 'down';
  const here = counted.filter(({ isReachable }) => isReachable).length;
  const there = counted.length - here;
  switch (options.strategy) {
    case 'keep-majority':
      return stayIf(here === there ? first(counted, byName).isReachable : here > there);
    case 'static-quorum':
      return stayIf(counted.length <= 2 * options.quorumSize - 1 && here >= options.quorumSize);
    case 'keep-oldest': {
      const isHere = first(counted, byAge).isReachable;
      const isAlone = (isHere ? here : there) === 1 && counted.length > 2;
      return stayIf(isAlone && (options.downIfAlone ?? true) ? !isHere : isHere);
    }
  }
}

const stayIf = (stays: boolean): Decision => (stays ? 'stay' : 'down');

const byName = (a: Side, b: Side): number => (a.node < b.node ? -1 : 1);

const byAge = (a: Side, b: Side): number => {
  const [x, y] = [a.age ?? Number.POSITIVE_INFINITY, b.age ?? Number.POSITIVE_INFINITY];
  return x === y ? byName(a, b) : x - y;
};

function first(members: readonly Side[], order: (a: Side, b: Side) => number): Side {
  const [lowest] = [...members].sort(order);
  assert(lowest, 'somebody counts');
  return lowest;
}

export interface SplitBrainLimits {
  /**
   * For how many milliseconds who can be reached must not have changed before it is decided. Longer than it takes from the first member to be
   * found unreachable to the last one, else a side decides on half of the news. Default 20,000.
   */
  readonly stableAfterMs?: number;
}

export type SplitBrainOptions = SplitBrainStrategy &
  SplitBrainLimits & {
    /** Called on the side that stops, in the place of closing the system. Close it soon: the others hold this node dead. */
    readonly onDown?: (error: Error) => void;
  };
