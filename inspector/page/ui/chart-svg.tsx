import { type ComponentChild, h } from 'preact';
import type { Drawing } from '../../src/chart/drawing.ts';
import { type Part, pictureOf } from '../../src/chart/picture.ts';

/** A drawing as SVG. */
export const ChartSvg = ({ drawing, label }: { drawing: Drawing; label: string }) => (
  <SvgPart part={pictureOf(drawing, label)} />
);

export const SvgPart = ({ part: { tag, attributes, children } }: { part: Part }) =>
  h(
    tag,
    attributes,
    ...children.map((child): ComponentChild => (typeof child === 'string' ? child : SvgPart({ part: child }))),
  );
