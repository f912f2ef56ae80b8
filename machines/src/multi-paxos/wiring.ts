import { type Address, type Outcome, perform, type SendEvent, send } from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import type { Ballot } from '../paxos/ballot.ts';
import type { StateMachine } from '../replicated/index.ts';
import * as acceptor from './acceptor.ts';
import * as clients from './clients.ts';
import { drawLeaderTimeout, notLeading, notPreparing, type ReplicaContext, type ReplicaInput } from './context.ts';
import * as learner from './learner.ts';
import type { ReplicaEvent, ReplicaMessage } from './messages.ts';
import * as proposer from './proposer.ts';

/** What a replica tells its embedder. */
export type ReplicaEmitted =
  /** The leader of the ballot that was promised last became known, or (null) unknown. */
  | { readonly type: 'leaderChanged'; readonly leader: Address | null; readonly ballot: Ballot | null }
  /** Entries were applied, in the order of the log; a repeated command is not among them. */
  | { readonly type: 'applied'; readonly entries: readonly clients.AppliedEntry[] };

type Send = SendEvent<ReplicaMessage>;
type Done = Outcome<ReplicaContext, Send | ReplicaEmitted>;

interface Args {
  readonly context: ReplicaContext;
  readonly event: ReplicaEvent;
}

/** A rule as XState calls it, for the events that it is about. */
const on =
  <T extends ReplicaEvent['type'], R>(
    type: T | readonly T[],
    rule: (context: ReplicaContext, event: Extract<ReplicaEvent, { type: T }>) => R,
  ) =>
  ({ context, event }: Args): R => {
    assertEvent(event, type);
    return rule(context, event as unknown as Extract<ReplicaEvent, { type: T }>);
  };

const saying = (to: Send['to'], message: ReplicaMessage): Send => ({ type: 'send', to, message });

/** Makes a change, and says so when it is one of leader. */
const changing = (context: ReplicaContext, change: Partial<ReplicaContext>): Done => {
  const { leader, promised: ballot } = { ...context, ...change };
  return leader === context.leader ? { change } : { change, emit: [{ type: 'leaderChanged', leader, ballot }] };
};

const request = ['RegisterClient', 'ClientRequest'] as const;
const ofProposer = ['Prepare', 'Accept', 'Heartbeat'] as const;
const ofLeader = ['Accept', 'Heartbeat'] as const;
const toProposer = ['Promise', 'Accepted'] as const;

/** The names that the chart uses, and the rules they stand for. */
export const replicaSetup = (stateMachine: StateMachine) =>
  setup({
    types: {
      context: {} as ReplicaContext,
      events: {} as ReplicaEvent,
      input: {} as ReplicaInput,
      emitted: {} as Send | ReplicaEmitted,
    },
    delays: {
      leaderTimeout: ({ context }) => context.leaderTimeoutMs,
      heartbeatInterval: ({ context }) => context.settings.heartbeatIntervalMs,
    },
    guards: {
      isCurrent: on(ofProposer, acceptor.isCurrent),
      isOurs: on(toProposer, proposer.isOurs),
      isPreempted: on('Nack', proposer.isPreempted),
      isPrepared: ({ context }) => proposer.isPrepared(context),
      bringsNews: on('CatchUp', learner.bringsNews),
      moreIsChosen: ({ context }) => context.chosenThrough > context.lastApplied,
    },
    actions: {
      // Acceptor.
      promise: perform(({ context, event }) => changing(context, on('Prepare', acceptor.promise)({ context, event }))),
      replyPromise: send(({ context, event }) => ({
        to: event.from,
        message: on('Prepare', acceptor.promiseReply)({ context, event }),
      })),
      replyNack: perform(({ context, event: { from } }) => {
        const message = acceptor.nack(context);
        return message ? { emit: [saying(from, message)] } : {};
      }),
      follow: perform(({ context, event }) => changing(context, on(ofLeader, acceptor.follow)({ context, event }))),
      acceptProposal: perform(
        on(
          'Accept',
          (context, event): Done =>
            acceptor.isWithinWindow(context, event)
              ? { change: acceptor.accept(context, event), emit: [saying(event.from, acceptor.acceptedReply(event))] }
              : {},
        ),
      ),

      // Proposer.
      startBallot: perform(({ context }) => changing(context, proposer.startBallot(context))),
      sendPrepare: send(({ context }) => ({ to: context.peers, message: proposer.prepare(context) })),
      countPromise: assign(on('Promise', proposer.countPromise)),
      learnOfSender: perform(
        on(
          'Promise',
          (context, { from, chosenThrough }): Done =>
            learner.lags(context, chosenThrough) ? { emit: [saying(from, learner.catchUpRequest(context))] } : {},
        ),
      ),
      adoptPromised: perform(({ context, event }) =>
        changing(context, on('Nack', proposer.adoptPromised)({ context, event })),
      ),
      forgetBallot: assign(notPreparing),
      drawLeaderTimeout: assign(({ context }) => drawLeaderTimeout(context)),
      takeOver: perform(({ context }) => changing(context, proposer.takeOver(context))),
      sendHeartbeat: send(({ context }) => ({ to: context.peers, message: proposer.heartbeat(context) })),
      sendUnanswered: perform(({ context }) => ({
        emit: proposer.unanswered(context).map(({ to, message }) => saying(to, message)),
      })),
      repeatAccept: perform(({ context }) => ({
        emit: proposer.mostAwaited(context).map(({ to, message }) => saying(to, message)),
      })),
      enqueue: assign(on(request, clients.enqueue)),
      propose: perform(({ context }) => {
        const { change, accepts } = proposer.propose(context);
        return { change, emit: accepts.map((message) => saying(context.peers, message)) };
      }),
      countAccepted: assign(on('Accepted', proposer.countAccepted)),
      advanceChosen: assign(({ context }) => proposer.advanceChosen(context)),

      // Learner.
      learnThrough: assign(on(ofLeader, learner.learnThrough)),
      askIfBehind: perform(
        on(
          ['Heartbeat', 'CatchUp'],
          (context, event): Done => ({
            change: learner.waitOrAsk(context, event),
            emit: learner.isToAsk(context, event) ? [saying(event.from, learner.catchUpRequest(context))] : [],
          }),
        ),
      ),
      replyChosen: perform(
        on('CatchUpRequest', (context, { from, chosenThrough }): Done => {
          const message = learner.catchUp(stateMachine, context, chosenThrough);
          return message ? { emit: [saying(from, message)] } : {};
        }),
      ),
      learnChosen: assign(on('CatchUp', learner.learnChosen)),
      applyChosen: perform(({ context }) => {
        const { change, sends, entries } = clients.applyChosen(stateMachine, context);
        const answers = sends.map(({ to, message }): Send | ReplicaEmitted => saying(to, message));
        return { change, emit: entries.length > 0 ? [...answers, { type: 'applied', entries }] : answers };
      }),

      // Clients.
      redirect: send(({ context, event }) => ({
        to: event.from,
        message: on(request, clients.redirect)({ context, event }),
      })),
      redirectWaiting: perform(({ context }) => ({
        change: notLeading,
        emit: clients.redirectWaiting(context).map(({ to, message }) => saying(to, message)),
      })),
    },
  });
