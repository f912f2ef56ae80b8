import { forgetting, type Mutant, perform, providing, send } from '@synod/protocol';
import { raise } from 'xstate';
import type { CoordinatorContext, ParticipantContext } from './context.ts';

// Mistakes of which the papers warn, each in one guard, one action or one list of records.

const guard = <C>(name: string, holds: (context: C) => boolean) =>
  providing({ guards: { [name]: (({ context }: { readonly context: C }) => holds(context)) as never } });

/** An abort, as if the coordinator had sent it. */
const abortAlone = raise(({ context }) => ({
  type: 'Abort',
  from: (context as ParticipantContext).coordinator,
  at: 0,
}));

const ALL = ['drop', 'delay', 'duplicate', 'reorder', 'partition', 'crash', 'pause', 'skew', 'disk'];
const bank = { simulation: 'bank', faults: ALL, seeds: 100, seconds: 20 };

export const commitMutants: readonly Mutant[] = [
  {
    name: 'aborts-after-voting-yes',
    mistake: 'A participant in doubt that hears nothing for a while aborts by itself.',
    source: 'BHG §7.4: in its uncertainty period a process may neither commit nor abort by itself',
    role: 'participant',
    mutate: providing({ actions: { askDecision: abortAlone as never } }),
    violates: ['Agreement', 'Unanimity'],
    check: { model: 'recovery', nodes: 2 },
    simulate: bank,
  },
  {
    name: 'aborts-when-all-are-uncertain',
    mistake: 'Cooperative termination takes it for an abort that all others are in doubt as well.',
    source: 'BHG §7.4: if all are uncertain, all are blocked',
    role: 'participant',
    mutate: providing({ actions: { tellBlocked: abortAlone as never } }),
    violates: ['Agreement', 'Unanimity'],
    check: { model: 'recovery', nodes: 2 },
  },
  {
    name: 'votes-before-durable',
    mistake:
      'The prepare record is not forced before the vote: after a crash the participant knows nothing of it, and aborts.',
    source: 'Gray 1978 §5.8; R* §2: force-write a prepare record, then vote',
    role: 'participant',
    mutate: forgetting('record'),
    violates: ['Agreement', 'Unanimity', 'Locks to the End', 'Conservation', 'Recovery'],
    check: { model: 'recovery', nodes: 2 },
    simulate: bank,
  },
  {
    name: 'decides-before-durable',
    mistake: 'The commit record is not forced before Commit is sent: after a crash the coordinator presumes an abort.',
    source: 'R* §3.1: the commit record is forced, since what has no record has aborted',
    role: 'coordinator',
    mutate: forgetting('committed'),
    violates: ['Agreement', 'Conservation', 'Unanimity', 'Recovery'],
    check: { model: 'recovery', nodes: 2 },
  },
  {
    name: 'commits-by-majority',
    mistake: 'The coordinator decides commit when most have voted yes.',
    source: 'BHG §7.3, AC3: all processes must vote yes',
    role: 'coordinator',
    mutate: guard<CoordinatorContext>(
      'haveAllVoted',
      ({ votes, participants }) => votes.length * 2 >= participants.length,
    ),
    violates: ['Agreement', 'Unanimity', 'Conservation'],
    check: { model: 'loss', nodes: 2 },
    simulate: bank,
  },
  {
    name: 'presumes-commit',
    mistake: 'A coordinator that has no record of a transaction tells who asks that it has committed.',
    source: 'R* §3: presumed abort and presumed commit need different records, and cannot be mixed',
    role: 'coordinator',
    mutate: providing({
      actions: {
        replyAbort: send(
          ({ event }) => ({ to: (event as { from?: never }).from, message: { type: 'Commit' } }) as never,
        ) as never,
      },
    }),
    violates: ['Agreement', 'Unanimity', 'Conservation'],
    check: { model: 'recovery', nodes: 2 },
    simulate: bank,
  },
  {
    name: 'forgets-before-acks',
    mistake: 'A coordinator writes its end record, and forgets, before all have acknowledged the commit.',
    source:
      'R* §3.1: the end record is written when all have acknowledged, since what is forgotten is presumed to have aborted',
    role: 'coordinator',
    mutate: guard<CoordinatorContext>('haveAllAcked', () => true),
    violates: ['Agreement', 'Unanimity', 'Conservation'],
    check: { model: 'recovery', nodes: 2 },
    simulate: bank,
  },
  {
    name: 'asks-the-coordinator-alone',
    mistake: 'A participant in doubt asks nobody but the coordinator, and waits although another participant knows.',
    source: 'BHG §7.4: a process that times out consults the other processes',
    role: 'participant',
    mutate: providing({
      actions: {
        askDecision: send(
          ({ context }) =>
            ({ to: (context as ParticipantContext).coordinator, message: { type: 'DecisionRequest' } }) as never,
        ) as never,
      },
    }),
    violates: ['Blocked or Decided'],
    check: { model: 'blocking', nodes: 2 },
  },
  {
    name: 'releases-locks-early',
    mistake: 'A participant releases its locks when it votes, and not when it decides.',
    source: 'Gray 1978 §5.7: locks are held to the end of the transaction',
    role: 'participant',
    mutate: providing({
      actions: {
        voteYes: perform(({ context }) => {
          const { coordinator, resource } = context as ParticipantContext;
          const emit = [
            { type: 'send', to: resource, message: { type: 'Release', transaction: coordinator } },
            { type: 'send', to: coordinator, message: { type: 'Vote', vote: 'yes' } },
          ];
          return { emit: emit as never };
        }) as never,
      },
    }),
    violates: ['Locks to the End', 'Conservation'],
    check: { model: 'locks', nodes: 2 },
  },
  {
    name: 'shares-locks',
    mistake: 'A resource grants an account to two transactions at once.',
    source: 'Gray 1978 §5.7: an exclusive lock',
    role: 'resource',
    mutate: providing({ guards: { canHold: (() => true) as never } }),
    violates: ['One Holder', 'Conservation'],
    check: { model: 'locks', nodes: 2 },
    simulate: { simulation: 'bank', faults: [], seeds: 5, seconds: 20 },
  },
];
