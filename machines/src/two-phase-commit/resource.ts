import { assert, defineProtocol, type HostInput, type Received, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import { apply, type Finish, type Lock, lock, type Operations, type ResourceAnswer, release } from './messages.ts';

// What transactions are about: the accounts of one node, under strict two-phase locking (Gray 1978 §5.7; BHG §3). Nobody waits for a lock: who
// meets one is refused, so that there are no deadlocks.

interface ResourceDurable {
  readonly balances: Readonly<Record<string, number>>;
  /** By transaction, what it will do to accounts that it has locked. */
  readonly held: Readonly<Record<string, Operations>>;
}

export type ResourceContext = ResourceDurable;

export interface ResourceInput extends HostInput<ResourceDurable> {
  readonly balances: Readonly<Record<string, number>>;
}

type ResourceEvent = Received<Lock | Finish>;

/** Whether no other transaction holds one of the accounts, and none would go below 0. */
export const canHold = ({ balances, held }: ResourceContext, { transaction, operations }: Lock): boolean =>
  Object.entries(operations).every(
    ([account, amount]) =>
      (balances[account] ?? 0) + amount >= 0 &&
      Object.entries(held).every(([other, theirs]) => other === transaction || !(account in theirs)),
  );

const without = ({ held }: ResourceContext, transaction: string): Pick<ResourceContext, 'held'> => {
  const { [transaction]: _, ...rest } = held;
  return { held: rest };
};

function applied(context: ResourceContext, transaction: string): Partial<ResourceContext> {
  const balances = { ...context.balances };
  for (const [account, amount] of Object.entries(context.held[transaction] ?? {})) {
    balances[account] = (balances[account] ?? 0) + amount;
    assert((balances[account] as number) >= 0, 'what was promised when the locks were granted can be done');
  }
  return { balances, ...without(context, transaction) };
}

const resourceMachine = setup({
  types: {
    context: {} as ResourceContext,
    events: {} as ResourceEvent,
    input: {} as ResourceInput,
    emitted: {} as SendEvent<ResourceAnswer>,
  },
  guards: {
    canHold: ({ context, event }) => event.type === 'Lock' && canHold(context, event),
  },
  actions: {
    hold: assign(({ context, event }) => {
      assertEvent(event, 'Lock');
      return { held: { ...context.held, [event.transaction]: event.operations } };
    }),
    apply: assign(({ context, event }) => applied(context, event.transaction)),
    release: assign(({ context, event }) => without(context, event.transaction)),
    replyLocked: send(({ event }) => ({ to: event.from, message: { type: 'Locked' } })),
    replyRefused: send(({ event }) => ({ to: event.from, message: { type: 'Refused' } })),
    replyDone: send(({ event }) => ({ to: event.from, message: { type: 'Done' } })),
  },
}).createMachine({
  id: 'resource',
  context: ({ input: { balances, recovered } }) => ({
    balances: recovered?.balances ?? balances,
    held: recovered?.held ?? {},
  }),
  initial: 'open',
  states: {
    open: {
      on: {
        Lock: [
          { guard: 'canHold', actions: ['hold', 'replyLocked'], description: 'Free, and enough there: grant' },
          { actions: 'replyRefused' },
        ],
        Apply: { actions: ['apply', 'replyDone'], description: 'Do what was promised, once' },
        Release: { actions: ['release', 'replyDone'] },
      },
    },
  },
});

/** The accounts of one node. */
export const resource = defineProtocol({
  name: 'two-phase-commit-resource',
  machine: resourceMachine,
  messages: { Lock: lock, Apply: apply, Release: release },
  durable: ['balances', 'held'],
});
