import { knownToXml } from '../../src/xml-text.ts';
import { saveBlob } from '../open/save.ts';
import { theme } from '../state/theme.ts';
import { still } from './still.ts';
import { presentRules } from './styles.ts';

/** What can be saved as a picture. */
export interface Picture {
  /** Names the file, without its ending. */
  readonly name: string;
  /** The text of an SVG file that needs nothing beside it. */
  svg(): string | Promise<string>;
}

export type PictureType = 'svg' | 'png';

/** Hands a picture to the person. @throws Error where the browser cannot make it. */
export async function savePicture({ name, svg }: Picture, type: PictureType): Promise<void> {
  const text = await svg();
  const blob = type === 'svg' ? new Blob([text], { type: 'image/svg+xml' }) : await pngOf(text);
  saveBlob(blob, `${name.replace(/[^\w.-]+/g, '-')}.${type}`);
}

/** Pixels of a PNG for one of the drawing, so that it is sharp on every screen. */
const SCALE = 2;
/** Browsers make no canvas with longer sides than this. */
const LONGEST = 16_000;

async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  // A blob's address in its place would taint the canvas: Chromium takes HTML in it for that of another origin.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
  });
}

const SVG = 'http://www.w3.org/2000/svg';

function made(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...inside: (Node | string)[]
): Element {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...inside);
  return element;
}

/** A part of the page as it is to be seen at present: as SVG with HTML in it, which browsers draw and few others. */
export const pictureOf = (part: HTMLElement, name: string): Picture => ({ name, svg: () => svgOfPart(part) });

function svgOfPart(part: HTMLElement): string {
  const { offsetWidth: width, offsetHeight: height } = part;
  const copy = still(part);
  Object.assign(copy.style, { width: `${width}px`, height: `${height}px`, margin: '0', overflow: 'hidden' });
  const size = { width, height };
  const svg = made(
    'svg',
    // The root of the picture, as of the page, is what themes are chosen by.
    { ...size, viewBox: `0 0 ${width} ${height}`, 'data-theme': theme.value },
    made('style', {}, presentRules(), '\n* { animation: none !important; transition: none !important }'),
    made('rect', { ...size, fill: groundOf(part) }),
    made('foreignObject', size, within(part, copy)),
  );
  return `${knownToXml(new XMLSerializer().serializeToString(svg))}\n`;
}

/** What a part is in, empty and without boxes: rules ask for it, and what is inherited comes from it. */
function within(part: Element, copy: Element): Element {
  let inner = copy;
  for (let outer = part.parentElement; outer && outer !== document.documentElement; outer = outer.parentElement) {
    const shell = outer.cloneNode(false) as HTMLElement;
    shell.style.display = 'contents';
    shell.append(inner);
    inner = shell;
  }
  return inner;
}

/** The colour that is seen behind an element. */
function groundOf(element: Element): string {
  for (let each: Element | null = element; each; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (!/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor)) return backgroundColor;
  }
  return 'Canvas';
}
