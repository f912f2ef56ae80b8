/** How far each key leads: rows down, columns to the right. */
const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

const within = (value: number, last: number): number => Math.max(0, Math.min(last, value));

/** Moves the focus from a cell of a table to another, as a grid does; the Tab key then returns there. Whether the key does that. */
export function walk(cell: HTMLElement, key: string): boolean {
  const step = STEPS[key];
  const row = cell.closest('tr');
  const table = cell.closest('table');
  if (!step || !row || !table || !(cell instanceof HTMLTableCellElement)) return false;
  const target = table.rows[within(row.rowIndex + step[0], table.rows.length - 1)];
  const next = target?.cells[within(cell.cellIndex + step[1], target.cells.length - 1)];
  for (const before of table.querySelectorAll<HTMLElement>('[tabindex="0"]')) before.tabIndex = -1;
  if (next) {
    next.tabIndex = 0;
    next.focus();
  }
  return true;
}
