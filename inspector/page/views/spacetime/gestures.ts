import type { SpaceTime } from '../../../src/spacetime/spacetime.ts';

/** What a pointer does to the diagram. */
export interface Gestures {
  /** Something is to be drawn anew. */
  changed(): void;
  /** The present is dragged to a height. */
  seek(y: number): void;
  click(x: number, y: number): void;
  hover(x: number, y: number): void;
  leave(): void;
}

/** A pointer that moves less far has clicked, in pixels. */
const STILL = 4;
/** How near to the line of the present it is taken hold of, in pixels. */
const GRIP = 6;

/** How much a turn of the wheel zooms. */
const wheelFactor = (delta: number): number => Math.exp(-Math.max(-60, Math.min(60, delta)) * 0.012);

const LINE = 16;

/** Lets pointers and the wheel move a diagram. Answers what takes that away again. */
export function listen(canvas: HTMLCanvasElement, spaceTime: () => SpaceTime, gestures: Gestures): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const pointers = new Map<number, { x: number; y: number }>();
  let drag: { kind: 'pan' | 'seek'; x: number; y: number; moved: boolean } | undefined;

  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const isOnCursor = (y: number): boolean => Math.abs(y - spaceTime().cursorY) <= GRIP && y >= spaceTime().head;

  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const delta = event.deltaY * (event.deltaMode === 1 ? LINE : 1);
    // A pinch on a touch pad comes as a wheel with Ctrl.
    if (event.ctrlKey || event.metaKey) spaceTime().zoom(wheelFactor(delta), at(event).y - spaceTime().head);
    else spaceTime().pan(delta);
    gestures.changed();
  };

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x, y } = at(event);
    pointers.set(event.pointerId, { x, y });
    canvas.setPointerCapture(event.pointerId);
    drag = { kind: isOnCursor(y) ? 'seek' : 'pan', x, y, moved: false };
  };

  const move = (event: PointerEvent): void => {
    const { x, y } = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      canvas.style.cursor = isOnCursor(y) ? 'ns-resize' : '';
      gestures.hover(x, y);
      return;
    }
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    pointers.set(event.pointerId, { x, y });
    const [other] = others;
    if (other) {
      // Two fingers: as far apart as they go, as near it comes.
      const apart = (place: { x: number; y: number }) => Math.max(8, Math.hypot(place.x - other.x, place.y - other.y));
      spaceTime().zoom(apart({ x, y }) / apart(before), (y + other.y) / 2 - spaceTime().head);
      if (drag) drag.moved = true;
      return gestures.changed();
    }
    if (!drag) return;
    if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < STILL) return;
    if (!drag.moved) gestures.leave();
    drag.moved = true;
    if (drag.kind === 'seek') return gestures.seek(y);
    spaceTime().pan(before.y - y);
    gestures.changed();
  };

  const up = (event: PointerEvent): void => {
    const isLast = pointers.delete(event.pointerId) && pointers.size === 0;
    if (!isLast || !drag) return;
    const { moved } = drag;
    drag = undefined;
    const { x, y } = at(event);
    if (!moved && event.type === 'pointerup') gestures.click(x, y);
  };

  canvas.addEventListener('wheel', wheel, { passive: false, signal });
  canvas.addEventListener('pointerdown', down, { signal });
  canvas.addEventListener('pointermove', move, { signal });
  canvas.addEventListener('pointerup', up, { signal });
  canvas.addEventListener('pointercancel', up, { signal });
  canvas.addEventListener('pointerleave', () => gestures.leave(), { signal });
  return () => ending.abort();
}
