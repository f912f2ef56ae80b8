import type { Address, Received } from '@synod/protocol';
import type { StateMachine } from '../replicated/index.ts';
import {
  type Applied,
  applyEntry,
  type ClientReply,
  type ClientRequest,
  type RegisterClient,
  type RegisterClientReply,
} from '../replicated/index.ts';
import type { RaftContext } from './context.ts';
import { lastIndex } from './log.ts';
import type { Entry } from './messages.ts';

// Clients (§8 of the paper, chapter 6 of the dissertation): how their requests enter the log, and how answers leave it.

type Reply = RegisterClientReply | ClientReply;

/** An entry as its embedder learns of it. */
export interface AppliedEntry {
  readonly index: number;
  readonly entry: Entry;
  readonly response: unknown;
}

/** What applying a run of entries comes to. */
export interface AppliedRun {
  readonly change: Partial<RaftContext>;
  readonly sends: readonly { readonly to: Address; readonly message: Reply }[];
  readonly entries: readonly AppliedEntry[];
}

/** The log entry of a client's request. */
export function entryOf({ currentTerm: term }: RaftContext, event: Received<RegisterClient | ClientRequest>): Entry {
  if (event.type === 'RegisterClient') return { kind: 'session', term };
  const { clientId, sequenceNum, answeredBelow, command } = event;
  return { kind: 'command', term, clientId, sequenceNum, answeredBelow, command };
}

/** Remembers who waits for the entry that was appended last: a leader answers only after it is applied. */
export const awaitApplied = ({ waiting, log }: RaftContext, from: Address): Partial<RaftContext> => ({
  waiting: waiting.set(lastIndex(log), from),
});

/** Dissertation §6.2: a server that is not leader refuses, and says who it thinks is. */
export function redirect({ leader }: RaftContext, event: Received<RegisterClient | ClientRequest>): Reply {
  return event.type === 'RegisterClient'
    ? { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint: leader }
    : { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: event.sequenceNum, leaderHint: leader };
}

/** A leader that steps down sends those who wait elsewhere; their sessions make it safe to ask again. */
export const redirectWaiting = ({ waiting, log }: RaftContext) => ({
  change: { waiting: waiting.clear() },
  sends: [...waiting.sortBy((_, index) => index)].map(([index, to]) => ({
    to,
    message: replyTo(log.at(index - 1) as Entry, 'NOT_LEADER'),
  })),
});

/** Figure 2, all servers: while commitIndex > lastApplied, apply log[lastApplied] to the state machine (§5.3). */
export function applyCommitted(machine: StateMachine, context: RaftContext): AppliedRun {
  const { log, lastApplied, commitIndex, settings } = context;
  const sends: { to: Address; message: Reply }[] = [];
  const entries: AppliedEntry[] = [];
  let { replicated, waiting } = context;
  for (const [offset, entry] of log.slice(lastApplied, commitIndex).entries()) {
    const index = lastApplied + offset + 1;
    const [next, applied] = applyEntry(machine, replicated, entry, index, settings.maxSessions);
    replicated = next;
    if (applied.status === 'OK' && !applied.repeated) entries.push({ index, entry, response: applied.response });
    const to = waiting.get(index);
    if (!to) continue;
    waiting = waiting.delete(index);
    sends.push({ to, message: replyTo(entry, applied) });
  }
  return { change: { replicated, waiting, lastApplied: commitIndex }, sends, entries };
}

function replyTo(entry: Entry, outcome: Applied | 'NOT_LEADER'): Reply {
  if (entry.kind !== 'command') {
    return outcome === 'NOT_LEADER' || outcome.status !== 'OK'
      ? { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint: null }
      : { type: 'RegisterClientReply', status: 'OK', clientId: outcome.response as number };
  }
  const { sequenceNum } = entry;
  if (outcome === 'NOT_LEADER') return { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum, leaderHint: null };
  if (outcome.status !== 'OK') return { type: 'ClientReply', status: 'SESSION_EXPIRED', sequenceNum };
  return { type: 'ClientReply', status: 'OK', sequenceNum, response: outcome.response };
}
