import type { Box, Dot, Edge, Point } from './drawing.ts';

/** A state with all that is in it, at the origin; its own box comes first. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  readonly dots: readonly Dot[];
}

const shift = <T extends Point>(item: T, dx: number, dy: number): T => ({ ...item, x: item.x + dx, y: item.y + dy });

/** A block moved. */
export function move(block: Placed, dx: number, dy: number): Placed {
  return {
    ...block,
    boxes: block.boxes.map((box) => shift(box, dx, dy)),
    dots: block.dots.map((dot) => shift(dot, dx, dy)),
    edges: block.edges.map((edge) => ({
      ...edge,
      points: edge.points.map((point) => shift(point, dx, dy)),
      ...(edge.label ? { label: shift(edge.label, dx, dy) } : {}),
    })),
  };
}

/** A block around others: `own` grown to `width` by `height`. */
export function enclose(own: Box, width: number, height: number, inner: readonly Placed[]): Placed {
  return {
    width,
    height,
    boxes: [{ ...own, width, height }, ...inner.flatMap((block) => block.boxes)],
    edges: inner.flatMap((block) => block.edges),
    dots: inner.flatMap((block) => block.dots),
  };
}

/** A block with its own box grown; what is inside stays in the middle, and what begins at its left edge still does. */
export function grow(block: Placed, width: number, height: number): Placed {
  const [own, ...inner] = block.boxes;
  if (!own) return { ...block, width, height };
  const inside = move({ ...block, boxes: inner }, (width - block.width) / 2, 0);
  const edges = inside.edges.map((edge, index) => {
    const start = block.edges[index]?.points[0];
    return start?.x === 0 ? { ...edge, points: [start, ...edge.points.slice(1)] } : edge;
  });
  return { ...inside, width, height, boxes: [{ ...own, width, height }, ...inside.boxes], edges };
}
