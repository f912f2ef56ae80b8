// What a picture is drawn with: on a canvas (in the page), or as SVG. Lengths are CSS pixels.

/** A colour by its name among the style sheet's custom properties. */
export type Ink =
  | 'ground'
  | 'panel'
  | 'raised'
  | 'line'
  | 'line-strong'
  | 'text'
  | 'quiet'
  | 'accent'
  | 'timer'
  | 'taken'
  | 'bad'
  | 'good'
  | 'edge'
  | 'past'
  | 'future'
  | 'span'
  | `hue-${number}`;

export interface Stroke {
  readonly ink: Ink;
  /** Default 1. */
  readonly width?: number;
  /** Lengths of strokes and gaps. */
  readonly dash?: readonly number[];
  /** Default 1. */
  readonly alpha?: number;
}

export interface Lettering {
  readonly ink: Ink;
  readonly size: number;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
  /** In degrees, clockwise. */
  readonly turn?: number;
  /** What lies behind it is kept away from its letters. */
  readonly halo?: Ink;
  readonly alpha?: number;
}

/** Lines and areas that are drawn together. */
export interface Course {
  move(x: number, y: number): void;
  line(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  circle(x: number, y: number, radius: number): void;
  close(): void;
}

export interface Pen {
  stroke(style: Stroke, draw: (to: Course) => void): void;
  fill(ink: Ink, alpha: number, draw: (to: Course) => void): void;
  /** As `fill`, of rectangles only: of many, far faster. */
  bars(ink: Ink, alpha: number, draw: (bar: Course['rect']) => void): void;
  text(text: string, x: number, y: number, style: Lettering): void;
  /** Draws within a rectangle only. */
  within(x: number, y: number, width: number, height: number, draw: () => void): void;
}

/** What an ink looks like. */
export type Palette = (ink: Ink) => string;

export const FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
