import type { Palette } from './pen.ts';
import type { Drawn, SpaceTime } from './spacetime.ts';
import { svgPen } from './svg-pen.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
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

/** What is not drawn one by one, in words; undefined when all is. */
export function samplingWords({ sampled, isDense, events }: Drawn): string | undefined {
  const parts: string[] = [];
  if (isDense) parts.push(`${events.toLocaleString('en')} events as bars`);
  if (sampled > 1) parts.push(`1 of ${sampled.toLocaleString('en')} arrows drawn`);
  return parts.length === 0 ? undefined : parts.join(' · ');
}
