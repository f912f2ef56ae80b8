import type { Drawing, Point, Rect } from './drawing.ts';

// What must not be in a drawing. The layout refuses such an answer of ELK's and asks in another way; the tests look too.

const SLACK = 0.5;

const overlap = (a: Rect, b: Rect): boolean =>
  a.x + SLACK < b.x + b.width &&
  b.x + SLACK < a.x + a.width &&
  a.y + SLACK < b.y + b.height &&
  b.y + SLACK < a.y + a.height;

const contains = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

function segments(points: readonly Point[]): Rect[] {
  return points.slice(1).map((end, index) => {
    const start = points[index] ?? end;
    return {
      x: Math.min(start.x, end.x),
      y: Math.min(start.y, end.y),
      width: Math.abs(end.x - start.x),
      height: Math.abs(end.y - start.y),
    };
  });
}

const inset = ({ x, y, width, height }: Rect): Rect => ({ x: x + 2, y: y + 2, width: width - 4, height: height - 4 });

/** Lines without a course, labels over labels or over states, lines through states; empty for a sound drawing. */
export function faultsOf({ boxes, edges }: Pick<Drawing, 'boxes' | 'edges'>): string[] {
  const faults: string[] = [];
  const leaves = boxes.filter((box) => !['compound', 'parallel'].includes(box.kind));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const labelled = edges.flatMap((edge) => (edge.label ? [{ edge, label: edge.label }] : []));
  for (const edge of edges) {
    const name = `${edge.kind} ${edge.from} -> ${edge.to}`;
    if (edge.points.length < 2) faults.push(`${name} has no course`);
    if (!edge.points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) faults.push(`${name} is nowhere`);
    const course = segments(edge.points);
    const ends = [edge.from, edge.to].flatMap((id) => byId.get(id) ?? []);
    for (const box of boxes) {
      // A line to or from within a compound state runs through it; through another's leaf or box it must not.
      if (!leaves.includes(box) && ends.some((end) => contains(box, end))) continue;
      if (course.some((part) => overlap(part, inset(box)))) faults.push(`${name} runs through ${box.id}`);
    }
    for (const other of labelled)
      if (other.edge !== edge && course.some((part) => overlap(part, inset(other.label))))
        faults.push(`${name} runs through the label of ${other.edge.from} -> ${other.edge.to}`);
  }
  for (const [index, { edge, label }] of labelled.entries()) {
    const name = `the label of ${edge.from} -> ${edge.to}`;
    for (const leaf of leaves) if (overlap(label, leaf)) faults.push(`${name} covers ${leaf.id}`);
    for (const box of boxes)
      if (overlap(label, { ...box, height: box.header })) faults.push(`${name} covers the title of ${box.id}`);
    for (const other of labelled.slice(index + 1))
      if (overlap(label, other.label)) faults.push(`${name} covers that of ${other.edge.from} -> ${other.edge.to}`);
  }
  return faults;
}
