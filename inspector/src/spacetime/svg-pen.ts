import { xmlText, xmlValue } from '../xml-text.ts';
import { type Course, FONT, type Palette, type Pen } from './pen.ts';

const ANCHORS = { left: 'start', center: 'middle', right: 'end' } as const;

/** Draws as SVG. */
export function svgPen(palette: Palette): Pen & { svg(width: number, height: number): string } {
  const parts: string[] = [];
  let clips = 0;
  const fill: Pen['fill'] = (ink, alpha, draw) => {
    const path = pathOf(draw);
    if (path !== '') parts.push(`<path d="${path}" fill="${xmlValue(palette(ink))}"${opacity(alpha)}/>`);
  };
  return {
    fill,
    bars: (ink, alpha, draw) => fill(ink, alpha, (to) => draw(to.rect)),
    stroke({ ink, width = 1, dash = [], alpha = 1 }, draw) {
      const path = pathOf(draw);
      if (path === '') return;
      const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
      parts.push(
        `<path d="${path}" fill="none" stroke="${xmlValue(palette(ink))}" stroke-width="${width}"${dashed}${opacity(alpha)}/>`,
      );
    },
    text(text, x, y, { ink, size, bold, align = 'left', turn = 0, halo, alpha = 1 }) {
      const place = turn === 0 ? `x="${n(x)}" y="${n(y)}"` : `transform="translate(${n(x)} ${n(y)}) rotate(${turn})"`;
      const around = halo ? ` stroke="${xmlValue(palette(halo))}" stroke-width="3" paint-order="stroke"` : '';
      parts.push(
        `<text ${place} font-size="${size}" text-anchor="${ANCHORS[align]}" dominant-baseline="central" ` +
          `fill="${xmlValue(palette(ink))}"${bold ? ' font-weight="600"' : ''}${around}${opacity(alpha)}>${xmlText(text)}</text>`,
      );
    },
    within(x, y, width, height, draw) {
      const id = `part-${++clips}`;
      parts.push(`<clipPath id="${id}"><path d="${pathOf((to) => to.rect(x, y, width, height))}"/></clipPath>`);
      parts.push(`<g clip-path="url(#${id})">`);
      draw();
      parts.push('</g>');
    },
    svg: (width, height) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="${xmlValue(FONT)}">\n${parts.join('\n')}\n</svg>\n`,
  };
}

/** To a hundredth of a pixel. */
const n = (value: number): string => String(Math.round(value * 100) / 100);

const opacity = (alpha: number): string => (alpha === 1 ? '' : ` opacity="${n(alpha)}"`);

function pathOf(draw: (to: Course) => void): string {
  let path = '';
  draw({
    move: (x, y) => {
      path += `M${n(x)} ${n(y)}`;
    },
    line: (x, y) => {
      path += `L${n(x)} ${n(y)}`;
    },
    rect: (x, y, width, height) => {
      path += `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`;
    },
    circle: (x, y, radius) => {
      const [r, across] = [n(radius), n(2 * radius)];
      path += `M${n(x - radius)} ${n(y)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0 -${across} 0`;
    },
    close: () => {
      path += 'z';
    },
  });
  return path;
}
