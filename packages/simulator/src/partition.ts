import type { PartitionShape } from './faults.ts';

/** Whether what the first node sends does not reach the second, by index. The pairs themselves would be too many to list. */
export type Cut = (from: number, to: number) => boolean;

type Nodes = ReadonlySet<number>;

/** Neither side reaches the other. */
const between =
  (left: Nodes, right: Nodes): Cut =>
  (from, to) =>
    (left.has(from) && right.has(to)) || (right.has(from) && left.has(to));

/**
 * What a partition cuts. `index` gives a node's place; `movable` are the nodes that partitions touch, all others see everyone.
 */
export function cutOf(shape: PartitionShape, index: (node: string) => number, movable: readonly number[]): Cut {
  const cut = shapeOf(shape, index, movable);
  return (from, to) => from !== to && cut(from, to);
}

function shapeOf(shape: PartitionShape, index: (node: string) => number, movable: readonly number[]): Cut {
  const all: Nodes = new Set(movable);
  const indices = (nodes: readonly string[]): Nodes => new Set(nodes.map(index).filter((node) => all.has(node)));
  switch (shape.shape) {
    case 'isolate':
      return between(indices([shape.node]), all);
    case 'groups': {
      const groups = shape.groups.map(indices);
      const cuts = groups.flatMap((group, at) => groups.slice(at + 1).map((other) => between(group, other)));
      return (from, to) => cuts.some((cut) => cut(from, to));
    }
    case 'bridge': {
      const bridge = index(shape.bridge);
      const side = (nodes: readonly string[]): Nodes => new Set([...indices(nodes)].filter((node) => node !== bridge));
      return between(side(shape.left), side(shape.right));
    }
    case 'ring':
      return ring([...indices(shape.order)]);
    case 'oneWay': {
      const [from, to] = [indices(shape.from), indices(shape.to)];
      return (source, target) => from.has(source) && to.has(target);
    }
    case 'majorityWithoutLeader': {
      const leader = index(shape.leader);
      const others = movable.filter((node) => node !== leader);
      // With those it keeps the leader is one short of a majority.
      const kept = Math.max(0, Math.floor(movable.length / 2) - 1);
      return between(indices([shape.leader]), new Set(others.slice(kept)));
    }
  }
}

/** All pairs that are no neighbours in a circle. */
function ring(order: readonly number[]): Cut {
  const places = new Map(order.map((node, place) => [node, place]));
  const last = order.length - 1;
  return (from, to) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return false;
    const distance = Math.abs(a - b);
    return distance !== 1 && distance !== last;
  };
}
