import { type Map as ImmutableMap, Map as immutableMap, OrderedMap } from 'immutable';
import type { Entry } from './messages.ts';
import type { StateMachine } from './state-machine.ts';

/** One client's responses that it may still ask for again. */
export interface Session {
  /** Sequence numbers below this are answered, and no copy of them is ever applied again. */
  readonly answeredBelow: number;
  /** By sequence number, none below `answeredBelow`. */
  readonly responses: ImmutableMap<number, unknown>;
}

/** The replicated state: the application's own, and the sessions that make a retried command harmless (dissertation §6.3). */
export interface Replicated {
  readonly state: unknown;
  /** By client id, the one that was active longest ago first. */
  readonly sessions: OrderedMap<number, Session>;
}

/** What applying an entry came to. */
export type Applied =
  | { readonly status: 'OK'; readonly response: unknown; readonly repeated: boolean }
  | { readonly status: 'SESSION_EXPIRED' };

export const emptySessions = (): OrderedMap<number, Session> => OrderedMap();

/**
 * Applies one committed entry. All servers do the same with the same log, so they also agree on which sessions have expired:
 * when a new one would exceed `maxSessions`, the one that was active longest ago is closed.
 */
export function applyEntry(
  machine: StateMachine,
  replicated: Replicated,
  entry: Entry,
  index: number,
  maxSessions: number,
): readonly [Replicated, Applied] {
  const { state, sessions } = replicated;
  if (entry.kind === 'noop') return [replicated, { status: 'OK', response: null, repeated: false }];
  if (entry.kind === 'session') {
    const room = sessions.size < maxSessions ? sessions : sessions.delete(sessions.keySeq().first() as number);
    const session: Session = { answeredBelow: 0, responses: immutableMap() };
    return [
      { state, sessions: room.set(index, session) },
      { status: 'OK', response: index, repeated: false },
    ];
  }
  const { clientId, sequenceNum, command } = entry;
  const session = sessions.get(clientId);
  // A number below the floor is a stray copy of a command that was applied and answered long ago.
  if (!session || sequenceNum < session.answeredBelow) return [replicated, { status: 'SESSION_EXPIRED' }];
  if (session.responses.has(sequenceNum)) {
    return [replicated, { status: 'OK', response: session.responses.get(sequenceNum), repeated: true }];
  }
  const [next, response] = machine.apply(state, command, index);
  const answeredBelow = Math.max(session.answeredBelow, entry.answeredBelow);
  const responses = session.responses.filter((_, number) => number >= answeredBelow).set(sequenceNum, response);
  const active = sessions.delete(clientId).set(clientId, { answeredBelow, responses });
  return [
    { state: next, sessions: active },
    { status: 'OK', response, repeated: false },
  ];
}
