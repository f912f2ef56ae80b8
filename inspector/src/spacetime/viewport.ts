import type { Scale } from './scale.ts';

/** What part of a scale is to be seen: from which place on, and how many units a pixel stands for. */
export interface Viewport {
  readonly from: number;
  readonly perPx: number;
}

/** A microsecond is this many pixels at most. */
const MOST_PX = 40;
/** Empty pixels above what is first and below what is last. */
export const MARGIN = 16;

/** Units in a pixel at least: a 40th of a microsecond, or of a record. */
const least = (isTime: boolean): number => (isTime ? 0.001 / MOST_PX : 1 / MOST_PX);

export const placeAt = ({ from, perPx }: Viewport, px: number): number => from + px * perPx;
export const pxAt = ({ from, perPx }: Viewport, place: number): number => (place - from) / perPx;

/** All that there is. */
export function fitted({ start, end }: Scale, height: number, isTime: boolean): Viewport {
  const perPx = Math.max(least(isTime), (end - start) / Math.max(1, height - 2 * MARGIN));
  return { from: start - MARGIN * perPx, perPx };
}

/** Nearer (a factor above 1) or further away; what is at `px` stays there. */
export function zoomed(
  view: Viewport,
  factor: number,
  px: number,
  scale: Scale,
  height: number,
  isTime: boolean,
): Viewport {
  const most = Math.max(fitted(scale, height, isTime).perPx * 1.5, least(isTime));
  const perPx = Math.max(least(isTime), Math.min(most, view.perPx / factor));
  return kept({ from: placeAt(view, px) - px * perPx, perPx }, scale, height);
}

export const panned = (view: Viewport, px: number, scale: Scale, height: number): Viewport =>
  kept({ from: view.from + px * view.perPx, perPx: view.perPx }, scale, height);

/** With the end of everything near the lower edge. */
export const atEnd = ({ perPx }: Viewport, { end }: Scale, height: number): Viewport => ({
  from: end - (height - MARGIN) * perPx,
  perPx,
});

/** Moved as little as it takes to see a place, with some room around it. */
export function showing(view: Viewport, place: number, height: number): Viewport {
  const px = pxAt(view, place);
  const room = Math.min(60, height / 4);
  if (px >= room && px <= height - room) return view;
  // What is far away comes to the middle.
  if (px < -height || px > 2 * height) return { ...view, from: place - (height / 2) * view.perPx };
  return { ...view, from: place - (px < room ? room : height - room) * view.perPx };
}

/** Never further than to where the first or last that there is stands in the middle. */
function kept(view: Viewport, { start, end }: Scale, height: number): Viewport {
  const half = (height / 2) * view.perPx;
  return { ...view, from: Math.max(start - half, Math.min(end - half, view.from)) };
}
