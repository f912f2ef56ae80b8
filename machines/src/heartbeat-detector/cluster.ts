import type { Address, Member, Property } from '@synod/protocol';
import { inRole, type NodeView } from '@synod/protocol';
import type { DetectorContext, DetectorInput } from './context.ts';
import { detectorProperties } from './properties.ts';

/** What the detectors watch. */
export const HEART: Address = 'heart@p';

export const detectors = (nodes: readonly NodeView[]) => inRole<DetectorContext>(nodes, 'detector');

/** Detectors of one process, and the process. */
export function watchers(count: number, input: Partial<DetectorInput> = {}, intervalMs?: number): readonly Member[] {
  const all = Array.from({ length: count }, (_, index): Address => `detector@q${index + 1}`);
  return [
    ...all.map((self) => ({
      address: self,
      role: 'detector',
      input: { watched: HEART, others: all.filter((other) => other !== self), ...input },
    })),
    { address: HEART, role: 'heart', input: { watchers: all, ...(intervalMs !== undefined && { intervalMs }) } },
  ];
}

/** The detectors' own properties, in a cluster where there are other roles. */
export const properties: readonly Property[] = detectorProperties.map(
  (property): Property =>
    property.kind === 'step'
      ? {
          ...property,
          holds: (before: NodeView, after: NodeView) =>
            after.role !== 'detector' ||
            property.holds(before as NodeView<DetectorContext>, after as NodeView<DetectorContext>),
        }
      : { ...property, holds: (nodes: readonly NodeView[]) => property.holds(detectors(nodes)) },
);
