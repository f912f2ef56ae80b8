import { type Address, inRole, type Member, type NodeView, type Property } from '@synod/protocol';
import type { PhiContext, PhiInput } from './context.ts';
import { phiProperties } from './properties.ts';

/** What the detectors watch. */
export const HEART: Address = 'heart@p';

export const detectors = (nodes: readonly NodeView[]) => inRole<PhiContext>(nodes, 'detector');

/** Detectors of one process, and the process. */
export function watchers(count: number, input: Partial<PhiInput> = {}): readonly Member[] {
  const all = Array.from({ length: count }, (_, index): Address => `phi@q${index + 1}`);
  return [
    ...all.map((address) => ({ address, role: 'detector', input: { watched: HEART, ...input } })),
    { address: HEART, role: 'heart', input: { watchers: all } },
  ];
}

/** The detectors' own properties, in a cluster where there are other roles. */
export const properties: readonly Property[] = phiProperties.map(
  (property): Property =>
    property.kind === 'step'
      ? {
          ...property,
          holds: (before: NodeView, after: NodeView) =>
            after.role !== 'detector' || property.holds(before as NodeView<PhiContext>, after as NodeView<PhiContext>),
        }
      : { ...property, holds: (nodes: readonly NodeView[]) => property.holds(detectors(nodes)) },
);
