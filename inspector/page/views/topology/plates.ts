import { type Curve, type Point, pointOn } from './geometry.ts';

/** What a link's numbers stand on. */
export interface Plate {
  readonly curve: Curve;
  readonly width: number;
  readonly height: number;
}

/** Places on a link's way that a plate may take, the best first: nearer to the sender, apart from that of the link back. */
const WAY = [0.3, 0.36, 0.24, 0.42, 0.5, 0.58, 0.18, 0.66, 0.74] as const;

/** The middles of plates: each at the first place on its way where it covers none of those before it, or else the least. */
export function placePlates(plates: readonly Plate[]): readonly Point[] {
  const placed: (Plate & Point)[] = [];
  for (const plate of plates) {
    const tried = WAY.map((t) => {
      const at = { ...plate, ...pointOn(plate.curve, t) };
      return { at, covered: placed.reduce((sum, other) => sum + covered(at, other), 0) };
    });
    const best = tried.reduce((a, b) => (b.covered < a.covered ? b : a));
    placed.push(best.at);
  }
  return placed.map(({ x, y }) => ({ x, y }));
}

/** How much of one plate another covers, in square pixels. */
function covered(a: Plate & Point, b: Plate & Point): number {
  const wide = (a.width + b.width) / 2 - Math.abs(a.x - b.x);
  const high = (a.height + b.height) / 2 - Math.abs(a.y - b.y);
  return wide > 0 && high > 0 ? wide * high : 0;
}
