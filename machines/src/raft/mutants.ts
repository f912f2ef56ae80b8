import { forgetting, type Mutant, perform, providing, type Received } from '@synod/protocol';
import { keyValue, type StateMachine } from '../replicated/index.ts';
import type { RaftContext } from './context.ts';
import { isUpToDate, lastIndex } from './log.ts';
import type { AppendEntries, RaftEvent, RequestVote, RequestVoteReply } from './messages.ts';
import * as rules from './rules.ts';
import { PROGRESS } from './simulation.ts';

// Mistakes of which the paper warns and that real systems made, each in one guard, one action or one list of fields.

type Update = Partial<RaftContext>;
interface Args<E> {
  readonly context: RaftContext;
  readonly event: E;
}

const guard = <E = RaftEvent>(name: string, holds: (context: RaftContext, event: E) => boolean) =>
  providing({ guards: { [name]: (({ context, event }: Args<E>) => holds(context, event)) as never } });

/** An action that only changes context. */
const update = <E = RaftEvent>(name: string, rule: (context: RaftContext, event: E) => Update) =>
  providing({
    actions: { [name]: perform(({ context, event }) => ({ change: rule(context as RaftContext, event as E) })) },
  });

/** How far `count` servers agree with the leader. */
const agreed = ({ log, matchIndex }: RaftContext, count: number): number =>
  [lastIndex(log), ...Object.values(matchIndex)].sort((a, b) => b - a)[count - 1] ?? 0;

const half = ({ peers }: RaftContext): number => Math.floor((peers.length + 1) / 2);

/** A state machine whose sessions remember nothing: what is asked twice is done twice. */
const applyAnew = perform(({ context: given }) => {
  const context = given as RaftContext;
  const machine = keyValue as unknown as StateMachine;
  let { state } = context.replicated;
  let { sessions } = context.replicated;
  const emit: { type: 'send'; to: string; message: object }[] = [];
  for (const [offset, entry] of context.log.slice(context.lastApplied, context.commitIndex).entries()) {
    const index = context.lastApplied + offset + 1;
    const to = context.waiting.get(index);
    if (entry.kind === 'session') {
      sessions = sessions.set(index, { answeredBelow: 0, responses: context.waiting.clear() });
      if (to) emit.push({ type: 'send', to, message: { type: 'RegisterClientReply', status: 'OK', clientId: index } });
    } else if (entry.kind === 'command') {
      const [next, response] = machine.apply(state, entry.command, index);
      state = next;
      const { sequenceNum } = entry;
      if (to) emit.push({ type: 'send', to, message: { type: 'ClientReply', status: 'OK', sequenceNum, response } });
    }
  }
  return { change: { replicated: { state, sessions }, lastApplied: context.commitIndex }, emit: emit as never };
});

const SAFETY = ['Election Safety', 'Leader Append-Only', 'Log Matching', 'Leader Completeness', 'State Machine Safety'];

/** What the simulator calls a history that no single object could have. */
const LINEARIZABILITY = 'Linearizability';

const crashing = { simulation: 'store', nodes: 3, faults: ['crash:high', 'drop', 'delay'], seeds: 100, seconds: 30 };
const troubled = {
  simulation: 'small-parts',
  nodes: 3,
  faults: ['partition:high', 'crash:high', 'drop:high', 'delay:high', 'reorder', 'duplicate'],
  seeds: 200,
  seconds: 30,
};

export const raftMutants: readonly Mutant[] = [
  {
    name: 'forgets-vote',
    mistake: 'votedFor does not survive a crash: a server votes twice in a term.',
    source: 'figure 2: persistent state on all servers',
    role: 'server',
    mutate: forgetting('votedFor'),
    violates: SAFETY,
    check: { model: 'crashes', nodes: 3 },
  },
  {
    name: 'forgets-term',
    mistake: 'currentTerm does not survive a crash: a server votes in a term in which it has voted before.',
    source: 'figure 2: persistent state on all servers',
    role: 'server',
    mutate: forgetting('currentTerm'),
    violates: SAFETY,
    check: { model: 'crashes', nodes: 3 },
  },
  {
    name: 'acknowledges-before-durable',
    mistake: 'A server answers before its log is on the disk, and a crash loses what it has acknowledged.',
    source: 'figure 2: updated on stable storage before responding to RPCs',
    role: 'server',
    mutate: forgetting('log'),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'crashes', nodes: 3 },
    simulate: crashing,
  },
  {
    name: 'grants-without-up-to-date-check',
    mistake: 'A server votes for any candidate, also for one whose log lacks committed entries.',
    source: '§5.4.1',
    role: 'server',
    mutate: guard<Received<RequestVote>>(
      'grantsVote',
      (context, event) =>
        rules.isCurrent(context, event) && (context.votedFor === null || context.votedFor === event.from),
    ),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'election', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'votes-by-length-alone',
    mistake: 'Of two logs the longer one counts as more up-to-date, whatever the term of its last entry.',
    source: '§5.4.1',
    role: 'server',
    mutate: guard<Received<RequestVote>>(
      'grantsVote',
      (context, event) =>
        rules.isCurrent(context, event) &&
        (context.votedFor === null || context.votedFor === event.from) &&
        (event.lastLogIndex >= lastIndex(context.log) ||
          isUpToDate(context.log, event.lastLogIndex, event.lastLogTerm)),
    ),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'figure-8', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'commits-old-terms',
    mistake: 'A leader commits an entry of an earlier term by counting replicas.',
    source: '§5.4.2 and figure 8',
    role: 'server',
    mutate: update('advanceCommitIndex', (context) => {
      const index = agreed(context, half(context) + 1);
      return index > context.commitIndex ? { commitIndex: index } : {};
    }),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'figure-8', nodes: 3 },
  },
  {
    name: 'commits-by-half',
    mistake: 'A leader commits what half of the servers have.',
    source: '§5.3: a majority of the servers',
    role: 'server',
    mutate: update('advanceCommitIndex', (context) => {
      const index = agreed(context, half(context));
      const entry = context.log.at(index - 1);
      return index > context.commitIndex && entry?.term === context.currentTerm ? { commitIndex: index } : {};
    }),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'election', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'leads-by-half',
    mistake: 'A candidate leads with the votes of half of the servers.',
    source: '§5.2: votes from a majority of the servers',
    role: 'server',
    mutate: guard('hasMajority', (context) => context.votesGranted.length >= half(context)),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'election', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'counts-late-votes',
    mistake: 'A candidate counts votes that it was given in an earlier term.',
    source: '§5.2: votes in the same term',
    role: 'server',
    mutate: guard<Received<RequestVoteReply>>(
      'isVote',
      ({ peers }, event) => event.voteGranted && peers.includes(event.from),
    ),
    violates: SAFETY,
    check: { model: 'election', nodes: 3 },
  },
  {
    name: 'truncates-always',
    mistake: 'A follower cuts its log at prevLogIndex with each AppendEntries, also where nothing conflicts.',
    source: 'figure 2, AppendEntries RPC, receiver, rule 3: only if an existing entry conflicts',
    role: 'server',
    mutate: update<Received<AppendEntries>>('appendEntries', ({ log, commitIndex }, event) => {
      const { prevLogIndex, entries, leaderCommit } = event;
      const next = log.take(prevLogIndex).append(entries);
      return { log: next, commitIndex: Math.max(commitIndex, Math.min(leaderCommit, prevLogIndex + entries.length)) };
    }),
    violates: [...SAFETY, LINEARIZABILITY, PROGRESS],
    simulate: troubled,
  },
  {
    name: 'commits-what-it-lacks',
    mistake: 'A follower takes leaderCommit for its own, without asking whether it has those entries.',
    source: 'figure 2, AppendEntries RPC, receiver, rule 5: min(leaderCommit, index of last new entry)',
    role: 'server',
    mutate: update<Received<AppendEntries>>('appendEntries', (context, event) => ({
      ...rules.appendEntries(context, event),
      commitIndex: Math.max(context.commitIndex, event.leaderCommit),
    })),
    violates: [...SAFETY, LINEARIZABILITY],
    check: { model: 'replication', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'forgets-to-step-down',
    mistake: 'A leader that hears of a higher term goes on as if nothing had been said.',
    source: '§5.1: a leader that discovers that its term is out of date reverts to follower',
    role: 'server',
    mutate: guard(
      'seesHigherTerm',
      (context, event) => context.leader !== context.self && rules.seesHigherTerm(context, event),
    ),
    violates: [PROGRESS],
    simulate: { simulation: 'store', nodes: 3, faults: ['partition:high'], seeds: 20, seconds: 30 },
  },
  {
    name: 'applies-twice',
    mistake: 'A command that a client sends again is applied again: the sessions are not asked.',
    source: '§8 and dissertation §6.3: linearizable semantics need sessions',
    role: 'server',
    mutate: providing({ actions: { applyCommitted: applyAnew } }),
    violates: [LINEARIZABILITY],
    simulate: { simulation: 'store', nodes: 3, faults: ['drop:high', 'delay:high'], seeds: 50, seconds: 30 },
  },
];
