import { type Address, nextRandom, type RandomState } from '@synod/protocol';
import type { ReplicaContext } from './context.ts';
import { deliver } from './deliver.ts';
import { deltaFor, isAhead, isForgotten, type Life, UNKNOWN } from './facts.ts';
import { refute } from './learn.ts';
import { MAX_DEPTH, MAX_ITEMS } from './limits.ts';
import { type Part, partAt, treeOf } from './merkle.ts';
import type { Delta, Digest, Exchange, Hashes, Known, ReplicaMessage } from './messages.ts';
import type { ReplicaEmitted, ReplicaOutcome, Send } from './outcome.ts';
import { drawPeers } from './peers.ts';
import { nextRound } from './rules.ts';

// How two replicas come to agree: first they find out what differs, then each tells the other what it lacks, as far as messages go.

const say = (to: Address, message: ReplicaMessage): Send => ({ type: 'send', to, message });

/** What an exchange is for the other side: who is told is the one that pulls. */
const REVERSED: Readonly<Record<Exchange, Exchange>> = { push: 'pull', pull: 'push', pushPull: 'pushPull' };

const knownOf = (owner: string, { epoch, version, floor }: Life): Known => ({ owner, epoch, version, floor });

const itemsOf = ({ lives }: ReplicaContext, owners: readonly string[]): readonly Known[] =>
  owners.map((owner) => knownOf(owner, lives.get(owner) as Life));

// --- Digests -------------------------------------------------------------------------------------------------------

/** A part of the tree that one message has room for: all of it, or one that is drawn. */
function drawPart(context: ReplicaContext): readonly [path: string, part: Part, random: RandomState] {
  let [path, part, random] = ['', treeOf(context.lives), context.random];
  while (part.owners.length > context.settings.maxVersions && part.children.length > 0) {
    const [value, next] = nextRandom(random);
    random = next;
    const digit = Math.floor(value * part.children.length);
    path += digit.toString(16);
    part = part.children[digit] as Part;
  }
  return [path, part, random];
}

/** A round: the replica turns to a peer, and tells how much it knows. */
export function beginExchange(context: ReplicaContext): ReplicaOutcome {
  const round = nextRound(context);
  const now = { ...context, ...round };
  const { exchange, digest } = now.settings;
  const [[peer], drawn] = drawPeers(now, 1);
  if (peer === undefined) return { change: round };
  if (digest === 'merkle') {
    const nodes = [{ path: '', hash: treeOf(now.lives).hash }];
    return { change: { ...round, random: drawn }, emit: [say(peer, { type: 'Hashes', nodes, exchange })] };
  }
  const [path, { owners }, random] = drawPart({ ...now, random: drawn });
  const versions = [...itemsOf(now, owners)];
  return { change: { ...round, random }, emit: [say(peer, { type: 'Digest', under: [path], versions, exchange })] };
}

/** Compares hashes: where a part differs, goes down to its parts, or tells versions where few are left. */
export function compareHashes(
  context: ReplicaContext,
  { nodes, exchange, from }: Hashes & { from: Address },
): ReplicaOutcome {
  const tree = treeOf(context.lives);
  const { leafOwners, maxVersions } = context.settings;
  const under: string[] = [];
  const versions: Known[] = [];
  const below: Hashes['nodes'] = [];
  for (const { path, hash } of nodes) {
    const part = partAt(tree, path);
    if (part.hash === hash) continue;
    if (part.owners.length <= leafOwners || path.length === MAX_DEPTH) {
      if (versions.length + part.owners.length > maxVersions) continue;
      under.push(path);
      versions.push(...itemsOf(context, part.owners));
    } else if (below.length + part.children.length <= MAX_ITEMS) {
      for (const [digit, child] of part.children.entries())
        below.push({ path: path + digit.toString(16), hash: child.hash });
    }
  }
  const back = REVERSED[exchange];
  const emit: Send[] = [];
  if (below.length > 0) emit.push(say(from, { type: 'Hashes', nodes: below, exchange: back }));
  if (under.length > 0) emit.push(say(from, { type: 'Digest', under, versions, exchange: back }));
  return { emit };
}

/** What the sender of a digest lacks. That a life is over is told in any exchange, also to one who only tells. */
function lackingOf(context: ReplicaContext, { under, versions, exchange }: Digest): readonly Delta[] {
  const tree = treeOf(context.lives);
  const theirs = new Map(versions.map((known) => [known.owner, known]));
  const owners = new Set(under.flatMap((path) => partAt(tree, path).owners));
  for (const owner of theirs.keys()) owners.add(owner);
  return [...owners].sort().flatMap((owner) => {
    const life = context.lives.get(owner);
    const known = theirs.get(owner);
    const isTold = exchange !== 'push' || (life && known && life.epoch > known.epoch);
    const delta = life && isTold ? deltaFor(owner, life, known) : undefined;
    return delta ? [delta] : [];
  });
}

/** Whether something that another tells of would be news. */
function isWanted({ lives, owner }: ReplicaContext, theirs: Known): boolean {
  const life = lives.get(theirs.owner);
  if (theirs.owner === owner) return false;
  return life === undefined || (isAhead(theirs, life) && !isForgotten(life, theirs.epoch));
}

/** Answers a digest: tells what its sender lacks, asks for what is lacking here, or both, as the exchange goes. */
export function answerDigest(context: ReplicaContext, message: Digest & { from: Address }): ReplicaOutcome {
  const { versions, exchange } = message;
  const claim = versions.find(({ owner }) => owner === context.owner);
  const refuted = claim && refute(context, claim);
  const now = { ...context, ...refuted?.change };
  const delivered = deliver(now, message.from, lackingOf(now, message));
  const emit: (Send | ReplicaEmitted)[] = [...(refuted?.emit ?? []), ...(delivered.emit ?? [])];
  if (exchange !== 'pull') {
    const wanted = versions.filter((theirs) => isWanted(now, theirs));
    const known = wanted.map(({ owner }) => {
      const life = now.lives.get(owner);
      return life ? knownOf(owner, life) : { owner, epoch: UNKNOWN, version: 0, floor: 0 };
    });
    if (known.length > 0) emit.push(say(message.from, { type: 'Request', versions: known }));
  }
  return { change: { ...refuted?.change, ...delivered.change }, emit };
}

/** Tells what was asked for. */
export function answerRequest(context: ReplicaContext, versions: readonly Known[], from: Address): ReplicaOutcome {
  const deltas = versions.flatMap((theirs) => {
    const life = context.lives.get(theirs.owner);
    const delta = life && deltaFor(theirs.owner, life, theirs);
    return delta ? [delta] : [];
  });
  return deliver(context, from, deltas);
}
