import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

/** The height of a row, in pixels; the style sheets say the same. */
export const ROW = 24;
/** Rows drawn beyond what can be seen. */
const SPARE = 10;
/** A browser's elements have a height of some ten million pixels at most. */
const MAX_HEIGHT = 8_000_000;

export interface RowProps {
  readonly id: string;
  readonly 'aria-setsize': number;
  readonly 'aria-posinset': number;
}

interface ListProps {
  readonly label: string;
  readonly role: 'listbox' | 'tree';
  readonly count: number;
  /** The row that the keyboard is on; -1: none. */
  readonly current: number;
  /** The row that is kept in sight; -1: none. */
  readonly inSight: number;
  /** Whether the list stays at its end as it grows. */
  readonly atEnd?: boolean;
  /** A person goes up from the end, to read. */
  readonly onLeaveEnd?: () => void;
  /** The keyboard goes to a row. */
  readonly onMove: (row: number) => void;
  /** Other keys. */
  readonly onKey?: (event: KeyboardEvent) => void;
  /** Draws a row. */
  readonly row: (at: number, props: RowProps) => JSX.Element;
  readonly empty?: ComponentChildren;
}

/** A list of any length, of which only what can be seen is drawn. The keyboard walks it by arrow keys, pages and ends. */
export function VirtualList(props: ListProps) {
  const { label, role, count, current, inSight, atEnd = false, onLeaveEnd, onMove, onKey, row, empty } = props;
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    // To ask for it whenever something is drawn would have the whole page laid out each time.
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element || !atEnd) return;
    element.scrollTop = element.scrollHeight;
    top.value = element.scrollTop;
  });
  const all = Math.min(count * ROW, MAX_HEIGHT);
  // Beyond what a browser can hold, a pixel of the scrollbar stands for more than one of the list.
  const scale = Math.max(1, (count * ROW - height.value) / Math.max(1, all - height.value));
  useLayoutEffect(() => {
    const element = host.current;
    if (!element || inSight < 0) return;
    keepInSight(element, inSight, scale);
    top.value = element.scrollTop;
  }, [inSight, height.value]);
  const first = Math.max(0, Math.floor((top.value * scale) / ROW) - SPARE);
  const rows = Math.max(0, Math.min(count - first, Math.ceil(height.value / ROW) + 2 * SPARE));
  const shift = first * ROW - top.value * (scale - 1);
  const isDrawn = current >= first && current < first + rows;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is that of a list or a tree.
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of these have a label.
    <div
      class="rows"
      ref={host}
      role={role}
      aria-label={label}
      tabIndex={0}
      {...(isDrawn && { 'aria-activedescendant': `${id}-${current}` })}
      onKeyDown={(event) => {
        const to = rowAfter(event, current, count, Math.max(1, Math.floor(height.value / ROW) - 1));
        if (to === undefined) return onKey?.(event);
        event.preventDefault();
        event.stopPropagation();
        if (to >= 0) onMove(to);
      }}
      onScroll={({ currentTarget }) => {
        // By wheel, key, finger or scrollbar: who goes up wants to read.
        const up = currentTarget.scrollTop < top.value - ROW / 2;
        top.value = currentTarget.scrollTop;
        if (up && atEnd && currentTarget.scrollTop + currentTarget.clientHeight < currentTarget.scrollHeight - ROW)
          onLeaveEnd?.();
      }}
    >
      {count === 0 && empty}
      <div class="all-rows" role="presentation" style={{ height: `${all}px` }}>
        <div role="presentation" style={{ transform: `translateY(${shift}px)` }}>
          {Array.from({ length: rows }, (_, at) =>
            row(first + at, { id: `${id}-${first + at}`, 'aria-setsize': count, 'aria-posinset': first + at + 1 }),
          )}
        </div>
      </div>
    </div>
  );
}

/** The row to which a key leads; undefined where it is no such key. */
function rowAfter(event: KeyboardEvent, current: number, count: number, page: number): number | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const last = count - 1;
  const within = (row: number) => Math.max(Math.min(row, last), Math.min(0, last));
  switch (event.key) {
    case 'ArrowDown':
      return within(current + 1);
    case 'ArrowUp':
      return within(current < 0 ? last : current - 1);
    case 'PageDown':
      return within(current + page);
    case 'PageUp':
      return within(current < 0 ? last : current - page);
    case 'Home':
      return within(0);
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** Scrolls as little as it takes to see a row. */
function keepInSight(element: HTMLElement, row: number, scale: number): void {
  const [top, bottom] = [(row * ROW) / scale, ((row + 1) * ROW) / scale];
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}
