import { type Address, assert, defineProtocol, type HostInput, type SendEvent, send } from '@synod/protocol';
import { setup } from 'xstate';
import type { Heartbeat } from './messages.ts';

/** What survives a crash of a process that is watched. */
interface Durable {
  /** Grows by one with each start, so that a heartbeat of an earlier life tells nothing of this one. */
  readonly life: number;
}

export interface HeartContext extends Durable {
  readonly watchers: readonly Address[];
  readonly intervalMs: number;
}

export interface HeartInput extends HostInput<Durable> {
  /** Who gets the heartbeats. */
  readonly watchers: readonly Address[];
  /** Milliseconds between heartbeats. Default 1,000. */
  readonly intervalMs?: number;
}

/** A process that is watched: it says at intervals that it is alive. Chandra and Toueg (1996), figure 10, task 1. */
export const heartMachine = setup({
  types: {
    context: {} as HeartContext,
    events: {} as { readonly type: 'never' },
    input: {} as HeartInput,
    emitted: {} as SendEvent<Heartbeat>,
  },
  delays: { heartbeatInterval: ({ context }) => context.intervalMs },
  actions: {
    beat: send(({ context: { watchers, life } }) => ({ to: watchers, message: { type: 'Heartbeat', life } })),
  },
}).createMachine({
  id: 'heart',
  context: ({ input: { watchers, intervalMs = 1_000, recovered } }) => {
    assert(intervalMs > 0, 'intervalMs is above 0');
    return { watchers, intervalMs, life: (recovered?.life ?? 0) + 1 };
  },
  initial: 'beating',
  states: {
    beating: {
      entry: 'beat',
      after: {
        heartbeatInterval: {
          target: 'beating',
          reenter: true,
          description: 'Say again: p is alive (figure 10, task 1)',
        },
      },
    },
  },
});

/** The process that is watched, as its hosts need to know it. */
export const heartProtocol = defineProtocol({
  name: 'heart',
  machine: heartMachine,
  messages: {},
  durable: ['life'],
});
