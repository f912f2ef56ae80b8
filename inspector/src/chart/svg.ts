import { type Theme, themeValues } from '../theme.ts';
import { xmlText, xmlValue } from '../xml-text.ts';
import type { Drawing } from './drawing.ts';
import { type Marks, type Part, pictureOf } from './picture.ts';

/** How a picture for a file looks. */
export interface Look extends Marks {
  readonly theme: Theme;
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
function writtenOut(css: string, theme: Theme): string {
  const values = themeValues(css, theme);
  const rules = css.slice(Math.max(0, css.indexOf(CHART_RULES))).replace(/\/\*[\s\S]*?\*\//g, '');
  return rules.replace(/var\((--[\w-]+)\)/g, (written, name: string) => values.get(name) ?? written).trim();
}

/** With these words the rules begin that a picture takes with it. */
const CHART_RULES = '/* Charts:';

function textOf({ tag, attributes, children }: Part): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${xmlValue(String(value))}"`);
  const inner = children.map((child) => (typeof child === 'string' ? xmlText(child) : textOf(child)));
  return `<${tag}${written.join('')}${inner.length > 0 ? `>${inner.join('')}</${tag}>` : '/>'}`;
}
