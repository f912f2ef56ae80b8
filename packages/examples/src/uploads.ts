import { type ActorRefFrom, assign, fromPromise, sendParent, setup, stopChild } from 'xstate';

/** One file on its way: it tells its parent how it ends. */
const uploadMachine = setup({
  types: {
    context: {} as { readonly name: string },
    events: {} as { readonly type: 'PAUSE' } | { readonly type: 'RESUME' },
    input: {} as { readonly name: string },
  },
  actors: {
    transfer: fromPromise<void, { readonly name: string }>(async () => {}),
  },
}).createMachine({
  id: 'upload',
  context: ({ input }) => ({ name: input.name }),
  initial: 'sending',
  states: {
    sending: {
      invoke: {
        src: 'transfer',
        input: ({ context }) => ({ name: context.name }),
        onDone: { target: 'sent' },
        onError: { target: 'broken' },
      },
      on: { PAUSE: { target: 'paused' } },
    },
    paused: { on: { RESUME: { target: 'sending' } } },
    broken: { entry: sendParent(({ context }) => ({ type: 'upload.broken', name: context.name })), type: 'final' },
    sent: { entry: sendParent(({ context }) => ({ type: 'upload.sent', name: context.name })), type: 'final' },
  },
});

interface UploadsContext {
  readonly running: Readonly<Record<string, ActorRefFrom<typeof uploadMachine>>>;
  readonly sent: readonly string[];
  readonly broken: readonly string[];
}

type UploadsEvent =
  | { readonly type: 'ADD'; readonly name: string }
  | { readonly type: 'CANCEL'; readonly name: string }
  | { readonly type: 'upload.sent'; readonly name: string }
  | { readonly type: 'upload.broken'; readonly name: string };

const MOST = 2;

const without = <T>(all: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));

/** Uploads, each a child machine that is spawned, stopped, and heard. */
export const uploadsMachine = setup({
  types: { context: {} as UploadsContext, events: {} as UploadsEvent },
  actors: { upload: uploadMachine },
  guards: {
    isRunning: ({ context }, params: { readonly name: string }) => params.name in context.running,
    hasRoom: ({ context }) => Object.keys(context.running).length < MOST,
    isIdle: ({ context }) => Object.keys(context.running).length === 0,
  },
  actions: {
    spawnUpload: assign({
      running: ({ context, spawn }, params: { readonly name: string }) => ({
        ...context.running,
        [params.name]: spawn('upload', { id: params.name, input: { name: params.name } }),
      }),
    }),
    forget: assign({
      running: ({ context }, params: { readonly name: string }) => without(context.running, params.name),
    }),
    noteSent: assign({ sent: ({ context }, params: { readonly name: string }) => [...context.sent, params.name] }),
    noteBroken: assign({
      broken: ({ context }, params: { readonly name: string }) => [...context.broken, params.name],
    }),
  },
}).createMachine({
  id: 'uploads',
  context: { running: {}, sent: [], broken: [] },
  initial: 'idle',
  states: {
    idle: {
      on: {
        ADD: { target: 'busy', actions: { type: 'spawnUpload', params: ({ event }) => event } },
      },
    },
    busy: {
      always: { guard: 'isIdle', target: 'idle' },
      on: {
        ADD: [
          { guard: { type: 'isRunning', params: ({ event }) => event } },
          { guard: 'hasRoom', actions: { type: 'spawnUpload', params: ({ event }) => event } },
        ],
        CANCEL: {
          guard: { type: 'isRunning', params: ({ event }) => event },
          actions: [stopChild(({ event }) => event.name), { type: 'forget', params: ({ event }) => event }],
        },
        'upload.sent': {
          actions: [
            { type: 'forget', params: ({ event }) => event },
            { type: 'noteSent', params: ({ event }) => event },
          ],
        },
        'upload.broken': {
          actions: [
            { type: 'forget', params: ({ event }) => event },
            { type: 'noteBroken', params: ({ event }) => event },
          ],
        },
      },
    },
  },
});
