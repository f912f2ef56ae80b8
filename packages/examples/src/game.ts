import { and, assign, not, setup } from 'xstate';

interface GameContext {
  readonly lives: number;
  readonly coins: number;
  readonly level: number;
}

type GameEvent =
  | { readonly type: 'START' }
  | { readonly type: 'JUMP' }
  | { readonly type: 'LAND' }
  | { readonly type: 'COIN'; readonly worth: number }
  | { readonly type: 'HIT' }
  | { readonly type: 'FLAG' }
  | { readonly type: 'DOOR' }
  | { readonly type: 'PAUSE' }
  | { readonly type: 'RESUME' }
  | { readonly type: 'RESTART_LEVEL' }
  | { readonly type: 'QUIT' };

export const LEVELS = 2;
const FRESH: GameContext = { lives: 2, coins: 0, level: 1 };

/**
 * A platform game that can be paused at any moment: deep history brings the hero back to the very step, shallow history to the start of the
 * world that he was in.
 */
export const gameMachine = setup({
  types: { context: {} as GameContext, events: {} as GameEvent },
  delays: { invulnerable: 2_000 },
  guards: {
    isLastLife: ({ context }) => context.lives === 1,
    isLastLevel: ({ context }) => context.level === LEVELS,
    isWorth: (_, params: { readonly worth: number }) => params.worth > 0 && params.worth <= 10,
    isRich: ({ context }) => context.coins >= 10,
  },
  actions: {
    reset: assign(FRESH),
    loseLife: assign({ lives: ({ context }) => context.lives - 1 }),
    collect: assign({ coins: ({ context }, params: { readonly worth: number }) => context.coins + params.worth }),
    buyLife: assign({ lives: ({ context }) => context.lives + 1, coins: ({ context }) => context.coins - 10 }),
    nextLevel: assign({ level: ({ context }) => context.level + 1 }),
    playMusic: () => {},
    stopMusic: () => {},
  },
}).createMachine({
  id: 'game',
  context: FRESH,
  initial: 'title',
  states: {
    title: { on: { START: { target: 'playing', actions: 'reset' } } },
    playing: {
      entry: 'playMusic',
      exit: 'stopMusic',
      initial: 'overworld',
      on: {
        PAUSE: { target: 'paused' },
        HIT: [
          { guard: 'isLastLife', target: 'over', actions: 'loseLife' },
          { target: '.overworld.hero.hurt', actions: 'loseLife' },
        ],
        COIN: {
          guard: { type: 'isWorth', params: ({ event }) => event },
          actions: { type: 'collect', params: ({ event }) => event },
        },
      },
      states: {
        overworld: {
          initial: 'hero',
          on: { DOOR: { target: 'cave' } },
          states: {
            hero: {
              initial: 'running',
              states: {
                running: { on: { JUMP: { target: 'jumping' } } },
                jumping: { on: { LAND: { target: 'running' } } },
                hurt: { after: { invulnerable: { target: 'running' } }, on: { HIT: undefined } },
              },
            },
          },
          always: { guard: and(['isRich', not('isLastLife')]), actions: 'buyLife' },
        },
        cave: {
          initial: 'walking',
          on: {
            DOOR: { target: 'overworld' },
            FLAG: [
              { guard: 'isLastLevel', target: '#game.won' },
              { target: 'overworld', actions: 'nextLevel' },
            ],
          },
          states: {
            walking: { on: { JUMP: { target: 'falling' } } },
            falling: { on: { LAND: { target: 'walking' } } },
          },
        },
        exactly: { type: 'history', history: 'deep' },
        world: { type: 'history', history: 'shallow' },
      },
    },
    paused: {
      on: {
        RESUME: { target: 'playing.exactly' },
        RESTART_LEVEL: { target: 'playing.world' },
        QUIT: { target: 'title' },
      },
    },
    over: { on: { START: { target: 'playing', actions: 'reset' } } },
    won: { type: 'final', output: ({ context }: { readonly context: GameContext }) => context.coins },
  },
});
