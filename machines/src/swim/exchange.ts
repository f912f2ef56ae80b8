import { type Metadata, nodeOf, type Received } from '@synod/protocol';
import { isUp, refused, renewed, sameMetadata } from './claims.ts';
import { at, draw, type SwimContext } from './context.ts';
import { isShort, MAX_INCARNATION, MAX_METADATA } from './limits.ts';
import type { PushPull, PushPullReply, Refusal, SwimMessage, Update } from './messages.ts';
import { tell } from './rumors.ts';

// Joining, leaving, and the exchange of whole tables (memberlist's push-pull): what piggy-backing alone cannot repair.

const send = (context: SwimContext, node: string, message: SwimMessage) => ({
  type: 'send' as const,
  to: at(context, node),
  message,
});

/** All that this member holds, the update about itself first. */
const table = ({ members, node }: SwimContext): Update[] => [
  members.get(node) as Update,
  ...members.filter((_, name) => name !== node).values(),
];

/** Asks the next seed to let this member in; each time that none of them has answered it says so. */
export function askSeed(context: SwimContext) {
  const { seeds, asks, cluster } = context;
  const seed = seeds[asks % seeds.length];
  if (seed === undefined) return {};
  const text = `None of the seeds ${seeds.join(', ')} answers; start one of them, or look at their addresses. Trying on.`;
  const failed = asks > 0 && asks % seeds.length === 0 ? [refused('SEEDS_UNREACHABLE', text)] : [];
  const message: PushPull = { type: 'PushPull', cluster, joining: true, members: table(context) };
  return { change: { asks: asks + 1 }, emit: [...failed, send(context, seed, message)] };
}

/** From how many members on tables are exchanged less often. */
const SMALL = 32;

/** How long a member waits between exchanges: with each doubling of the group one interval longer, as memberlist does. */
export const pushPullInterval = ({ settings, size }: Pick<SwimContext, 'settings' | 'size'>): number =>
  settings.pushPullMs * (size <= SMALL ? 1 : Math.ceil(Math.log2(size / SMALL)) + 1);

/**
 * Exchanges tables with a member drawn by chance among all that have not left. The dead are among them, and seeds that nobody remembers: where
 * a partition has healed, two clusters that hold each other dead become one again.
 */
export function beginPushPull(context: SwimContext) {
  const { members, order, node, seeds, cluster } = context;
  const forgotten = seeds.filter((seed) => !members.has(seed));
  let { random } = context;
  let other: string | undefined;
  for (let tries = 0; tries < 20 && other === undefined; tries++) {
    const [index, next] = draw(random, order.size + forgotten.length);
    random = next;
    const name = order.get(index) ?? (forgotten[index - order.size] as string);
    const isGone = index < order.size && (members.get(name)?.status ?? 'left') === 'left';
    if (name !== node && !isGone) other = name;
  }
  if (other === undefined) return { change: { random } };
  const message: PushPull = { type: 'PushPull', cluster, joining: false, members: table(context) };
  return { change: { random }, emit: [send(context, other, message)] };
}

export const answerPushPull = (context: SwimContext, { from }: { readonly from: string }) => {
  const message: PushPullReply = { type: 'PushPullReply', cluster: context.cluster, members: table(context) };
  return { emit: [send(context, nodeOf(from as never), message)] };
};

/** The first update of a table is about its sender; who the sender is, the host vouches for. */
export const isForged = (_: SwimContext, { from, members }: Received<PushPull | PushPullReply>): boolean =>
  members[0]?.node !== nodeOf(from);

/**
 * A second process under the name of one that is up: it says that it listens elsewhere. One that starts again at another URL is let in as soon as
 * the first is found dead; at the same URL, or without any, it is the same member.
 */
export function isDuplicate({ members }: SwimContext, { joining, members: [first] }: Received<PushPull>): boolean {
  const held = first && members.get(first.node);
  if (!joining || !held || !isUp(held)) return false;
  const [known, given] = [held.metadata.url, first.metadata.url];
  return known !== undefined && given !== undefined && known !== given;
}

type Code = Refusal['code'];

/** Refuses a message as a whole: its sender is told why, and the host. */
export function refuse(context: SwimContext, from: string, code: Code) {
  const name = nodeOf(from as never);
  const text = {
    CLUSTER_FOREIGN: `${name} is of another cluster than ${context.cluster}; give it other seeds.`,
    NODE_DUPLICATE: `A member ${name} is up and listens elsewhere; rename one of the two, or wait until the old one is found dead.`,
    FROM_FORGED: `${name} spoke in the name of another member; look at the program that sent it.`,
  }[code];
  return { emit: [refused(code, text), send(context, name, { type: 'Refusal', code, text })] };
}

/** This member leaves: it holds itself for gone, and says so (§4.1: a voluntary leave is disseminated as a failure is). */
export function leave(context: SwimContext): Partial<SwimContext> {
  const { node, incarnation, metadata, members, rumors } = context;
  const update: Update = { status: 'left', node, incarnation, metadata };
  return { members: members.set(node, update), rumors: tell(rumors, update), size: context.size - 1, probe: null };
}

/** New facts of this member, under a new incarnation. */
export function describe(context: SwimContext, metadata: Metadata) {
  if (sameMetadata(metadata, context.metadata)) return {};
  if (!isShort(metadata) || context.incarnation >= MAX_INCARNATION - 1) {
    const text = `Metadata were refused: ${MAX_METADATA.facts} facts of ${MAX_METADATA.characters} characters are the most; keep them short.`;
    return { emit: [refused('METADATA_INVALID', text)] };
  }
  const { own, change } = renewed(context, context.incarnation + 1, metadata);
  return { change: { ...change, rumors: tell(context.rumors, own) } };
}
