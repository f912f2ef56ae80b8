import { type Frame, GUTTER } from '../frame.ts';
import { momentWords } from '../ticks.ts';

/** What a person points at: the present, what is selected, and where the keyboard is. */
export function drawOverlay(frame: Frame): void {
  const { shown, pen } = frame;
  for (const [index, isSelected] of [
    [shown.selected, true],
    [shown.focused, false],
  ] as const) {
    const at = index === undefined ? undefined : spotOf(frame, index);
    if (!at) continue;
    const [x, y] = at;
    pen.stroke({ ink: isSelected ? 'text' : 'accent', width: 2, ...(!isSelected && { dash: [3, 2] }) }, (to) =>
      to.circle(x, y, isSelected ? 7 : 9.5),
    );
  }
  drawCursor(frame);
}

/** Where a record stands in the picture, if it is to be seen. */
function spotOf({ marks, xOf, yOf, head, height }: Frame, index: number): readonly [x: number, y: number] | undefined {
  if (index < marks.story.first || index >= marks.story.length) return undefined;
  const x = xOf(marks.laneOf(index));
  const y = yOf(index);
  return x === undefined || y < head || y > height ? undefined : [x, y];
}

/** The height of the present in the picture; undefined before the first record. */
export function cursorY({
  shown,
  marks,
  yOf,
  scale,
  y,
}: Pick<Frame, 'shown' | 'marks' | 'yOf' | 'scale' | 'y'>): number {
  const index = Math.min(shown.cursor ?? marks.story.length, marks.story.length) - 1;
  return index < marks.story.first ? y(scale.start) - 4 : yOf(index);
}

function drawCursor(frame: Frame): void {
  const { pen, width, height, head, storyUnit, marks, shown } = frame;
  if (shown.cursor === undefined) return;
  const y = cursorY(frame);
  if (y < head - 1 || y > height + 1) return;
  pen.stroke({ ink: 'accent', width: 2 }, (to) => {
    to.move(0, y);
    to.line(width, y);
  });
  const index = Math.min(shown.cursor, marks.story.length) - 1;
  if (index < marks.story.first) return;
  const at = marks.story.at(index);
  const label = momentWords(Number(at.toFixed(at < 100 ? 3 : 1)), storyUnit);
  const wide = Math.max(GUTTER - 4, label.length * 6.6 + 14);
  const middle = Math.max(head + 9, Math.min(height - 9, y));
  pen.fill('accent', 1, (to) => to.rect(0, middle - 9, wide, 18));
  pen.text(label, 6, middle, { ink: 'panel', size: 10.5, bold: true });
}
