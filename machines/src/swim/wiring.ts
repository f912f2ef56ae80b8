import {
  assert,
  type MembershipEvent,
  type MembershipRequest,
  nodeOf,
  perform,
  type Received,
  type SendEvent,
} from '@synod/protocol';
import { assertEvent, assign, setup } from 'xstate';
import { learn, memberChanged, refused } from './claims.ts';
import type { SwimContext, SwimInput } from './context.ts';
import * as exchange from './exchange.ts';
import type { Refusal, SwimMessage, SwimTimeout, Update } from './messages.ts';
import * as probing from './probing.ts';

export type SwimEvent = Received<SwimMessage> | SwimTimeout | (MembershipRequest & { readonly at: number });

/** What a member tells its host. */
export type SwimEmitted = SendEvent<SwimMessage> | MembershipEvent;

interface Args {
  readonly context: SwimContext;
  readonly event: SwimEvent;
}

/** A rule as XState calls it, for the events that it is about. */
const on =
  <T extends SwimEvent['type'], R>(
    type: T | readonly T[],
    rule: (context: SwimContext, event: Extract<SwimEvent, { type: T }>) => R,
  ) =>
  ({ context, event }: Args): R => {
    assertEvent(event, type);
    return rule(context, event as unknown as Extract<SwimEvent, { type: T }>);
  };

/** Hears claims, and what is sent goes out with what is new. */
function hearing(context: SwimContext, updates: readonly Update[], at: number) {
  const { context: change, ...rest } = learn(context, updates, at);
  return change === context ? rest : { change, ...rest };
}

const sender = (event: SwimEvent): string => ('from' in event ? nodeOf(event.from) : '');

const carriers = ['Ping', 'Ack', 'PingReq', 'Nack'] as const;
const tables = ['PushPull', 'PushPullReply'] as const;

/** When a timer ended, on this node's clock: hosts say so of every event, XState's own `after` among them. */
function ended(event: { readonly at?: number }): number {
  assert(event.at !== undefined, 'the host says when a timer ended');
  return event.at;
}

/** A claim of this member's own, about another in its present incarnation. */
function declare(context: SwimContext, node: string, status: 'dead', at: number) {
  const held = context.members.get(node);
  if (held?.status !== 'suspect') return {};
  const { incarnation, metadata } = held;
  return hearing(context, [{ status, node, incarnation, metadata }], at);
}

const joined = (context: SwimContext, through: string | null): MembershipEvent[] => [
  { type: 'memberJoined', through },
  memberChanged(context.members.get(context.node) as Update, undefined),
];

/** The names that the chart uses, and the rules they stand for. */
export const swimSetup = setup({
  types: {
    context: {} as SwimContext,
    events: {} as SwimEvent,
    input: {} as SwimInput,
    emitted: {} as SwimEmitted,
  },
  delays: {
    joinTimeout: ({ context }) => context.settings.joinTimeoutMs,
    /** Members do not begin their periods together. */
    settling: ({ context }) => Math.ceil(context.phase * context.settings.periodMs),
    pingTimeout: ({ context }) => context.settings.pingTimeoutMs * (1 + context.health),
    period: ({ context }) => context.settings.periodMs * (1 + context.health),
    firstPushPull: ({ context }) => Math.ceil(context.phase * exchange.pushPullInterval(context)),
    pushPullInterval: ({ context }) => exchange.pushPullInterval(context),
    leaving: ({ context }) => context.settings.leaveMs,
  },
  guards: {
    isForeign: ({ context, event }) => 'cluster' in event && event.cluster !== context.cluster,
    isForged: on(tables, exchange.isForged),
    isForgedAck: on('Ack', probing.isForgedAck),
    isDuplicate: on('PushPull', exchange.isDuplicate),
    hasNoSeeds: ({ context }) => context.seeds.length === 0,
    knowsOthers: ({ context }) => context.size > 1,
    isAlone: ({ context }) => context.size === 0,
    exchangesTables: ({ context }) => context.settings.pushPullMs > 0,
    isRelayed: on('Ack', (_, { onBehalf }) => onBehalf !== undefined),
    answersProbe: on('Ack', probing.answersProbe),
    isAnswered: ({ context }) => context.probe === null || context.probe.acked,
  },
  actions: {
    askSeed: perform(({ context }) => exchange.askSeed(context)),
    announce: perform(({ context, event }) => ({ emit: joined(context, sender(event) || null) })),
    announceAlone: perform(({ context }) => ({ emit: joined(context, null) })),
    refuseForeign: perform(({ context, event }) =>
      exchange.refuse(context, 'from' in event ? event.from : '', 'CLUSTER_FOREIGN'),
    ),
    refuseForged: perform(({ context, event }) =>
      exchange.refuse(context, 'from' in event ? event.from : '', 'FROM_FORGED'),
    ),
    refuseDuplicate: perform(({ context, event }) =>
      exchange.refuse(context, 'from' in event ? event.from : '', 'NODE_DUPLICATE'),
    ),
    tellRefusal: perform(on('Refusal', (_, { code, text }: Received<Refusal>) => ({ emit: [refused(code, text)] }))),

    learn: perform(on(carriers, (context, { updates, at }) => hearing(context, updates, at))),
    learnTable: perform(on(tables, (context, { members, at }) => hearing(context, members, at))),
    answerPing: perform(
      on('Ping', (context, event) => probing.answerPing(context, { ...event, from: nodeOf(event.from) })),
    ),
    relayPing: perform(
      on('PingReq', (context, event) => probing.relayPing(context, { ...event, from: nodeOf(event.from) })),
    ),
    passOn: perform(on('Ack', probing.passOn)),
    sendNack: perform(on('relay.elapsed', probing.sendNack)),
    answerPushPull: perform(on('PushPull', exchange.answerPushPull)),

    startProbe: perform(({ context }) => probing.startProbe(context)),
    askOthers: perform(({ context }) => probing.askOthers(context)),
    countAck: assign(({ context }) => probing.countAck(context)),
    countNack: assign(on('Nack', probing.countNack)),
    worsenHealth: assign(({ context }) => probing.worseHealth(context)),
    suspectTarget: perform(({ context, event }) => hearing(context, probing.accusation(context), ended(event))),
    declareDead: perform(on('suspicion.elapsed', (context, { node, at }) => declare(context, node, 'dead', at))),
    forget: assign(
      on('retention.elapsed', (context, { node }) => ({
        members: context.members.delete(node),
        rumors: context.rumors.filter(({ update }) => update.node !== node),
      })),
    ),
    beginPushPull: perform(({ context }) => exchange.beginPushPull(context)),

    describe: perform(on('member.describe', (context, { metadata }) => exchange.describe(context, metadata))),
    leave: assign(({ context }) => exchange.leave(context)),
    sayGoodbye: perform(({ context }) => probing.sayGoodbye(context)),
    announceDeparture: perform(() => ({ emit: [{ type: 'memberDeparted' }] })),
  },
});
