import type { Drawing } from './drawing.ts';
import { type Marks, type Part, pictureOf } from './picture.ts';

/** How a picture for a file looks. */
export interface Look extends Marks {
  readonly theme: 'light' | 'dark';
  /** The style sheets of themes and charts, as `chartStyles()` reads them. */
  readonly css: string;
  /** Names the picture for those who do not see it. Default: `Statechart`. */
  readonly label?: string;
}

/** A drawing as an SVG file that needs nothing beside it: the style sheet is in it, its variables written out. */
export function svgOf(drawing: Drawing, { theme, css, label = 'Statechart', ...marks }: Look): string {
  const picture = pictureOf(drawing, label, marks);
  const { width, height, viewBox } = picture.attributes;
  const [x, y] = String(viewBox).split(' ');
  const style: Part = { tag: 'style', attributes: {}, children: [writtenOut(css, theme)] };
  const ground: Part = {
    tag: 'rect',
    attributes: { class: 'ground', x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 },
    children: [],
  };
  const root: Part = {
    ...picture,
    attributes: { ...picture.attributes, class: 'chart' },
    children: [style, ground, ...picture.children],
  };
  return `${textOf(root)}\n`;
}

/** The rules of charts alone, with the theme's values in the place of variables: few viewers of SVG know those. */
function writtenOut(css: string, theme: Look['theme']): string {
  const values = new Map<string, string>();
  for (const [, selector = '', body = ''] of css.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
    if (!selector.includes(':root') || (selector.includes('data-theme') && !selector.includes(`"${theme}"`))) continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+)\s*:\s*([^;]+);/g)) values.set(name, value.trim());
  }
  const rules = css.slice(Math.max(0, css.indexOf(CHART_RULES))).replace(/\/\*[\s\S]*?\*\//g, '');
  return rules.replace(/var\((--[\w-]+)\)/g, (written, name: string) => values.get(name) ?? written).trim();
}

/** With these words the rules begin that a picture takes with it. */
const CHART_RULES = '/* Charts:';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML knows no control characters but tab and line ends, and no half of a character, not even escaped. */
function isUnknown(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 32) return !'\t\n\r'.includes(char);
  return (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
}

const text = (value: string): string =>
  Array.from(value, (char) => (isUnknown(char) ? '\ufffd' : (ESCAPES[char] ?? char))).join('');

function textOf({ tag, attributes, children }: Part): string {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${text(String(value)).replace(/\n/g, '&#10;')}"`,
  );
  const inner = children.map((child) => (typeof child === 'string' ? text(child) : textOf(child)));
  return `<${tag}${written.join('')}${inner.length > 0 ? `>${inner.join('')}</${tag}>` : '/>'}`;
}
