import { forgetting, type Mutant, providing } from '@synod/protocol';
import type { CoordinatorContext, ParticipantContext } from './context.ts';

// Mistakes of which the papers warn, each in one guard or one list of fields.

const guard = <C>(name: string, holds: (context: C) => boolean) =>
  providing({ guards: { [name]: (({ context }: { readonly context: C }) => holds(context)) as never } });

/** All with which a cluster is troubled that keeps its promises under any of it. */
const ALL = ['drop', 'delay', 'duplicate', 'reorder', 'partition', 'crash', 'pause', 'skew', 'disk'];

export const commitMutants: readonly Mutant[] = [
  {
    name: 'aborts-though-committable',
    mistake: 'An elected coordinator applies TR3, abort, although somebody that reported is committable.',
    source: 'BHG §7.5, termination rules: TR3 needs all to be uncertain',
    role: 'participant',
    mutate: guard<ParticipantContext>('areAllUncertain', () => true),
    violates: ['Agreement', 'Nonblocking 1', 'No Reversal'],
    check: { model: 'crashes', nodes: 2 },
  },
  {
    name: 'commits-though-uncertain',
    mistake: 'An elected coordinator that finds only uncertain processes goes on to commit.',
    source: 'BHG §7.5, termination rules: TR4 needs a committable one; the coordinator may have aborted',
    role: 'participant',
    mutate: guard<ParticipantContext>('areAllUncertain', () => false),
    violates: ['Agreement', 'Nonblocking 1', 'Nonblocking 2', 'Unanimity'],
    check: { model: 'crashes', nodes: 2 },
  },
  {
    name: 'one-vote-is-enough',
    mistake: 'The coordinator goes on to commit with the first yes.',
    source: 'BHG §7.3, AC3',
    role: 'coordinator',
    mutate: guard<CoordinatorContext>('haveAllVoted', ({ votes }) => votes.length > 0),
    violates: ['Unanimity', 'Agreement', 'Nonblocking 2', 'Nonblocking 1'],
    check: { model: 'crashes', nodes: 2 },
  },
  {
    name: 'forgets-its-vote',
    mistake: 'A participant that crashes forgets that it has voted yes, and aborts by itself when it comes back.',
    source: 'BHG §7.5, recovery: the yes record is forced before the vote is sent',
    role: 'participant',
    mutate: forgetting('voted'),
    violates: ['Agreement', 'Unanimity', 'Nonblocking 1', 'Nonblocking 2'],
    check: { model: 'recovery', nodes: 2 },
  },
  {
    name: 'forgets-that-it-was-committable',
    mistake: 'A coordinator that crashes after PreCommit takes itself for uncertain when it comes back, and aborts.',
    source: 'Skeen 1981 §6: the state is written before the messages of a transition are sent',
    role: 'coordinator',
    mutate: forgetting('prepared'),
    violates: ['Agreement', 'Nonblocking 1', 'Recovery'],
    check: { model: 'recovery', nodes: 2 },
  },
  {
    name: 'commits-without-a-quorum',
    mistake: 'The coordinator commits with the first acknowledgement.',
    source: 'Skeen 1982: only a commit quorum that is prepared to commit may commit',
    role: 'quorumCoordinator',
    mutate: guard<CoordinatorContext>('hasCommitQuorum', ({ acks }) => acks.length > 0),
    violates: ['Agreement'],
    check: { model: 'quorum-partition', nodes: 2 },
    simulate: { simulation: 'quorums', faults: ALL, seeds: 50, seconds: 30 },
  },
  {
    name: 'quorums-that-do-not-meet',
    mistake:
      'A surrogate coordinator commits as soon as it is prepared itself: one that commits need not meet those that abort.',
    source: 'Skeen 1982: Vc + Va > V',
    role: 'quorumParticipant',
    mutate: guard<ParticipantContext>('isCommitQuorumPrepared', ({ prepared }) => prepared === 'preCommit'),
    violates: ['Agreement'],
    check: { model: 'quorum-partition', nodes: 2 },
  },
  {
    name: 'forgets-what-it-is-prepared-for',
    mistake:
      'A participant that crashes forgets that it has acknowledged PreCommit, and may then be prepared to abort.',
    source: 'Skeen 1982: nobody is ever prepared for both outcomes',
    role: 'quorumParticipant',
    mutate: forgetting('prepared'),
    violates: ['Agreement'],
    check: { model: 'quorum-failures', nodes: 2 },
  },
];
