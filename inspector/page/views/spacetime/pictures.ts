import type { Ink, Palette } from '../../../src/spacetime/pen.ts';
import type { Size } from '../../../src/spacetime/picture.ts';
import type { Drawn, SpaceTime } from '../../../src/spacetime/spacetime.ts';
import { canvasPen } from './canvas-pen.ts';

/** The colours that an element's style has at present. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const known = new Map<Ink, string>();
  return (ink) => {
    const before = known.get(ink);
    if (before !== undefined) return before;
    const colour = style.getPropertyValue(`--${ink}`).trim() || '#888';
    known.set(ink, colour);
    return colour;
  };
}

/** Draws on a canvas, as sharp as its screen. */
export function drawOn(canvas: HTMLCanvasElement, spaceTime: SpaceTime, size: Size): Drawn | undefined {
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return spaceTime.draw(canvasPen(context, paletteOf(canvas)), size);
}
