import type { Places, Point } from './geometry.ts';

// What a person draws to part nodes: a line between them, or a ring about some.

/** A line that is shorter is none, in pixels. */
const SHORTEST = 12;
/** The way between its ends, as part of its length, up to which it is a ring. */
const OPEN = 0.25;

export type Sides = readonly [one: readonly string[], other: readonly string[]];

const between = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

/** Whether a line comes back to about where it began. */
export function isRing(line: readonly Point[]): boolean {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || line.length < 3) return false;
  const length = line.reduce((sum, point, at) => sum + between(line[at - 1] ?? point, point), 0);
  return length >= SHORTEST && between(first, last) < length * OPEN;
}

/** The nodes on both sides of the straight line through a line's ends, or within a ring and without; undefined when it parts nothing. */
export function sidesOf({ at }: Places, line: readonly Point[]): Sides | undefined {
  const [start, end] = [line[0], line.at(-1)];
  if (!start || !end) return undefined;
  const ring = isRing(line);
  if (!ring && between(start, end) < SHORTEST) return undefined;
  const isOfOne = ring ? (point: Point) => isWithin(line, point) : (point: Point) => isLeft(start, end, point);
  const nodes = [...at];
  const one = nodes.filter(([, place]) => isOfOne(place)).map(([node]) => node);
  const other = nodes.filter(([, place]) => !isOfOne(place)).map(([node]) => node);
  return one.length > 0 && other.length > 0 ? [one, other] : undefined;
}

const isLeft = (start: Point, end: Point, { x, y }: Point): boolean =>
  (end.x - start.x) * (y - start.y) < (end.y - start.y) * (x - start.x);

/** By how often a ray to the right crosses the ring: an odd number of times from within. */
function isWithin(ring: readonly Point[], { x, y }: Point): boolean {
  let within = false;
  for (const [index, a] of ring.entries()) {
    const b = ring.at(index - 1) ?? a;
    if (a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) within = !within;
  }
  return within;
}

/** How it is shown: a ring as it is, a line as a straight one that crosses all of a drawing of so many pixels. */
export function shownLine(line: readonly Point[], reach: number): readonly Point[] {
  const [start, end] = [line[0], line.at(-1)];
  if (!start || !end || isRing(line)) return line;
  const length = between(start, end) || 1;
  const along = (way: number): Point => ({
    x: start.x + ((end.x - start.x) / length) * way,
    y: start.y + ((end.y - start.y) / length) * way,
  });
  return [along(-reach), along(length + reach)];
}
