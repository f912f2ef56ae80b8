// How wide a text is: measured by a canvas in the page, estimated elsewhere. The layout asks and does not care.

/** The fonts of a chart. */
export type Font = 'title' | 'event' | 'plain';

/** The width of `text` in pixels. */
export type Measure = (text: string, font: Font) => number;

/** Size and weight of each font; the style sheet says the same. */
export const FONTS: Readonly<Record<Font, { readonly size: number; readonly weight: number }>> = {
  title: { size: 13, weight: 600 },
  event: { size: 11.5, weight: 600 },
  plain: { size: 11.5, weight: 400 },
};

// Advances in hundredths of an em, rather too wide than too narrow.
const NARROW = new Set("iIlj.,:;'|![]()/ ");
const WIDE = new Set('mwMW@%→');

function advance(char: string): number {
  if (NARROW.has(char)) return 37;
  if (WIDE.has(char)) return 98;
  if (char >= 'A' && char <= 'Z') return 74;
  return char < '\u0080' ? 63 : 105;
}

/** A width that needs no font: a little more than what system fonts take. */
export const estimate: Measure = (text, font) => {
  let hundredths = 0;
  for (const char of text) hundredths += advance(char);
  return (hundredths / 100) * FONTS[font].size * (FONTS[font].weight > 500 ? 1.06 : 1);
};

/** `text` cut to `length` characters: a name is never so long that it spoils the picture. */
export const clip = (text: string, length = 48): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
