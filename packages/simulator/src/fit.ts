import type { Fault, PartitionShape } from './faults.ts';

/** A fault with its lists of nodes cut down; undefined when nothing is left of one. */
export function fit(fault: Fault, keep: (names: readonly string[]) => string[]): Fault | undefined {
  if ('nodes' in fault) {
    const nodes = keep(fault.nodes);
    return nodes.length > 0 ? { ...fault, nodes } : undefined;
  }
  if (fault.kind === 'partition') {
    const between = fitShape(fault.between, keep);
    return between && { ...fault, between };
  }
  const [from, to] = [fault.from && keep(fault.from), fault.to && keep(fault.to)];
  if (from?.length === 0 || to?.length === 0) return undefined;
  return { ...fault, ...(from && { from }), ...(to && { to }) };
}

function fitShape(between: PartitionShape, keep: (names: readonly string[]) => string[]): PartitionShape | undefined {
  switch (between.shape) {
    case 'groups': {
      const groups = between.groups.map(keep).filter((group) => group.length > 0);
      return groups.length > 1 ? { ...between, groups } : undefined;
    }
    case 'bridge': {
      const [left, right] = [keep(between.left), keep(between.right)];
      return left.length > 0 && right.length > 0 ? { ...between, left, right } : undefined;
    }
    case 'oneWay': {
      const [from, to] = [keep(between.from), keep(between.to)];
      return from.length > 0 && to.length > 0 ? { ...between, from, to } : undefined;
    }
    case 'ring': {
      const order = keep(between.order);
      return order.length > 3 ? { ...between, order } : undefined;
    }
    default:
      return between;
  }
}
