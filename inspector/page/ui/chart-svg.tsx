import { type ComponentChild, h } from 'preact';
import type { Drawing } from '../../src/chart/drawing.ts';
import { type Part, pictureOf } from '../../src/chart/picture.ts';

/** A drawing as SVG. */
export const ChartSvg = ({ drawing, label }: { drawing: Drawing; label: string }) => node(pictureOf(drawing, label));

const node = ({ tag, attributes, children }: Part) =>
  h(tag, attributes, ...children.map((child): ComponentChild => (typeof child === 'string' ? child : node(child))));
