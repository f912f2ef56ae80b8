import { type Address, isSynodError, type Message } from '@synod/protocol';
import type { Clock, System } from '@synod/runtime';
import type { Observable } from 'rxjs';

/** How long a node waits before it asks again, in milliseconds: twice as long each time. A new leader ends the wait. */
const RETRY_MS = { shortest: 25, longest: 400 };

/** What a leader answers; one that is no leader says who may be. */
type LeaderReply = Message & { readonly status: string; readonly leaderHint?: Address | null };

/** How a request to the leader ended. */
export interface Answered<R> {
  /** Undefined when time ran out. */
  readonly reply: R | undefined;
  /** How many copies of the request may have reached the log. */
  readonly sent: number;
  /** What went wrong last. */
  readonly cause: unknown;
}

type Attempt<R> = { readonly reply: R } | { readonly error: unknown } | 'superseded';

export interface LeaderParts {
  readonly system: Pick<System, 'ask'>;
  readonly clock: Clock;
  /** The leader as this node's own Raft actor knows it. */
  readonly known: () => Address | null;
  /** Each leader that becomes known. */
  readonly elected$: Observable<Address>;
  /** Milliseconds until a request that is not answered is sent again. */
  readonly attemptTimeoutMs: number;
}

/** Brings requests to whoever leads, over elections and lost messages, until a deadline. */
export class Leader {
  readonly #parts: LeaderParts;

  constructor(parts: LeaderParts) {
    this.#parts = parts;
  }

  get isKnown(): boolean {
    return this.#parts.known() !== null;
  }

  /**
   * Sends `message` to the leader, again and again until there is an answer or `deadline` (of the clock) has passed.
   * Only a message that may be applied twice, or that carries its session's number, may go this way.
   */
  async request<R extends LeaderReply>(message: Message, deadline: number): Promise<Answered<R>> {
    const { clock, known, attemptTimeoutMs } = this.#parts;
    let [sent, cause]: [number, unknown] = [0, undefined];
    let hint: Address | null = null;
    let pauseMs = RETRY_MS.shortest;
    for (;;) {
      const remaining = deadline - clock.now();
      if (remaining <= 0) return { reply: undefined, sent, cause };
      const to: Address | null = hint ?? known();
      const hinted = hint !== null;
      hint = null;
      if (to) {
        const result: Attempt<R> = await this.#attempt(to, message, Math.min(remaining, attemptTimeoutMs));
        if (result === 'superseded') {
          sent++;
          continue;
        }
        if ('error' in result) {
          cause = result.error;
          if (!isSynodError(cause)) throw cause;
          if (!cause.definite) sent++;
          if (cause.code === 'SYSTEM_STOPPED') return { reply: undefined, sent, cause };
        } else {
          // A leader that steps down answers this too, about a request that is in its log and may yet be committed.
          sent++;
          if (result.reply.status !== 'NOT_LEADER') return { reply: result.reply, sent, cause };
          // One hint is followed at once; hints in a row may lead in a circle.
          if (!hinted && result.reply.leaderHint !== to) hint = result.reply.leaderHint ?? null;
        }
      }
      if (hint) continue;
      await this.#pause(Math.min(pauseMs, deadline - clock.now()));
      pauseMs = Math.min(2 * pauseMs, RETRY_MS.longest);
    }
  }

  /** One try. Superseded: another leader was elected meanwhile, so the answer may never come. */
  #attempt<R extends LeaderReply>(to: Address, message: Message, timeoutMs: number): Promise<Attempt<R>> {
    const { system, elected$ } = this.#parts;
    return new Promise((resolve) => {
      const elections = elected$.subscribe((leader) => {
        if (leader !== to) resolve('superseded');
      });
      system
        .ask<R>(to, message, { timeoutMs })
        .then(
          (reply) => resolve({ reply }),
          (error: unknown) => resolve({ error }),
        )
        .finally(() => elections.unsubscribe());
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        timer.cancel();
        elections.unsubscribe();
        resolve();
      };
      const timer = this.#parts.clock.setTimer(done, ms);
      const elections = this.#parts.elected$.subscribe(done);
    });
  }
}
