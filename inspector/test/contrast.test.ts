import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../page/style/theme.css', import.meta.url), 'utf8');

/** The colours of a theme, by the name of their custom property. */
function coloursOf(theme: string): ReadonlyMap<string, string> {
  const block = css.split(`[data-theme="${theme}"] {`)[1]?.split('}')[0] ?? '';
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', hex = '']) => [name, hex]));
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Colours in which words are written, and what lies under them. */
const WORDS = ['text', 'quiet', 'accent', 'guard', 'timer', 'taken', 'bad', 'good', 'past', 'future', 'span'];
const HUES = Array.from({ length: 8 }, (_, at) => `hue-${at}`);
const GROUPS = Array.from({ length: 4 }, (_, at) => `group-${at}`);
const GROUNDS = ['ground', 'panel', 'raised'];

describe.for(['dark', 'light'])('the %s theme', (theme) => {
  const colours = coloursOf(theme);
  const ratio = (over: string, under: string): number => {
    const [a, b] = [colours.get(over), colours.get(under)];
    expect([over, a, under, b]).not.toContain(undefined);
    return contrast(a as string, b as string);
  };

  it('writes words that stand out from every ground, at 4.5 to 1 or more', () => {
    const pairs = [
      ...[...WORDS, ...HUES, ...GROUPS].flatMap((word) => GROUNDS.map((ground) => [word, ground] as const)),
      ['text', 'active-fill'] as const,
      ['text', 'taken-fill'] as const,
      ['taken', 'taken-fill'] as const,
      ['quiet', 'taken-fill'] as const,
    ];
    const weak = pairs.flatMap(([over, under]) => {
      const found = ratio(over, under);
      return found < 4.5 ? [`${over} on ${under}: ${found.toFixed(2)}`] : [];
    });
    expect(weak).toEqual([]);
  });

  it('draws lines that stand out from the grounds of pictures, at 3 to 1 or more', () => {
    const lines = ['edge', 'active-line', 'heat-4', 'taken'];
    const weak = lines.flatMap((line) =>
      GROUNDS.filter((ground) => ratio(line, ground) < 3).map((on) => `${line} on ${on}`),
    );
    expect(weak).toEqual([]);
  });
});

it('the measure is that of WCAG: black on white is 21 to 1, a colour on itself 1 to 1', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
  expect(contrast('#5a6779', '#5a6779')).toBe(1);
});
