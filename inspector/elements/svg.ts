import type { Part } from '../src/chart/picture.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** A picture as elements of a document. */
export function svgElement({ tag, attributes, children }: Part): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns') element.setAttribute(name, String(value));
  }
  element.append(...children.map((child) => (typeof child === 'string' ? child : svgElement(child))));
  return element;
}
