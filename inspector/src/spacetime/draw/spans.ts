import { type Frame, GUTTER } from '../frame.ts';
import type { Span } from '../spans.ts';

/** Stretches of time in which something was done to the nodes: a partition across all lanes, anything else beside its own. */
export function drawSpans(frame: Frame): void {
  for (const span of frame.spans) {
    const top = span.index < 0 ? Number.NEGATIVE_INFINITY : frame.yOf(span.index, span.from);
    const bottom = span.to === undefined ? frame.height : frame.y(frame.scale.place(endIndex(frame, span), span.to));
    if (bottom < frame.head || top > frame.height) continue;
    const box = { top: Math.max(frame.head, top), bottom: Math.min(frame.height, Math.max(bottom, top + 2)) };
    if (span.kind === 'partition') drawPartition(frame, span, box, top >= frame.head);
    // Those of nodes that are down are told by their lanes.
    else if (span.kind !== 'crash') drawBeside(frame, span, box);
  }
}

/** In the order of records, its end stands where its last note does. */
const endIndex = ({ marks }: Frame, { endIndex: index }: Span): number => index ?? marks.story.length;

interface Box {
  readonly top: number;
  readonly bottom: number;
}

function drawPartition(frame: Frame, span: Span, { top, bottom }: Box, begins: boolean): void {
  const { pen, width, spacing } = frame;
  pen.fill('span', 0.1, (to) => to.rect(GUTTER, top, width - GUTTER, bottom - top));
  // Hatched at its edge, so that it is one also without colours.
  pen.stroke({ ink: 'span', width: 1.5, dash: [7, 4], alpha: 0.75 }, (to) => {
    for (const y of [top, bottom]) {
      to.move(GUTTER, y);
      to.line(width, y);
    }
  });
  pen.fill('span', 0.8, (to) => to.rect(width - 5, top, 5, bottom - top));
  if (bottom - top < 14) return;
  // Below the first line, in which other faults of a lane may be told.
  const below = top + (bottom - top > 40 ? 22 : 9);
  for (const [at, lane] of frame.lanes.entries()) {
    const group = groupOf(span, lane.node);
    const x = frame.xOf(lane.key);
    const before = frame.lanes[at - 1];
    const isEdge = before === undefined || groupOf(span, before.node) !== group;
    if (group === undefined || x === undefined || (spacing < 16 && !isEdge)) continue;
    pen.text(group, x - 9, below, { ink: 'span', size: 10, bold: true, align: 'center', halo: 'panel' });
  }
  const label = begins ? 'partition' : 'partition ↑';
  pen.text(label, width - 10, below, {
    ink: 'span',
    size: 10.5,
    bold: true,
    align: 'right',
    halo: 'panel',
  });
}

/** The letter of a node's group; of the nodes that are parted, those in no group that is named are together in one more. */
function groupOf({ groups, nodes }: Span, node: string): string | undefined {
  if (!groups) return undefined;
  const at = groups.findIndex((group) => group.includes(node));
  if (at < 0 && !nodes.has(node)) return undefined;
  return String.fromCharCode(65 + ((at < 0 ? groups.length : at) % 26));
}

function drawBeside(frame: Frame, span: Span, { top, bottom }: Box): void {
  const { pen, spacing, lanes, xOf } = frame;
  const half = Math.min(9, spacing * 0.4);
  for (const lane of lanes) {
    const x = xOf(lane.key);
    if (x === undefined || !span.nodes.has(lane.node)) continue;
    pen.fill('span', 0.16, (to) => to.rect(x - half, top, 2 * half, bottom - top));
    pen.stroke({ ink: 'span', alpha: 0.7, dash: [3, 3] }, (to) => to.rect(x - half, top, 2 * half, bottom - top));
    if (spacing >= 44 && bottom - top >= 14)
      pen.text(span.kind, x - half - 3, top + 8, { ink: 'span', size: 10, align: 'right', halo: 'panel' });
  }
}
