import {
  type Address,
  type CheckConfiguration,
  defineProtocol,
  inRole,
  type NodeView,
  type Property,
  type Received,
  type Roles,
  type SendEvent,
  send,
} from '@synod/protocol';
import { assign, setup } from 'xstate';
import { type CheckOptions, type CheckResult, check, type PropertyResult } from '../src/index.ts';

// A sender that says 1, 2, … on request, and a receiver that writes down what it hears: small enough to count by hand.

interface SayingContext {
  readonly self: Address;
  readonly to: Address;
  readonly last: number;
}

const saying = setup({
  types: {
    context: {} as SayingContext,
    input: {} as { readonly self: Address; readonly to: Address; readonly recovered?: { readonly last?: number } },
    events: {} as { readonly type: 'say' } | Received<{ readonly type: 'Heard' }>,
    emitted: {} as SendEvent<{ readonly type: 'Word'; readonly number: number }>,
  },
  actions: {
    count: assign(({ context }) => ({ last: context.last + 1 })),
    speak: send(({ context }) => ({ to: context.to, message: { type: 'Word', number: context.last } })),
  },
}).createMachine({
  id: 'saying',
  context: ({ input: { self, to, recovered } }) => ({ self, to, last: recovered?.last ?? 0 }),
  initial: 'idle',
  states: { idle: { on: { say: { actions: ['count', 'speak'] } } } },
});

interface HearingContext {
  readonly heard: readonly number[];
}

const hearing = setup({
  types: {
    context: {} as HearingContext,
    input: {} as { readonly recovered?: { readonly heard?: readonly number[] } },
    events: {} as Received<{ readonly type: 'Word'; readonly number: number }>,
  },
  actions: {
    write: assign(({ context, event }) => ({ heard: [...context.heard, event.number].slice(-3) })),
  },
}).createMachine({
  id: 'hearing',
  context: ({ input }) => ({ heard: input.recovered?.heard ?? [] }),
  initial: 'open',
  states: { open: { on: { Word: { actions: 'write' } } } },
});

export const roles: Roles = {
  saying: defineProtocol({ name: 'saying', machine: saying, messages: {}, durable: ['last'] }),
  hearing: defineProtocol({ name: 'hearing', machine: hearing, messages: {} }),
};

export const mouth: Address = 'mouth@a';
export const ear: Address = 'ear@b';

/** What the receiver has written down. */
export const heard = (nodes: readonly NodeView[]): string =>
  inRole<HearingContext>(nodes, 'hearing')
    .map(({ context }) => context.heard.join())
    .join();

/** A sender that may say `times` words, and what is promised of what is heard. */
export const talk = (
  times: number,
  properties: readonly Property[],
  more: Partial<CheckConfiguration> = {},
): CheckConfiguration => ({
  members: [
    { address: mouth, role: 'saying', input: { to: ear } },
    { address: ear, role: 'hearing' },
  ],
  requests: Array.from({ length: times }, (_, index) => ({ to: mouth, event: { type: 'say', nth: index } })),
  properties,
  ...more,
});

export const property = (
  kind: 'always' | 'sometimes' | 'eventually',
  name: string,
  holds: (nodes: readonly NodeView[]) => boolean,
): Property => ({ name, source: 'this test', kind, holds });

/** The verdict on the only property, with what goes with it. */
export function verdict(
  configuration: CheckConfiguration,
  options: CheckOptions = {},
): PropertyResult & { readonly result: CheckResult } {
  const result = check(configuration, roles, options);
  return { ...(result.properties[0] as PropertyResult), result };
}
