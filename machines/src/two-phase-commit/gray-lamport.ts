import { type Address, defineProtocol, type HostInput, type Received, type SendEvent, send } from '@synod/protocol';
import { assign, setup } from 'xstate';
import { abort, commit, type Decision, type Prepared, prepared } from './messages.ts';

// Two-phase commit as the module TwoPhase of Gray and Lamport, *Consensus on Transaction Commit* (2006), §3 and appendix, has it:
// resource managers prepare without being asked, and nobody fails. It is small enough to have known numbers of states.

interface Asked {
  readonly at: number;
}

interface ManagerContext {
  readonly resourceManagers: readonly Address[];
  /** The resource managers from which Prepared came, in order of name. */
  readonly tmPrepared: readonly Address[];
}

interface ManagerInput extends HostInput {
  readonly resourceManagers: readonly Address[];
}

/** TM: collects Prepared, and decides. */
const transactionManagerMachine = setup({
  types: {
    context: {} as ManagerContext,
    input: {} as ManagerInput,
    events: {} as
      | Received<Prepared>
      | (Asked & { readonly type: 'transactionManager.commit' | 'transactionManager.abort' }),
    emitted: {} as SendEvent<Decision>,
  },
  guards: {
    allPrepared: ({ context }) => context.tmPrepared.length === context.resourceManagers.length,
  },
  actions: {
    countPrepared: assign(({ context, event }) =>
      'from' in event && !context.tmPrepared.includes(event.from)
        ? { tmPrepared: [...context.tmPrepared, event.from].sort() }
        : {},
    ),
    sendCommit: send(({ context }) => ({ to: context.resourceManagers, message: { type: 'Commit' } })),
    sendAbort: send(({ context }) => ({ to: context.resourceManagers, message: { type: 'Abort' } })),
  },
}).createMachine({
  id: 'transactionManager',
  context: ({ input }) => ({ resourceManagers: input.resourceManagers, tmPrepared: [] }),
  initial: 'init',
  states: {
    init: {
      on: {
        Prepared: { actions: 'countPrepared', description: 'TMRcvPrepared(r)' },
        'transactionManager.commit': {
          guard: 'allPrepared',
          target: 'committed',
          actions: 'sendCommit',
          description: 'TMCommit',
        },
        'transactionManager.abort': { target: 'aborted', actions: 'sendAbort', description: 'TMAbort' },
      },
    },
    committed: {},
    aborted: {},
  },
});

interface ResourceInput extends HostInput {
  readonly transactionManager: Address;
}

/** RM: prepares or aborts by itself, and follows the decision. */
const resourceManagerMachine = setup({
  types: {
    context: {} as { readonly transactionManager: Address },
    input: {} as ResourceInput,
    events: {} as Received<Decision> | (Asked & { readonly type: 'resourceManager.prepare' | 'resourceManager.abort' }),
    emitted: {} as SendEvent<Prepared>,
  },
  actions: {
    sendPrepared: send(({ context }) => ({ to: context.transactionManager, message: { type: 'Prepared' } })),
  },
}).createMachine({
  id: 'resourceManager',
  context: ({ input }) => ({ transactionManager: input.transactionManager }),
  initial: 'working',
  on: {
    Commit: { target: '.committed', description: 'RMRcvCommitMsg(r)' },
    Abort: { target: '.aborted', description: 'RMRcvAbortMsg(r)' },
  },
  states: {
    working: {
      on: {
        'resourceManager.prepare': { target: 'prepared', actions: 'sendPrepared', description: 'RMPrepare(r)' },
        'resourceManager.abort': { target: 'aborted', description: 'RMChooseToAbort(r)' },
      },
    },
    prepared: {},
    committed: {},
    aborted: {},
  },
});

export const transactionManager = defineProtocol({
  name: 'transaction-manager',
  machine: transactionManagerMachine,
  messages: { Prepared: prepared },
});

export const resourceManager = defineProtocol({
  name: 'resource-manager',
  machine: resourceManagerMachine,
  messages: { Commit: commit, Abort: abort },
});
