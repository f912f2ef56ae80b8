import { type Address, assert, nodeOf, perform, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, emit, raise, setup } from 'xstate';
import type { StateMachine } from '../replicated/index.ts';
import * as clients from './clients.ts';
import { drawElectionTimeout, drawHaste, type RaftContext, type RaftInput } from './context.ts';
import type { RaftEvent, RaftMessage } from './messages.ts';
import * as rules from './rules.ts';

/** What a server tells its embedder. */
export type RaftEmitted =
  /** The leader of the current term became known, or (null) unknown. */
  | { readonly type: 'leaderChanged'; readonly leader: Address | null; readonly term: number }
  /** Entries were applied, in the order of the log; a repeated command is not among them. */
  | { readonly type: 'applied'; readonly entries: readonly clients.AppliedEntry[] };

type Send = SendEvent<RaftMessage>;

interface Args {
  readonly context: RaftContext;
  readonly event: RaftEvent;
}

/** Who sent the event: a message, as all are on which something is answered. */
const sender = (event: RaftEvent): Address => {
  assert('from' in event, 'only messages are answered');
  return event.from;
};

/** A rule as XState calls it, for the events that it is about. */
const on =
  <T extends RaftEvent['type'], R>(
    type: T | readonly T[],
    rule: (context: RaftContext, event: Extract<RaftEvent, { type: T }>) => R,
  ) =>
  ({ context, event }: Args): R => {
    assertEvent(event, type);
    return rule(context, event as unknown as Extract<RaftEvent, { type: T }>);
  };

/** What a rule says, as the events that say it. */
const speaking = ({ change, sends }: { change: Partial<RaftContext>; sends: readonly Omit<Send, 'type'>[] }) => ({
  change,
  emit: sends.map((message): Send | RaftEmitted => ({ type: 'send', ...message })),
});

const leaderChanged = ({ currentTerm, leader }: RaftContext): RaftEmitted => ({
  type: 'leaderChanged',
  leader,
  term: currentTerm,
});

/** A new term begins without a leader. */
const withoutLeader = (context: RaftContext, change: Partial<RaftContext>) => ({
  change,
  emit: context.leader === null ? [] : [leaderChanged({ ...context, ...change })],
});

/** The timer of an election that was brought forward. */
const HASTE = 'haste';

const request = ['RegisterClient', 'ClientRequest'] as const;

/** The names that the chart uses, and the rules they stand for. */
export const raftSetup = (stateMachine: StateMachine) =>
  setup({
    types: {
      context: {} as RaftContext,
      events: {} as RaftEvent,
      input: {} as RaftInput,
      emitted: {} as Send | RaftEmitted,
    },
    delays: {
      electionTimeout: ({ context }) => context.electionTimeoutMs,
      heartbeatInterval: ({ context }) => context.settings.heartbeatIntervalMs,
    },
    guards: {
      seesHigherTerm: ({ context, event }) => rules.seesHigherTerm(context, event),
      seesNoHigherTerm: ({ context, event }) => !rules.seesHigherTerm(context, event),
      isStale: ({ context, event }) => rules.isStale(context, event),
      isCurrent: ({ context, event }) => rules.isCurrent(context, event),
      grantsVote: on('RequestVote', rules.grantsVote),
      isItsLeader: on('detector.suspected', ({ leader }, { node }) => leader !== null && nodeOf(leader) === node),
      isHasty: ({ context }) => context.hasty,
      isVote: on('RequestVoteReply', rules.isVote),
      hasMajority: ({ context }) => rules.hasMajority(context),
      agreesAtPrev: on('AppendEntries', rules.agreesAtPrev),
      isSuccess: on('AppendEntriesReply', rules.isSuccess),
      isConflict: on('AppendEntriesReply', rules.isConflict),
      commitIndexIsAhead: ({ context }) => context.commitIndex > context.lastApplied,
    },
    actions: {
      adoptTerm: perform(({ context, event }) => withoutLeader(context, rules.adoptTerm(context, event))),
      announceLeader: emit(({ context }) => leaderChanged(context)),
      handleAgain: raise(({ event }) => event),
      hastenElection: perform(({ context }) => {
        const { delayMs, change } = drawHaste(context);
        return { change, cancel: [HASTE], set: [{ id: HASTE, delayMs, event: { type: 'election.due' } }] };
      }),
      drawElectionTimeout: assign(({ context }) => drawElectionTimeout(context)),

      grantVote: assign(on('RequestVote', rules.grantVote)),
      replyVote: send(({ context, event }, { voteGranted }: { voteGranted: boolean }) => ({
        to: sender(event),
        message: { type: 'RequestVoteReply', term: context.currentTerm, voteGranted },
      })),
      startElection: perform(({ context }) => withoutLeader(context, rules.startElection(context))),
      requestVotes: send(({ context }) => ({ to: context.peers, message: rules.voteRequest(context) })),
      countVote: assign(on('RequestVoteReply', rules.countVote)),

      followSender: perform(({ context, event }) => {
        const leader = sender(event);
        return context.leader === leader ? {} : { change: { leader }, emit: [leaderChanged({ ...context, leader })] };
      }),
      appendEntries: assign(on('AppendEntries', rules.appendEntries)),
      replySuccess: send(({ context, event }) => ({
        to: sender(event),
        message: on('AppendEntries', rules.appended)({ context, event }),
      })),
      replyConflict: send(({ context, event }) => ({
        to: sender(event),
        message: on('AppendEntries', rules.conflict)({ context, event }),
      })),

      becomeLeader: assign(({ context }) => rules.becomeLeader(context)),
      appendNoop: assign(({ context }) => rules.append(context, { kind: 'noop', term: context.currentTerm })),
      appendRequest: assign(on(request, (context, event) => rules.append(context, clients.entryOf(context, event)))),
      awaitApplied: assign(({ context, event }) => clients.awaitApplied(context, sender(event))),
      recordMatch: assign(on('AppendEntriesReply', rules.recordMatch)),
      goBack: assign(on('AppendEntriesReply', rules.goBack)),
      advanceCommitIndex: assign(({ context }) => rules.advanceCommitIndex(context)),
      replicate: perform(({ context }) => speaking(rules.replicate(stateMachine, context, context.peers))),
      replicateToSender: perform(({ context, event }) =>
        rules.isBehind(context, sender(event)) ? speaking(rules.replicate(stateMachine, context, [sender(event)])) : {},
      ),
      probeSender: perform(({ context, event }) => speaking(rules.probe(stateMachine, context, sender(event)))),
      refuseSecondLeader: assign(on('AppendEntries', rules.refuseSecondLeader)),

      redirect: send(({ context, event }) => ({
        to: sender(event),
        message: on(request, clients.redirect)({ context, event }),
      })),
      redirectWaiting: perform(({ context }) => speaking(clients.redirectWaiting(context))),
      applyCommitted: perform(({ context }) => {
        const { change, sends, entries } = clients.applyCommitted(stateMachine, context);
        const { emit } = speaking({ change, sends });
        return { change, emit: entries.length > 0 ? [...emit, { type: 'applied', entries }] : emit };
      }),
    },
  });
