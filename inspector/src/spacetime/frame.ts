import type { Causality } from './causality.ts';
import { Hits } from './hits.ts';
import type { Lane, Marks } from './marks.ts';
import type { Ink, Pen } from './pen.ts';
import type { Scale } from './scale.ts';
import type { Span } from './spans.ts';
import type { Unit } from './ticks.ts';
import { placeAt, pxAt, type Viewport } from './viewport.ts';

/** Room for the axis. */
export const GUTTER = 66;
/** Room at the right edge. */
const EDGE = 14;
/** Lanes this far apart have their names side by side. */
const WIDE = 30;

/** What a picture shows besides what happened. */
export interface Shown {
  /** How many records have happened; undefined in a picture without a present. */
  readonly cursor: number | undefined;
  /** The record that is looked at closely. */
  readonly selected: number | undefined;
  /** The record that the keyboard is at. */
  readonly focused: number | undefined;
  /** The name of the lane that is looked at closely. */
  readonly selectedLane: string | undefined;
}

/** Everything that is known while a picture is drawn. */
export interface Frame {
  readonly pen: Pen;
  readonly width: number;
  readonly height: number;
  /** Height of the lanes' names. */
  readonly head: number;
  readonly marks: Marks;
  readonly scale: Scale;
  readonly view: Viewport;
  /** What the axis counts, and what times of records count. */
  readonly unit: Unit;
  readonly storyUnit: 'ms' | 'step';
  readonly lanes: readonly Lane[];
  readonly spacing: number;
  readonly spans: readonly Span[];
  readonly causality: Causality | undefined;
  readonly shown: Shown;
  readonly hits: Hits;
  /** Where a lane stands, by its key; undefined of one that is not shown. */
  readonly xOf: (key: number) => number | undefined;
  /** Where a record stands; `at` is its time, for those that are no longer kept. */
  readonly yOf: (index: number, at?: number) => number;
  readonly y: (place: number) => number;
  /** The colour of a state of an actor, by their numbers. */
  readonly hueOf: (actor: number, state: number) => Ink;
  readonly inkOf: (type: number) => Ink;
  /** The actor that stands for a node, by their numbers. */
  readonly mainActor: (node: number) => number | undefined;
}

export interface Geometry {
  readonly head: number;
  readonly spacing: number;
  readonly left: number;
}

/** What stands above lanes: addresses without their node, where they all live on one. */
export function headings(lanes: readonly Lane[]): readonly string[] {
  const isLone = lanes.every(({ node }) => node === lanes[0]?.node);
  return lanes.map(({ name, node }) => (isLone && name.endsWith(`@${node}`) ? name.slice(0, -node.length - 1) : name));
}

/** Where lanes stand in a picture of a width. */
export function geometryOf(lanes: readonly Lane[], width: number): Geometry {
  const room = Math.max(40, width - GUTTER - EDGE);
  const spacing = room / Math.max(1, lanes.length);
  const longest = Math.max(2, ...headings(lanes).map(({ length }) => length));
  const isFlat = spacing >= Math.min(WIDE + 4 * longest, 8 * longest);
  return { head: isFlat ? 30 : Math.min(96, 24 + 5 * longest), spacing, left: GUTTER + spacing / 2 };
}

/** The places at the upper and lower edge of where things are drawn. */
export const edges = ({ view, height, head }: Frame): readonly [from: number, to: number] => [
  view.from,
  placeAt(view, height - head),
];

export const yIn = (view: Viewport, head: number) => (place: number) => head + pxAt(view, place);

/** What a frame is made of; the rest follows from it. */
type Parts = Omit<Frame, 'head' | 'spacing' | 'hits' | 'xOf' | 'yOf' | 'y' | 'mainActor'>;

export function frameOf(parts: Parts): Frame {
  const { lanes, width, view, scale, marks } = parts;
  const { head, spacing, left } = geometryOf(lanes, width);
  const places = new Map(lanes.map(({ key }, at) => [key, left + at * spacing]));
  const y = yIn(view, head);
  return {
    ...parts,
    head,
    spacing,
    y,
    hits: new Hits(),
    xOf: (key) => places.get(key),
    yOf: (index, at) => y(scale.place(index, at)),
    mainActor: (node) => marks.phases.actorsOn(node)[0],
  };
}
