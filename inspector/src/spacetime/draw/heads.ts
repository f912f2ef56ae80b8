import { type Frame, headings } from '../frame.ts';

/** Names at least this far apart are legible, in pixels. */
const LEGIBLE = 13;

/** The names of the lanes, level where there is room, slanted where there is not. */
export function drawHeads(frame: Frame): void {
  const { pen, width, head, lanes, spacing, xOf, shown, causality } = frame;
  pen.fill('panel', 1, (to) => to.rect(0, 0, width, head));
  pen.stroke({ ink: 'line' }, (to) => {
    to.move(0, head - 0.5);
    to.line(width, head - 0.5);
  });
  const isSlanted = head > 30;
  // Where not all can be read, every second or third is written; the others are told by the pointer.
  const every = Math.max(1, Math.ceil(LEGIBLE / spacing));
  const names = headings(lanes);
  for (const [at, lane] of lanes.entries()) {
    const isSelected = lane.name === shown.selectedLane;
    const x = xOf(lane.key);
    if (x === undefined || (at % every !== 0 && !isSelected)) continue;
    const isMute = causality?.isClocked && !lane.isClocked;
    const name = clip(isMute ? `${names[at]} ∅` : (names[at] ?? ''), 16);
    const style = { ink: isSelected ? ('accent' as const) : ('text' as const), size: 12, bold: true };
    if (isSlanted) pen.text(name, x + 2, head - 8, { ...style, size: 11, turn: -55 });
    else pen.text(name, x, head / 2, { ...style, align: 'center' });
    if (isSelected)
      pen.fill('accent', 1, (to) => to.rect(x - Math.min(16, spacing / 2), head - 3, Math.min(32, spacing), 3));
  }
}

const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
