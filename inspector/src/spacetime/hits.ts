/** What was drawn where, so that a pointer finds it. */
export interface Hit {
  readonly index: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Pixels that a pointer may be off. */
const REACH = 7;

export class Hits {
  readonly #all: Hit[] = [];

  get all(): readonly Hit[] {
    return this.#all;
  }

  line(index: number, x1: number, y1: number, x2: number, y2: number): void {
    this.#all.push({ index, x1, y1, x2, y2 });
  }

  point(index: number, x: number, y: number): void {
    this.line(index, x, y, x, y);
  }

  /** The index of the record whose mark or arrow is nearest; marks before arrows. */
  at(x: number, y: number): number | undefined {
    let [best, found]: [number, number | undefined] = [REACH, undefined];
    for (const hit of this.#all) {
      const isPoint = hit.x1 === hit.x2 && hit.y1 === hit.y2;
      const distance = distanceTo(hit, x, y) - (isPoint ? 2 : 0);
      if (distance < best) [best, found] = [distance, hit.index];
    }
    return found;
  }
}

/** From a point to a line between two points. */
function distanceTo({ x1, y1, x2, y2 }: Hit, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}
