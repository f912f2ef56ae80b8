import { nodeOf, type Received } from '@synod/protocol';
import { List } from 'immutable';
import { isUp } from './claims.ts';
import { at, draw, MAX_HEALTH, type SwimContext } from './context.ts';
import type { Ack, Nack, Ping, PingReq, SwimMessage, Update } from './messages.ts';
import { riding } from './rumors.ts';

// The failure detector: §3.1, with the rounds of §4.3 and the local health of Lifeguard §IV-A.

export interface Send {
  readonly to: string;
  readonly message: SwimMessage;
}

type Change = Partial<SwimContext>;

/** Sends of a rule, each with the updates that ride on it; their counts go on from one to the next. */
function sending(
  context: SwimContext,
  messages: readonly { to: string; message: (updates: Update[]) => SwimMessage }[],
) {
  let { rumors } = context;
  const emit = messages.map(({ to, message }) => {
    const ride = riding({ ...context, rumors }, to);
    rumors = ride.rumors;
    return { type: 'send' as const, to: at(context, to), message: message(ride.updates) };
  });
  return { change: rumors === context.rumors ? {} : { rumors }, emit };
}

/**
 * The next member to probe: each round goes through all of them in an order drawn anew (§4.3), so that none waits longer than two rounds.
 * Who came during a round takes a random place in what is left of it. Nothing of a table's length is copied: a draw swaps two places,
 * and only the swaps are kept.
 */
export function nextTarget(context: SwimContext): { readonly target: string | null; readonly change: Change } {
  const { members, node } = context;
  let { order, drawn, swaps, random } = context;
  for (let rounds = 0; rounds < 2; ) {
    if (drawn >= order.size) {
      rounds++;
      drawn = 0;
      swaps = swaps.clear();
      // The forgotten leave the order between rounds only.
      if (order.size !== members.size) order = List(new Set(order.filter((name) => members.has(name))));
      continue;
    }
    const [ahead, next] = draw(random, order.size - drawn);
    random = next;
    const place = drawn + ahead;
    const target = order.get(swaps.get(place) ?? place) as string;
    swaps = swaps.set(place, swaps.get(drawn) ?? drawn).delete(drawn === place ? -1 : drawn);
    drawn++;
    if (target !== node && isUp(members.get(target))) return { target, change: { order, drawn, swaps, random } };
  }
  return { target: null, change: { order, drawn, swaps, random } };
}

/** `count` different members that are up, drawn by chance, without this one and `except`. */
export function drawMembers(
  context: Pick<SwimContext, 'members' | 'order' | 'node' | 'random'>,
  count: number,
  except: readonly string[] = [],
): { readonly drawn: readonly string[]; readonly random: number } {
  const { members, order, node } = context;
  const drawn: string[] = [];
  const mayBeDrawn = (name: string) =>
    name !== node && !except.includes(name) && !drawn.includes(name) && isUp(members.get(name));
  let { random } = context;
  // As memberlist: after three draws a member it is taken that there are no more.
  for (let tries = 0; tries < 3 * order.size && tries < 100 * count && drawn.length < count; tries++) {
    const [index, next] = draw(random, order.size);
    random = next;
    const name = order.get(index) as string;
    if (mayBeDrawn(name)) drawn.push(name);
  }
  // In a group so small that chance may miss the only one there is, all are looked at.
  if (drawn.length < count && order.size <= 8 * count)
    for (const name of order) if (drawn.length < count && mayBeDrawn(name)) drawn.push(name);
  return { drawn, random };
}

/** §3.1: at the beginning of a period, ping the next member. */
export function startProbe(context: SwimContext) {
  const { target, change } = nextTarget(context);
  if (target === null) return { change: { ...change, probe: null } };
  const sequence = context.sequence + 1;
  const probe = { target, sequence, acked: false, asked: [], nacks: [] };
  const { cluster } = context;
  const ping = (updates: Update[]): Ping => ({ type: 'Ping', cluster, sequence, updates });
  const sent = sending(context, [{ to: target, message: ping }]);
  return { change: { ...change, ...sent.change, probe, sequence }, emit: sent.emit };
}

/** §3.1: no answer within the timeout: ask k others to ping on our behalf. */
export function askOthers(context: SwimContext) {
  const { probe, settings, cluster } = context;
  if (!probe) return {};
  const { target, sequence } = probe;
  const { drawn, random } = drawMembers(context, settings.indirect, [target]);
  const message = (updates: Update[]): PingReq => ({ type: 'PingReq', cluster, sequence, target, updates });
  const sent = sending(
    context,
    drawn.map((to) => ({ to, message })),
  );
  return { change: { ...sent.change, random, probe: { ...probe, asked: drawn } }, emit: sent.emit };
}

/** §3.1: who is pinged answers, also on behalf of another. */
export function answerPing(
  context: SwimContext,
  { from, sequence, onBehalf }: { from: string } & Pick<Ping, 'sequence' | 'onBehalf'>,
) {
  const { cluster, node } = context;
  const message = (updates: Update[]): Ack => ({
    ...{ type: 'Ack', cluster, sequence, node },
    ...(onBehalf && { onBehalf }),
    updates,
  });
  return sending(context, [{ to: from, message }]);
}

export const relayTimer = (of: string, sequence: number): string => `relay/${of}/${sequence}`;

/** §3.1: ping the target on behalf of who asks. Lifeguard §IV-A: where no answer comes, say at least that. */
export function relayPing(
  context: SwimContext,
  { from, sequence, target }: { from: string } & Pick<PingReq, 'sequence' | 'target'>,
) {
  const { cluster, node, settings } = context;
  if (target === node) return answerPing(context, { from, sequence });
  const onBehalf = { of: from, sequence };
  const message = (updates: Update[]): Ping => ({ type: 'Ping', cluster, sequence, onBehalf, updates });
  const sent = sending(context, [{ to: target, message }]);
  if (!settings.lifeguard.health) return sent;
  const id = relayTimer(from, sequence);
  // Early enough to arrive before the asker's period is over; 80 % of the timeout, as in memberlist.
  const delayMs = Math.ceil(settings.pingTimeoutMs * 0.8);
  return { ...sent, cancel: [id], set: [{ id, delayMs, event: { type: 'relay.elapsed', of: from, sequence } }] };
}

/** The target's answer goes on to who asked. */
export function passOn(context: SwimContext, { node, onBehalf }: Received<Ack>) {
  if (!onBehalf) return {};
  const { of, sequence } = onBehalf;
  const { cluster } = context;
  const message = (updates: Update[]): Ack => ({ type: 'Ack', cluster, sequence, node, updates });
  return { ...sending(context, [{ to: of, message }]), cancel: [relayTimer(of, sequence)] };
}

/** Lifeguard §IV-A: this member heard the question, and not the target. */
export function sendNack(context: SwimContext, { of, sequence }: { readonly of: string; readonly sequence: number }) {
  const { cluster } = context;
  const message = (updates: Update[]): Nack => ({ type: 'Nack', cluster, sequence, updates });
  return sending(context, [{ to: of, message }]);
}

/** Whether it is the answer that this period waits for. One of an earlier period says nothing of now. */
export const answersProbe = ({ probe }: SwimContext, { sequence, node, onBehalf }: Received<Ack>): boolean =>
  probe !== null && !onBehalf && !probe.acked && probe.sequence === sequence && probe.target === node;

/** Whether it speaks for a member that it is not, and was not asked to ping. Of an earlier period that cannot be told; it counts for nothing. */
export function isForgedAck({ probe }: SwimContext, { from, node, sequence, onBehalf }: Received<Ack>): boolean {
  const sender = nodeOf(from);
  if (sender === node) return false;
  return onBehalf !== undefined || (probe?.sequence === sequence && !probe.asked.includes(sender));
}

export const countAck = ({ probe, health }: SwimContext): Change =>
  probe ? { probe: { ...probe, acked: true }, health: Math.max(0, health - 1) } : {};

/** Of each that was asked one counts, however often it arrives. */
export function countNack({ probe }: SwimContext, { sequence, from }: Received<Nack>): Change {
  if (!probe || probe.sequence !== sequence) return {};
  const { asked, nacks } = probe;
  return { probe: { ...probe, nacks: asked.filter((name) => name === nodeOf(from) || nacks.includes(name)) } };
}

/** Lifeguard §IV-A: a probe failed; where not even those who were asked answered, this member is likely to be the slow one. */
export function worseHealth({ probe, health, settings }: SwimContext): Change {
  if (!probe || !settings.lifeguard.health) return {};
  const missed = probe.asked.length > 0 ? probe.asked.length - probe.nacks.length : 1;
  return { health: Math.min(MAX_HEALTH, health + missed) };
}

/** §3.1 and §4.2: the period is over without an answer: the target is suspected, by this member itself. */
export function accusation({ probe, members, node }: SwimContext): readonly Update[] {
  const held = probe && members.get(probe.target);
  if (!held || !isUp(held)) return [];
  const { incarnation, metadata } = held;
  return [{ status: 'suspect', node: held.node, incarnation, metadata, by: node }];
}

/** Says goodbye to a few at once: all others hear of it from them. */
export function sayGoodbye(context: SwimContext) {
  const { drawn, random } = drawMembers(context, context.settings.indirect + 1);
  const { cluster, sequence } = context;
  const message = (updates: Update[]): Ping => ({ type: 'Ping', cluster, sequence, updates });
  const sent = sending(
    context,
    drawn.map((to) => ({ to, message })),
  );
  return { change: { ...sent.change, random }, emit: sent.emit };
}
