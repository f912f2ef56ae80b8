import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A text that nobody guesses. */
export const secret = (): string => randomBytes(24).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const equal = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** Sessions and unused tokens kept; the oldest make room. */
const MAX_SECRETS = 64;

/** What a token or a session is good for. */
export interface Permission {
  /** Whether its holder may do something to the nodes, and not only look. */
  readonly faults: boolean;
}

interface Secret extends Permission {
  readonly text: string;
}

/** Tokens that an embedder gives; those that it leaves out are drawn. */
export interface Tokens {
  readonly publisherToken?: string | undefined;
  readonly appToken?: string | undefined;
  readonly receiverToken?: string | undefined;
}

/** Who may look, who may act, and who may publish. All secrets are random, compared in constant time, and never written to a trace. */
export class Access {
  /** What a publisher sends as `Authorization: Bearer …`. */
  readonly publisherToken: string;
  /** What an app shows in the address that it publishes to: not all of them can send headers. */
  readonly appToken: string;
  /** What a receiver of `@xstate/inspect` shows in the address that it reads from. */
  readonly receiverToken: string;
  #tokens: Secret[] = [];
  #sessions: Secret[] = [];

  constructor({ publisherToken = secret(), appToken = secret(), receiverToken = secret() }: Tokens = {}) {
    this.publisherToken = publisherToken;
    this.appToken = appToken;
    this.receiverToken = receiverToken;
  }

  /** A token for one page view; `redeem` takes it. */
  newToken({ faults }: Permission): string {
    const token = { text: secret(), faults };
    this.#tokens = [...this.#tokens, token].slice(-MAX_SECRETS);
    return token.text;
  }

  /** Trades a token for a session, once. Undefined when the token is unknown or used. */
  redeem(token: string): string | undefined {
    const [redeemed] = this.#tokens.splice(this.#at(token), 1);
    if (!redeemed) return undefined;
    const session = { text: secret(), faults: redeemed.faults };
    this.#sessions = [...this.#sessions, session].slice(-MAX_SECRETS);
    return session.text;
  }

  /** Whether a token that was not used yet permits more than a session does. */
  isMore(token: string, { faults }: Permission): boolean {
    return !faults && this.#tokens[this.#at(token)]?.faults === true;
  }

  /** What a session permits; undefined when there is no such session. */
  session(session: string | undefined): Permission | undefined {
    return session === undefined ? undefined : this.#sessions.find(({ text }) => equal(text, session));
  }

  /** The place of a token; past the end when it is unknown. */
  #at(token: string): number {
    const index = this.#tokens.findIndex(({ text }) => equal(text, token));
    return index < 0 ? this.#tokens.length : index;
  }

  isApp(token: string | null): boolean {
    return token !== null && equal(token, this.appToken);
  }

  isReceiver(token: string | null): boolean {
    return token !== null && equal(token, this.receiverToken);
  }

  isPublisher(authorization: string | undefined): boolean {
    return authorization !== undefined && equal(authorization, `Bearer ${this.publisherToken}`);
  }
}

/** The value of a cookie of a request. */
export function cookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

/** Hosts by which a server on this machine may be called; anything else is another site's name bound to our address. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether the request names this server by a name it may have: a guard against DNS rebinding. */
export function isOurHost(request: IncomingMessage, host: string, port: number): boolean {
  const named = request.headers.host ?? '';
  const name = named.endsWith(`:${port}`) ? named.slice(0, -`:${port}`.length) : named;
  return LOOPBACK.has(name) || name === host || name === `[${host}]`;
}

/** Whether the request comes from this server's own page. */
export const isOurOrigin = ({ headers: { origin, host } }: IncomingMessage): boolean => origin === `http://${host}`;
