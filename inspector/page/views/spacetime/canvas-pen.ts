import { type Course, FONT, type Palette, type Pen } from '../../../src/spacetime/pen.ts';

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
