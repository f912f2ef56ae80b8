import type { Detail } from '../../../src/chart/drawing.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** From least to most: each needs more room than the one before. */
const RICHER: readonly Detail[] = ['outline', 'compact', 'full'];

/** The share of its true size at which the texts of a chart can just be read: what is smaller than a title needs more. */
const READABLE: Readonly<Record<Detail, number>> = { names: 0, outline: 0.56, compact: 0.68, full: 0.72 };

/** By how much a drawing is made smaller to stand in a room; it is never made larger. */
export const scaleIn = (room: Size, { width, height }: Size): number =>
  Math.min(1, room.width / width, room.height / height);

/** The most that can be drawn of a chart in a room so that it can be read; of what cannot in any way, the names of its states. */
export async function detailFor(room: Size, draw: (detail: Detail) => Promise<Size>): Promise<Detail> {
  let best: Detail = 'names';
  for (const detail of RICHER) {
    if (scaleIn(room, await draw(detail)) < READABLE[detail]) return best;
    best = detail;
  }
  return best;
}
