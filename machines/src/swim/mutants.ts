import { forgetting, type Mutant, perform, providing, type Received } from '@synod/protocol';
import { assign } from 'xstate';
import { learn } from './claims.ts';
import type { SwimContext } from './context.ts';
import type { Ping, PushPull, SwimMessage, Update } from './messages.ts';
import * as probing from './probing.ts';
import { AGREEMENT } from './simulation.ts';

// Mistakes against which the papers warn, each in one or two actions.

type Event = Received<SwimMessage>;

/** Every claim heard with a mistake: other claims in the place of the message's, or something else believed after them. */
function hearing(mistake: {
  readonly claims?: (context: SwimContext, updates: readonly Update[]) => readonly Update[];
  readonly after?: (before: SwimContext, after: SwimContext, updates: readonly Update[]) => SwimContext;
}) {
  const { claims = (_, updates) => updates, after = (_, context) => context } = mistake;
  const hear = perform(({ context, event }) => {
    const before = context as SwimContext;
    const { at, ...message } = event as unknown as Event;
    const updates = 'updates' in message ? (message as Ping).updates : (message as PushPull).members;
    const { context: heard, ...rest } = learn(before, claims(before, updates), at);
    return { change: after(before, heard, updates), ...rest } as never;
  });
  return providing({ actions: { learn: hear, learnTable: hear } });
}

/** This member's own record, under an incarnation. */
const under = (context: SwimContext, incarnation: number): SwimContext => {
  const own = { ...(context.members.get(context.node) as Update), incarnation };
  const rumors = context.rumors.map((rumor) =>
    rumor.update.node === context.node ? { ...rumor, update: own } : rumor,
  );
  return { ...context, incarnation, members: context.members.set(context.node, own), rumors };
};

const troubled = { simulation: 'group', nodes: 5, faults: ['partition', 'pause', 'drop:high'], seeds: 40, seconds: 60 };

export const swimMutants: readonly Mutant[] = [
  {
    name: 'never-refutes',
    mistake: 'A member that hears that it is suspected or dead says nothing.',
    source: '§4.2: the suspected member refutes with a higher incarnation',
    role: 'member',
    mutate: hearing({ claims: ({ node }, updates) => updates.filter((update) => update.node !== node) }),
    violates: [AGREEMENT, 'Own Incarnation'],
    simulate: troubled,
  },
  {
    name: 'refutes-in-vain',
    mistake: 'A member refutes a suspicion under the incarnation that is suspected.',
    source: '§4.2: the incarnation is incremented when the member refutes',
    role: 'member',
    mutate: hearing({ after: (before, after) => under(after, before.incarnation) }),
    violates: [AGREEMENT],
    simulate: troubled,
  },
  {
    name: 'stale-alive-wins',
    mistake: 'Alive overrides suspect and dead of the same incarnation.',
    source: '§4.2: alive overrides suspect of a lower incarnation only',
    role: 'member',
    mutate: hearing({
      after: (before, after, updates) => {
        const stale = updates.filter(({ status, node, incarnation }) => {
          const held = before.members.get(node);
          return status === 'alive' && held?.status === 'suspect' && held.incarnation === incarnation;
        });
        const members = stale.reduce((table, update) => table.set(update.node, update), after.members);
        return stale.length === 0
          ? after
          : { ...after, members, suspicions: after.suspicions.deleteAll(stale.map(({ node }) => node)) };
      },
    }),
    violates: ['News Only', 'Suspicion Has An End'],
    simulate: troubled,
  },
  {
    name: 'raises-for-others',
    mistake: 'Who suspects a member raises its incarnation.',
    source: '§4.2: only the member itself may increment its incarnation',
    role: 'member',
    mutate: providing({
      actions: {
        suspectTarget: perform(({ context, event }) => {
          const accused = probing.accusation(context as SwimContext);
          const raised = accused.map((update) => ({ ...update, incarnation: update.incarnation + 1 }));
          const { context: change, ...rest } = learn(context as SwimContext, raised, (event as unknown as Event).at);
          return { change, ...rest } as never;
        }),
      },
    }),
    violates: ['Own Incarnation'],
    check: { model: 'refutation' },
    simulate: troubled,
  },
  {
    name: 'dead-for-good',
    mistake: 'Nothing overrides a death: who was wrongly held dead, or starts again, is never let back.',
    source: 'memberlist: an alive message of a higher incarnation revives a dead member; the paper’s confirm does not',
    role: 'member',
    mutate: hearing({
      claims: ({ members }, updates) => updates.filter(({ node }) => members.get(node)?.status !== 'dead'),
    }),
    violates: [AGREEMENT],
    simulate: troubled,
  },
  {
    name: 'tells-for-ever',
    mistake: 'An update is piggy-backed without limit.',
    source: '§4.1: λ log n times at most',
    role: 'member',
    mutate: providing({
      actions: {
        startProbe: perform(({ context }) => {
          const given = context as SwimContext;
          return probing.startProbe({ ...given, settings: { ...given.settings, retransmit: 1_000 } }) as never;
        }),
      },
    }),
    violates: ['Retransmit Limit'],
    check: { model: 'refutation' },
    simulate: troubled,
  },
  {
    name: 'confirms-itself',
    mistake: 'The same suspicion heard again counts as one more.',
    source: 'Lifeguard §IV-B: independent confirmations, of different members',
    role: 'member',
    mutate: hearing({
      after: (before, after, updates) => {
        const [again] = updates.filter((update) => update.status === 'suspect' && before.suspicions.has(update.node));
        const suspicion = again && after.suspicions.get(again.node);
        if (again?.status !== 'suspect' || !suspicion) return after;
        const confirmations = [...suspicion.confirmations, again.by];
        return { ...after, suspicions: after.suspicions.set(again.node, { ...suspicion, confirmations }) };
      },
    }),
    violates: ['Independent Confirmations'],
    simulate: troubled,
  },
  {
    name: 'forgets-incarnation',
    mistake: 'A member that starts again begins at incarnation 0, with what others hold of it above.',
    source: '§4.2; memberlist: a member that comes back must exceed what is held of it',
    role: 'member',
    mutate: forgetting('incarnation'),
    violates: ['Own Incarnation', 'A suspicion is refuted'],
    check: { model: 'crash' },
    simulate: { ...troubled, faults: ['crash', 'pause', 'drop:high'] },
  },
  {
    name: 'asks-nobody',
    mistake: 'A member that gets no answer waits for the end of the period without asking others.',
    source: '§3.1: the indirect probe, without which one lossy path makes a false suspicion',
    role: 'member',
    mutate: providing({ actions: { askOthers: assign({}) } }),
    violates: ['A third is asked'],
    check: { model: 'indirect' },
  },
  {
    name: 'suspects-for-ever',
    mistake: 'A suspicion that nobody refutes never comes true.',
    source: '§4.2: when the timeout ends, the suspected member is declared failed',
    role: 'member',
    mutate: providing({ actions: { declareDead: assign({}) } }),
    violates: ['Strong Completeness', 'A member is held dead'],
    check: { model: 'completeness' },
  },
];
