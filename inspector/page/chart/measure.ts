import { FONTS, type Measure } from '../../src/chart/text.ts';

/** Text widths as an element's own font has them, a little rounded up. */
export function measureByCanvas(element: Element): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const family = getComputedStyle(element).fontFamily;
  return (text, font) => {
    if (!context) return text.length * FONTS[font].size;
    context.font = `${FONTS[font].weight} ${FONTS[font].size}px ${family}`;
    return Math.ceil(context.measureText(text).width) + 1;
  };
}
