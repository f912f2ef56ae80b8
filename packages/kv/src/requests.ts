import type { ClientReply, ClientRequest, RegisterClientReply } from '@synod/machines/raft';
import { isSynodError } from '@synod/protocol';
import type { Clock } from '@synod/runtime';
import * as v from 'valibot';
import { noLeader, replyInvalid, sessionExpired, sessionInvalid, stopped, timedOut } from './errors.ts';
import type { Answered, Leader } from './leader.ts';
import { ClientSession, type RequestNumber } from './session.ts';
import type { KvCommand } from './store.ts';

/** A command's place in a client's own session. */
export interface KvSession extends RequestNumber {
  readonly clientId: number;
}

/** Answers a session may have outstanding: what it does not mark as answered, all nodes must remember. */
const MAX_UNANSWERED = 1_024;

export interface RequestsParts {
  readonly leader: Leader;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

interface ExecuteOptions {
  readonly timeoutMs?: number;
  readonly session?: KvSession;
}

/** Until when, and how long that was at first. */
interface Limit {
  readonly deadline: number;
  readonly timeoutMs: number;
}

/** Commands through the log, each in a session, so that it takes effect once however often it is sent. */
export class Requests {
  readonly #parts: RequestsParts;
  /** The session of requests without one of their own. */
  #own: Promise<ClientSession> | undefined;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  /** Has `command` applied and returns its answer, which `schema` describes. */
  async execute<S extends v.GenericSchema>(
    command: KvCommand,
    schema: S,
    { timeoutMs = this.#parts.timeoutMs, session }: ExecuteOptions,
  ): Promise<v.InferOutput<S>> {
    const limit = { timeoutMs, deadline: this.#parts.clock.now() + timeoutMs };
    const response = session
      ? await this.#inSession(session, command, limit)
      : await this.#inOwnSession(command, limit);
    const parsed = v.safeParse(schema, response);
    if (parsed.success) return parsed.output;
    throw session
      ? sessionInvalid(`The session's number ${session.sequenceNum} belongs to a command of another kind`)
      : replyInvalid('The leader');
  }

  /** Registers a session and returns its id. */
  async openSession(timeoutMs = this.#parts.timeoutMs): Promise<number> {
    const deadline = this.#parts.clock.now() + timeoutMs;
    const { reply, ...rest } = await this.#parts.leader.request<RegisterClientReply>(
      { type: 'RegisterClient' },
      deadline,
    );
    // A session that nobody uses does no harm, so a registration without an answer is as good as none.
    if (!reply) throw unanswered(rest, timeoutMs, true);
    if (reply.type !== 'RegisterClientReply' || reply.status !== 'OK') throw replyInvalid('The leader');
    return reply.clientId;
  }

  async #inSession(session: KvSession, command: KvCommand, limit: Limit): Promise<unknown> {
    const { sequenceNum, answeredBelow } = session;
    const isNumbered = 0 <= answeredBelow && answeredBelow <= sequenceNum;
    if (!isNumbered || sequenceNum - answeredBelow >= MAX_UNANSWERED) {
      throw sessionInvalid(`A session has at most ${MAX_UNANSWERED} commands unanswered`);
    }
    const { response, sent } = await this.#exchange(session, command, limit);
    // Copies that went through other nodes are not known here, so not even a first try is known to have failed.
    if (response === EXPIRED) throw sessionExpired(sent);
    return response;
  }

  async #inOwnSession(command: KvCommand, limit: Limit): Promise<unknown> {
    for (;;) {
      const own = await this.#session(limit);
      const number = own.session.begin();
      try {
        const { response, sent } = await this.#exchange({ clientId: own.session.clientId, ...number }, command, limit);
        if (response !== EXPIRED) return response;
        // Others that found it expired may have opened the next one already.
        if (this.#own === own.promise) this.#own = undefined;
        // An earlier copy may have been applied before the session was closed. Of a copy that is the only one, and that a
        // transport delivers at most once, this answer is the whole story. A read does no harm twice.
        if (sent > 1 && command.type !== 'get') throw sessionExpired(sent);
      } finally {
        own.session.end(number.sequenceNum);
      }
    }
  }

  /** The node's own session, opened at its first use. Requests share the registration, each with its own deadline. */
  async #session(limit: Limit): Promise<{ session: ClientSession; promise: Promise<ClientSession> }> {
    const { clock, leader } = this.#parts;
    const { deadline, timeoutMs } = limit;
    for (;;) {
      this.#own ??= this.openSession().then((clientId) => new ClientSession(clientId));
      const promise = this.#own;
      let failure: unknown;
      const session = await within(promise, deadline - clock.now(), clock).catch((error: unknown) => {
        failure = error;
        if (this.#own === promise) this.#own = undefined;
        return undefined;
      });
      if (session) return { session, promise };
      if (failure && !isUnanswered(failure)) throw failure;
      if (clock.now() < deadline) continue;
      throw leader.isKnown ? timedOut(timeoutMs, true, failure) : noLeader(timeoutMs, failure);
    }
  }

  async #exchange(session: KvSession, command: KvCommand, limit: Limit): Promise<{ response: unknown; sent: number }> {
    const { clientId, sequenceNum, answeredBelow } = session;
    const request: ClientRequest<KvCommand> = { type: 'ClientRequest', clientId, sequenceNum, answeredBelow, command };
    const { reply, ...rest } = await this.#parts.leader.request<ClientReply>(request, limit.deadline);
    if (!reply) throw unanswered(rest, limit.timeoutMs, command.type === 'get');
    if (reply.type !== 'ClientReply' || reply.status === 'NOT_LEADER') throw replyInvalid('The leader');
    return { response: reply.status === 'OK' ? reply.response : EXPIRED, sent: rest.sent };
  }
}

const EXPIRED = Symbol('SESSION_EXPIRED');

/** What to tell of a request that no leader answered. `harmless`: it has no effect, or none that matters. */
function unanswered({ sent, cause }: Omit<Answered<never>, 'reply'>, timeoutMs: number, harmless: boolean) {
  const definite = harmless || sent === 0;
  if (isSynodError(cause, 'SYSTEM_STOPPED')) return stopped(definite, cause);
  return sent === 0 ? noLeader(timeoutMs, cause) : timedOut(timeoutMs, definite, cause);
}

const isUnanswered = (error: unknown): boolean =>
  isSynodError(error, 'KV_NO_LEADER') || isSynodError(error, 'KV_TIMEOUT');

/** The promise's value, or undefined when it has none after `ms` milliseconds. */
function within<T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(() => resolve(undefined), Math.max(0, ms));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
