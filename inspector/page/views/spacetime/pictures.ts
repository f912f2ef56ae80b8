import { canvasPen, type Ink, type Palette } from './pen.ts';
import type { Drawn, SpaceTime } from './spacetime.ts';
import { svgPen } from './svg-pen.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

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

/** The picture as it is to be seen at present, as SVG that needs nothing else. */
export function spacetimeSvg(spaceTime: SpaceTime, palette: Palette, size: Size): string {
  const pen = svgPen(palette);
  const drawn = spaceTime.draw(pen, size);
  const note = samplingWords(drawn);
  if (note)
    pen.text(note, size.width - 10, size.height - 10, { ink: 'quiet', size: 10.5, align: 'right', halo: 'panel' });
  return pen.svg(size.width, size.height);
}

/** The same as PNG. @throws Error when the browser cannot make one of it. */
export function spacetimePng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
  });
}

/** What is not drawn one by one, in words; undefined when all is. */
export function samplingWords({ sampled, isDense, events }: Drawn): string | undefined {
  const parts: string[] = [];
  if (isDense) parts.push(`${events.toLocaleString('en')} events as bars`);
  if (sampled > 1) parts.push(`1 of ${sampled.toLocaleString('en')} arrows drawn`);
  return parts.length === 0 ? undefined : parts.join(' · ');
}
