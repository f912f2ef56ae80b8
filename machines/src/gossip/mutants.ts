import { forgetting, type Mutant, perform, providing } from '@synod/protocol';
import { assertEvent, assign } from 'xstate';
import type { ReplicaContext } from './context.ts';
import * as exchange from './exchange.ts';
import * as learning from './learn.ts';
import type { Delta } from './messages.ts';
import type { ReplicaOutcome } from './outcome.ts';
import type { ReplicaEvent } from './wiring.ts';

// Mistakes of which the papers warn, and some that systems were built with, each in one action or guard or one list of fields.

interface Args {
  readonly context: ReplicaContext;
  readonly event: ReplicaEvent;
}

/** Another rule in the place of an action of a replica. */
const replica = (actions: Readonly<Record<string, (args: Args) => ReplicaOutcome>>) =>
  providing({
    actions: Object.fromEntries(Object.entries(actions).map(([name, rule]) => [name, perform(rule as never)])) as never,
  });

/** What was learnt, with other deltas in the place of those that came. */
const learnsOther = (other: (context: ReplicaContext, delta: Delta) => Delta) =>
  replica({
    learn: ({ context, event }) => {
      assertEvent(event, 'Delta');
      return learning.learn(
        context,
        event.deltas.map((delta) => other(context, delta)),
        event.from,
      );
    },
    spread: ({ context, event }) => {
      assertEvent(event, 'Update');
      return learning.spread(context, other(context, event.delta), event.from);
    },
  });

/** All with which a cluster is troubled that keeps its promises under any of it. */
const ALL = ['drop', 'delay', 'duplicate', 'reorder', 'partition', 'crash', 'pause', 'skew', 'disk'];

export const gossipMutants: readonly Mutant[] = [
  {
    name: 'forgets-certificates',
    mistake:
      'Death certificates are thrown away, and nobody who missed them is told: what was deleted stays alive there.',
    source: 'Demers et al. §2: without certificates, old copies bring deleted items back',
    role: 'replica',
    mutate: replica({
      beginExchange: ({ context }) => {
        const { change, emit } = exchange.beginExchange(context);
        const lives = (change?.lives ?? context.lives).map((life) => ({ ...life, floor: 0 }));
        return { change: { ...change, lives }, emit: emit ?? [] };
      },
    }),
    violates: ['Summary', 'Growth'],
    check: { model: 'retention', nodes: 2 },
  },
  {
    name: 'merges-by-arrival',
    mistake: 'What arrives last wins, whatever its version.',
    source: 'Demers et al. §1: the larger timestamp wins, and not the later arrival',
    role: 'replica',
    mutate: replica({
      learn: ({ context, event }) => {
        assertEvent(event, 'Delta');
        let { lives } = context;
        for (const { owner, epoch, to, entries } of event.deltas) {
          const known = lives.get(owner);
          if (owner === context.owner || !known || known.epoch !== epoch) continue;
          const facts = entries.reduce(
            (all, { key, value, version }) => all.set(key, { value, version, rounds: value === null ? 2 : 0 }),
            known.facts,
          );
          lives = lives.set(owner, { ...known, version: Math.max(known.version, to), facts });
        }
        return { change: { lives } };
      },
    }),
    violates: ['Growth', 'Summary', 'Validity'],
    check: { model: 'anti-entropy', nodes: 2 },
  },
  {
    name: 'skips-gaps',
    mistake: 'A version is taken for the sum of all below it, although some of them have not arrived.',
    source: 'van Renesse et al. §3: a digest of maximal versions needs updates to be taken in order',
    role: 'replica',
    mutate: learnsOther((context, delta) => ({
      ...delta,
      from: Math.min(delta.from, context.lives.get(delta.owner)?.version ?? 0),
    })),
    violates: ['Summary'],
    check: { model: 'anti-entropy', nodes: 2 },
    simulate: { simulation: 'replicas', faults: ALL, seeds: 20, seconds: 30 },
  },
  {
    name: 'keeps-no-maximum',
    mistake: 'The version is the last that was told of, although a higher one was known.',
    source: 'van Renesse et al. §3: the maximum of what was received',
    role: 'replica',
    mutate: replica({
      learn: ({ context, event }) => {
        assertEvent(event, 'Delta');
        const learnt = learning.learn(context, event.deltas, event.from);
        let lives = learnt.change?.lives ?? context.lives;
        for (const { owner, epoch, to } of event.deltas) {
          const life = lives.get(owner);
          if (owner !== context.owner && life?.epoch === epoch) lives = lives.set(owner, { ...life, version: to });
        }
        return { ...learnt, change: { ...learnt.change, lives } };
      },
    }),
    violates: ['Growth', 'Summary'],
    check: { model: 'anti-entropy', nodes: 2 },
  },
  {
    name: 'digest-off-by-one',
    mistake: 'A digest tells of one version more than is known, so that the last one is never asked for.',
    source: 'van Renesse et al. §3: what a peer lacks is what is above its version',
    role: 'replica',
    mutate: replica({
      answerDigest: ({ context, event }) => {
        assertEvent(event, 'Digest');
        const versions = event.versions.map((known) => ({ ...known, version: known.version + 1 }));
        return exchange.answerDigest(context, { ...event, versions });
      },
    }),
    violates: ['Eventual Consistency', 'Summary', 'Validity'],
    check: { model: 'merkle-convergence', nodes: 2 },
  },
  {
    name: 'forgets-epoch',
    mistake: 'A node that crashed counts from the beginning, in the life that it had before.',
    source: 'Demers et al. §1: a timestamp is never used twice; Cassandra’s generations',
    role: 'replica',
    mutate: forgetting('epoch'),
    violates: ['Validity', 'Summary', 'Growth', 'Eventual Consistency'],
    check: { model: 'anti-entropy', nodes: 2 },
    simulate: { simulation: 'replicas', faults: ALL, seeds: 20, seconds: 30 },
  },
  {
    name: 'mixes-lives',
    mistake: 'What a node wrote in an earlier life is taken for what it says in this one.',
    source: 'Cassandra: a higher generation replaces all state of a lower one',
    role: 'replica',
    mutate: learnsOther((context, delta) => ({
      ...delta,
      epoch: Math.max(delta.epoch, context.lives.get(delta.owner)?.epoch ?? 0),
    })),
    violates: ['Validity', 'Summary', 'Eventual Consistency'],
    check: { model: 'convergence', nodes: 2 },
  },
  {
    name: 'believes-about-itself',
    mistake: 'A node that is told of facts of its own that it never wrote lets that stand.',
    source: 'Das, Gupta, Motivala, SWIM §4.2: who is spoken of refutes; here with epochs',
    role: 'replica',
    mutate: replica({
      learn: ({ context, event }) => {
        assertEvent(event, 'Delta');
        return learning.learn(
          context,
          event.deltas.filter(({ owner }) => owner !== context.owner),
          event.from,
        );
      },
      answerDigest: ({ context, event }) => {
        assertEvent(event, 'Digest');
        const versions = event.versions.filter(({ owner }) => owner !== context.owner);
        return exchange.answerDigest(context, { ...event, versions });
      },
    }),
    violates: ['Eventual Consistency'],
    check: { model: 'forgery', nodes: 2 },
  },
  {
    name: 'removed-too-early',
    mistake: 'Interest is lost after the first cycle, whoever was told in it.',
    source: 'Demers et al. §1.4: after k contacts that were unnecessary',
    role: 'rumor',
    mutate: providing({ guards: { hasLostInterest: (() => true) as never } }),
    violates: ['Everybody hears'],
    check: { model: 'rumor', nodes: 3 },
  },
  {
    name: 'ignores-feedback',
    mistake: 'What the others say is not counted, so that the rumour is told for ever.',
    source: 'Demers et al. §1.4, feedback',
    role: 'rumor',
    mutate: providing({ actions: { takeFeedback: assign({}) as never } }),
    violates: ['Quiescence'],
    check: { model: 'rumor', nodes: 3 },
  },
];
