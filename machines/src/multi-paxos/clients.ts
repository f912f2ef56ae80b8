import { type Address, assert, type Received } from '@synod/protocol';
import type { StateMachine } from '../replicated/index.ts';
import { type Applied, applyEntry } from '../replicated/index.ts';
import type { ReplicaContext } from './context.ts';
import { acceptedIn } from './log.ts';
import type { ClientReply, ClientRequest, Entry, RegisterClient, RegisterClientReply } from './messages.ts';

// How clients' requests come into the log, and how their answers leave it.

type Reply = RegisterClientReply | ClientReply;

/** An entry as its embedder learns of it. `index` is its slot. */
export interface AppliedEntry {
  readonly index: number;
  readonly entry: Entry;
  readonly response: unknown;
}

/** What applying a run of entries comes to. */
export interface AppliedRun {
  readonly change: Partial<ReplicaContext>;
  readonly sends: readonly { readonly to: Address; readonly message: Reply }[];
  readonly entries: readonly AppliedEntry[];
}

/** The log entry of a client's request. */
function entryOf(event: Received<RegisterClient | ClientRequest>): Entry {
  if (event.type === 'RegisterClient') return { kind: 'session' };
  const { clientId, sequenceNum, answeredBelow, command } = event;
  return { kind: 'command', clientId, sequenceNum, answeredBelow, command };
}

/** A leader's requests wait until the window has a slot for them. */
export const enqueue = (
  { queue }: ReplicaContext,
  event: Received<RegisterClient | ClientRequest>,
): Partial<ReplicaContext> => ({ queue: [...queue, { from: event.from, entry: entryOf(event) }] });

/** A replica that does not lead refuses, and says who it thinks does. */
export const redirect = ({ leader }: ReplicaContext, event: Received<RegisterClient | ClientRequest>): Reply =>
  refusal(entryOf(event), leader);

/** A leader that steps back sends those who wait elsewhere; their sessions make it safe to ask again. */
export function redirectWaiting({ waiting, queue, log }: ReplicaContext) {
  const proposed = [...waiting.entries()]
    .sort(([a], [b]) => a - b)
    .map(([slot, from]) => ({ from, entry: acceptedIn(log, slot)?.entry }));
  return [...proposed, ...queue].map(({ from, entry }) => {
    assert(entry !== undefined, 'a client waits for an entry of the log');
    return { to: from, message: refusal(entry, null) };
  });
}

/** Applies what is chosen and not yet applied, in the order of the slots. */
export function applyChosen(machine: StateMachine, context: ReplicaContext): AppliedRun {
  const { log, lastApplied, chosenThrough, settings } = context;
  const sends: { to: Address; message: Reply }[] = [];
  const entries: AppliedEntry[] = [];
  let { replicated, waiting } = context;
  for (let slot = lastApplied + 1; slot <= chosenThrough; slot++) {
    const entry = acceptedIn(log, slot)?.entry;
    assert(entry !== undefined, 'what is chosen is in the log, without a gap');
    const [next, applied] = applyEntry(machine, replicated, entry, slot, settings.maxSessions);
    replicated = next;
    if (applied.status === 'OK' && !applied.repeated) entries.push({ index: slot, entry, response: applied.response });
    const to = waiting.get(slot);
    if (!to) continue;
    waiting = waiting.delete(slot);
    sends.push({ to, message: answer(entry, applied) });
  }
  return { change: { replicated, waiting, lastApplied: chosenThrough }, sends, entries };
}

const refusal = (entry: Entry, leaderHint: Address | null): Reply =>
  entry.kind === 'command'
    ? { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: entry.sequenceNum, leaderHint }
    : { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint };

function answer(entry: Entry, applied: Applied): Reply {
  if (entry.kind !== 'command') {
    assert(applied.status === 'OK', 'to register is never refused');
    return { type: 'RegisterClientReply', status: 'OK', clientId: applied.response as number };
  }
  const { sequenceNum } = entry;
  return applied.status === 'OK'
    ? { type: 'ClientReply', status: 'OK', sequenceNum, response: applied.response }
    : { type: 'ClientReply', status: 'SESSION_EXPIRED', sequenceNum };
}
