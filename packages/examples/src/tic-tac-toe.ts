import { and, assign, setup } from 'xstate';

type Player = 'x' | 'o';

interface Board {
  readonly cells: readonly (Player | null)[];
  readonly player: Player;
}

type TicTacToeEvent = { readonly type: 'PLAY'; readonly cell: number } | { readonly type: 'RESET' };

const EMPTY: Board = { cells: Array.from({ length: 9 }, () => null), player: 'x' };

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const;

const isLineOf = ({ cells }: Board, player: Player): boolean =>
  LINES.some((line) => line.every((cell) => cells[cell] === player));

/** Noughts and crosses: who has won is a question for guards, and a draw takes nine moves to see. */
export const ticTacToeMachine = setup({
  types: { context: {} as Board, events: {} as TicTacToeEvent },
  guards: {
    isCell: ({ event }) => event.type === 'PLAY' && Number.isInteger(event.cell) && event.cell >= 0 && event.cell < 9,
    isFree: ({ context, event }) => event.type === 'PLAY' && context.cells[event.cell] === null,
    hasLine: ({ context }) => isLineOf(context, context.player === 'x' ? 'o' : 'x'),
    isFull: ({ context }) => context.cells.every((cell) => cell !== null),
  },
  actions: {
    mark: assign(({ context }, params: { readonly cell: number }) => ({
      cells: context.cells.map((cell, at) => (at === params.cell ? context.player : cell)),
      player: context.player === 'x' ? ('o' as const) : ('x' as const),
    })),
    clear: assign(EMPTY),
  },
}).createMachine({
  id: 'ticTacToe',
  context: EMPTY,
  initial: 'playing',
  states: {
    playing: {
      always: [
        { guard: 'hasLine', target: 'won' },
        { guard: 'isFull', target: 'drawn' },
      ],
      on: {
        PLAY: {
          guard: and(['isCell', 'isFree']),
          actions: { type: 'mark', params: ({ event }) => ({ cell: event.cell }) },
        },
      },
    },
    won: { on: { RESET: { target: 'playing', actions: 'clear' } } },
    drawn: { on: { RESET: { target: 'playing', actions: 'clear' } } },
  },
});

/** For generated tests: every cell, and two that there are not. */
export const cases = {
  events: { PLAY: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5].map((cell) => ({ cell })) },
};
