import type { PartitionShape } from './faults.ts';

/** Pairs of nodes, by index: what the first sends does not reach the second. */
export type Cuts = readonly (readonly [from: number, to: number])[];

const bothWays = (a: number, b: number): Cuts => [
  [a, b],
  [b, a],
];

const between = (left: readonly number[], right: readonly number[]): Cuts =>
  left.flatMap((a) => right.filter((b) => b !== a).flatMap((b) => bothWays(a, b)));

/**
 * What a partition cuts. `index` gives a node's place; `movable` are the nodes that partitions touch, all others see everyone.
 */
export function cutsOf(shape: PartitionShape, index: (node: string) => number, movable: readonly number[]): Cuts {
  const indices = (nodes: readonly string[]) => [...new Set(nodes.map(index))].filter((node) => movable.includes(node));
  switch (shape.shape) {
    case 'isolate':
      return between(indices([shape.node]), movable);
    case 'groups': {
      const groups = shape.groups.map(indices);
      return groups.flatMap((group, at) => groups.slice(at + 1).flatMap((other) => between(group, other)));
    }
    case 'bridge': {
      const bridge = index(shape.bridge);
      const side = (nodes: readonly string[]) => indices(nodes).filter((node) => node !== bridge);
      return between(side(shape.left), side(shape.right));
    }
    case 'ring':
      return ring(indices(shape.order));
    case 'oneWay': {
      const to = indices(shape.to);
      return indices(shape.from).flatMap((from) =>
        to.filter((other) => other !== from).map((each) => [from, each] as const),
      );
    }
    case 'majorityWithoutLeader': {
      const leader = index(shape.leader);
      const others = movable.filter((node) => node !== leader);
      // With those it keeps the leader is one short of a majority.
      const kept = Math.max(0, Math.floor(movable.length / 2) - 1);
      return between(indices([shape.leader]), others.slice(kept));
    }
  }
}

/** All pairs that are no neighbours in a circle. */
function ring(order: readonly number[]): Cuts {
  const last = order.length - 1;
  return order.flatMap((a, at) =>
    order.slice(at + 1).flatMap((b, offset) => {
      const distance = offset + 1;
      return distance === 1 || (at === 0 && distance === last) ? [] : bothWays(a, b);
    }),
  );
}
