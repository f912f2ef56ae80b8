import { assign, fromPromise, setup } from 'xstate';

interface MediaPlayerContext {
  readonly url: string;
  /** In seconds. */
  readonly duration: number;
  readonly position: number;
  readonly rate: number;
  readonly failure: string | null;
}

type MediaPlayerEvent =
  | { readonly type: 'PLAY' }
  | { readonly type: 'PAUSE' }
  | { readonly type: 'SEEK'; readonly position: number }
  | { readonly type: 'TIME'; readonly position: number }
  | { readonly type: 'RATE'; readonly rate: number }
  | { readonly type: 'MUTE' }
  | { readonly type: 'UNMUTE' }
  | { readonly type: 'RETRY' };

interface Metadata {
  readonly duration: number;
}

/** A media player: loading, then play and sound as two regions. */
export const mediaPlayerMachine = setup({
  types: {
    context: {} as MediaPlayerContext,
    events: {} as MediaPlayerEvent,
    input: {} as { readonly url: string },
  },
  actors: {
    loadMetadata: fromPromise<Metadata, { readonly url: string }>(async () => ({ duration: 60 })),
  },
  guards: {
    isWithin: ({ context }, params: { readonly position: number }) =>
      params.position >= 0 && params.position < context.duration,
    isOver: ({ context }, params: { readonly position: number }) => params.position >= context.duration,
    isRate: (_, params: { readonly rate: number }) => params.rate >= 0.25 && params.rate <= 4,
  },
  actions: {
    moveTo: assign({ position: (_, params: { readonly position: number }) => params.position }),
    rewind: assign({ position: 0 }),
    setRate: assign({ rate: (_, params: { readonly rate: number }) => params.rate }),
    startPlayback: () => {},
    stopPlayback: () => {},
    silence: () => {},
    unsilence: () => {},
  },
}).createMachine({
  id: 'mediaPlayer',
  context: ({ input }) => ({ url: input.url, duration: 0, position: 0, rate: 1, failure: null }),
  initial: 'loading',
  states: {
    loading: {
      invoke: {
        src: 'loadMetadata',
        input: ({ context }) => ({ url: context.url }),
        onDone: {
          target: 'ready',
          actions: assign({ duration: ({ event }) => event.output.duration }),
        },
        onError: { target: 'failed', actions: assign({ failure: ({ event }) => String(event.error) }) },
      },
    },
    failed: { on: { RETRY: { target: 'loading', actions: assign({ failure: null }) } } },
    ready: {
      type: 'parallel',
      states: {
        playback: {
          initial: 'paused',
          on: {
            SEEK: {
              guard: { type: 'isWithin', params: ({ event }) => ({ position: event.position }) },
              actions: { type: 'moveTo', params: ({ event }) => ({ position: event.position }) },
            },
            RATE: {
              guard: { type: 'isRate', params: ({ event }) => ({ rate: event.rate }) },
              actions: { type: 'setRate', params: ({ event }) => ({ rate: event.rate }) },
            },
          },
          states: {
            paused: { on: { PLAY: { target: 'playing' } } },
            playing: {
              entry: 'startPlayback',
              exit: 'stopPlayback',
              on: {
                PAUSE: { target: 'paused' },
                TIME: [
                  { guard: { type: 'isOver', params: ({ event }) => ({ position: event.position }) }, target: 'ended' },
                  { actions: { type: 'moveTo', params: ({ event }) => ({ position: event.position }) } },
                ],
              },
            },
            ended: { entry: 'rewind', on: { PLAY: { target: 'playing' } } },
          },
        },
        sound: {
          initial: 'audible',
          states: {
            audible: { on: { MUTE: { target: 'muted' } } },
            muted: { entry: 'silence', exit: 'unsilence', on: { UNMUTE: { target: 'audible' } } },
          },
        },
      },
    },
  },
});
