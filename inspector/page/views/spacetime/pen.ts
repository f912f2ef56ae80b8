// What a picture is drawn with: on a canvas, or as SVG. Lengths are CSS pixels.

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

/** Draws on a canvas. */
export function canvasPen(context: CanvasRenderingContext2D, palette: Palette): Pen {
  const course: Course = {
    move: (x, y) => context.moveTo(x, y),
    line: (x, y) => context.lineTo(x, y),
    rect: (x, y, width, height) => context.rect(x, y, width, height),
    circle(x, y, radius) {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    },
    close: () => context.closePath(),
  };
  return {
    stroke({ ink, width = 1, dash = [], alpha = 1 }, draw) {
      context.globalAlpha = alpha;
      context.strokeStyle = palette(ink);
      context.lineWidth = width;
      context.setLineDash(dash as number[]);
      context.beginPath();
      draw(course);
      context.stroke();
    },
    fill(ink, alpha, draw) {
      context.globalAlpha = alpha;
      context.fillStyle = palette(ink);
      context.beginPath();
      draw(course);
      context.fill();
    },
    bars(ink, alpha, draw) {
      context.globalAlpha = alpha;
      context.fillStyle = palette(ink);
      draw((x, y, width, height) => context.fillRect(x, y, width, height));
    },
    text(text, x, y, { ink, size, bold, align = 'left', turn = 0, halo, alpha = 1 }) {
      context.globalAlpha = alpha;
      context.font = `${bold ? '600 ' : ''}${size}px ${FONT}`;
      context.textAlign = align;
      context.textBaseline = 'middle';
      context.save();
      context.translate(x, y);
      context.rotate((turn * Math.PI) / 180);
      if (halo) {
        context.setLineDash([]);
        context.lineJoin = 'round';
        context.lineWidth = 3;
        context.strokeStyle = palette(halo);
        context.strokeText(text, 0, 0);
      }
      context.fillStyle = palette(ink);
      context.fillText(text, 0, 0);
      context.restore();
    },
    within(x, y, width, height, draw) {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      draw();
      context.restore();
    },
  };
}
