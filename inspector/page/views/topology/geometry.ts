/** A place on the drawing, in pixels from its upper left. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where nodes stand, and how large they are. */
export interface Places {
  readonly radius: number;
  readonly at: ReadonlyMap<string, Point>;
  readonly centre: Point;
}

/** Room around the circle for names, in pixels: beside it, and above and below. */
const MARGIN = { x: 114, y: 64 };
const MAX_RADIUS = 26;
const MIN_RADIUS = 4;

/** Nodes on a circle, or an ellipse where there is room, clockwise from the top in the order given: a node stays where it is whatever happens. */
export function placeNodes(nodes: readonly string[], width: number, height: number): Places {
  const centre = { x: width / 2, y: height / 2 };
  const high = Math.max(20, height / 2 - MARGIN.y);
  // Not too flat: links between neighbours would lie on each other.
  const wide = Math.max(20, Math.min(width / 2 - MARGIN.x, high * 1.5));
  const tall = Math.min(high, wide * 1.5);
  const between = nodes.length > 1 ? 2 * Math.min(wide, tall) * Math.sin(Math.PI / nodes.length) : wide;
  const radius = Math.max(MIN_RADIUS, Math.min(MAX_RADIUS, between * 0.3));
  const at = new Map(
    nodes.map((node, index) => {
      // Two stand side by side, one in the middle.
      const angle = (index / nodes.length) * 2 * Math.PI - (nodes.length === 2 ? Math.PI : Math.PI / 2);
      const away = nodes.length === 1 ? 0 : 1;
      return [node, { x: centre.x + away * wide * Math.cos(angle), y: centre.y + away * tall * Math.sin(angle) }];
    }),
  );
  return { radius, at, centre };
}

/** A directed link as a curve that leaves room for the one that comes back. */
export interface Curve {
  readonly from: Point;
  readonly bend: Point;
  readonly to: Point;
}

/** The curve between two nodes, bent to its right, from edge to edge. */
export function curveBetween(a: Point, b: Point, radius: number): Curve {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const bow = Math.max(8, Math.min(30, length * 0.09));
  // Both ends lie a little to the right of the line between the centres.
  const aside = Math.min(radius * 0.4, bow * 0.4);
  const gap = radius + 3;
  const shifted = (point: Point, along: number): Point => ({
    x: point.x + ux * along - uy * aside,
    y: point.y + uy * along + ux * aside,
  });
  return {
    from: shifted(a, gap),
    bend: { x: (a.x + b.x) / 2 - uy * bow, y: (a.y + b.y) / 2 + ux * bow },
    to: shifted(b, -gap - 4),
  };
}

/** The point of a curve at `t`, from 0 to 1. */
export function pointOn({ from, bend, to }: Curve, t: number): Point {
  const mix = (a: number, b: number, c: number): number => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
  return { x: mix(from.x, bend.x, to.x), y: mix(from.y, bend.y, to.y) };
}

const round = (value: number): string => value.toFixed(1);

/** A curve as a path of SVG. */
export const pathOf = ({ from, bend, to }: Curve): string =>
  `M${round(from.x)} ${round(from.y)}Q${round(bend.x)} ${round(bend.y)} ${round(to.x)} ${round(to.y)}`;
