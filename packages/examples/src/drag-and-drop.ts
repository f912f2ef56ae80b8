import { and, assign, not, setup } from 'xstate';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface DragContext {
  /** Where the box lies. */
  readonly at: Point;
  /** Where the pointer took hold of it. */
  readonly from: Point;
  /** How far it was dragged since. */
  readonly by: Point;
}

type DragEvent =
  | ({ readonly type: 'POINTER_DOWN'; readonly button: number } & Point)
  | ({ readonly type: 'POINTER_MOVE' } & Point)
  | { readonly type: 'POINTER_UP' }
  | { readonly type: 'ESCAPE' }
  | { readonly type: 'SHIFT_DOWN' }
  | { readonly type: 'SHIFT_UP' };

const NOWHERE: Point = { x: 0, y: 0 };
/** Pixels that a pointer moves before a press becomes a drag. */
export const THRESHOLD = 4;
/** The target's left edge, and its lower one. */
export const TARGET = { left: 200, bottom: 100 } as const;

/** A box that is dragged into a target: a press is no drag, shift keeps it on its row, escape puts it back. */
export const dragAndDropMachine = setup({
  types: { context: {} as DragContext, events: {} as DragEvent },
  guards: {
    isMainButton: (_, params: { readonly button: number }) => params.button === 0,
    isDrag: ({ context: { from } }, to: Point) => Math.abs(to.x - from.x) + Math.abs(to.y - from.y) >= THRESHOLD,
    isRightOfEdge: ({ context: { at, by } }) => at.x + by.x >= TARGET.left,
    isAboveBottom: ({ context: { at, by } }) => at.y + by.y <= TARGET.bottom,
    isLocked: ({ context: { by } }) => by.y === 0,
  },
  actions: {
    take: assign({ from: (_, point: Point) => point }),
    drag: assign({ by: ({ context: { from } }, to: Point) => ({ x: to.x - from.x, y: to.y - from.y }) }),
    dragAlongRow: assign({ by: ({ context: { from } }, to: Point) => ({ x: to.x - from.x, y: 0 }) }),
    drop: assign({ at: ({ context: { at, by } }) => ({ x: at.x + by.x, y: at.y + by.y }) }),
    letGo: assign({ from: NOWHERE, by: NOWHERE }),
    highlight: () => {},
    reward: () => {},
  },
}).createMachine({
  id: 'dragAndDrop',
  context: { at: NOWHERE, from: NOWHERE, by: NOWHERE },
  initial: 'idle',
  states: {
    idle: {
      entry: 'letGo',
      on: {
        POINTER_DOWN: {
          guard: { type: 'isMainButton', params: ({ event }) => event },
          target: 'pressed',
          actions: { type: 'take', params: ({ event: { x, y } }) => ({ x, y }) },
        },
      },
    },
    pressed: {
      on: {
        POINTER_MOVE: {
          guard: { type: 'isDrag', params: ({ event }) => event },
          target: 'dragging',
          actions: { type: 'drag', params: ({ event }) => event },
        },
        POINTER_UP: { target: 'idle' },
      },
    },
    dragging: {
      entry: 'highlight',
      initial: 'free',
      on: {
        ESCAPE: { target: 'idle' },
        POINTER_UP: [
          { guard: and(['isRightOfEdge', 'isAboveBottom']), target: 'dropped', actions: 'drop' },
          { guard: and([not('isRightOfEdge'), 'isLocked']), target: 'idle', actions: 'drop' },
          { target: 'idle' },
        ],
      },
      states: {
        free: {
          on: {
            POINTER_MOVE: { actions: { type: 'drag', params: ({ event }) => event } },
            SHIFT_DOWN: { target: 'onRow' },
          },
        },
        onRow: {
          on: {
            POINTER_MOVE: { actions: { type: 'dragAlongRow', params: ({ event }) => event } },
            SHIFT_UP: { target: 'free' },
          },
        },
      },
    },
    dropped: { entry: ['letGo', 'reward'], type: 'final' },
  },
});

const at = (x: number, y: number): Point => ({ x, y });

/** For generated tests: from the corner into the target, beneath it, short of it, and hardly at all. */
export const cases = {
  events: {
    POINTER_DOWN: [
      { ...at(5, 5), button: 0 },
      { ...at(5, 5), button: 2 },
    ],
    POINTER_MOVE: [at(300, 50), at(300, 400), at(50, 5), at(50, 50), at(6, 6)],
  },
};
