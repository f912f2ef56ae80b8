import type { MemberView } from '@synod/protocol';
import type { Clock, Timer } from '../clock.ts';
import { ageOf, KEYS } from './metadata.ts';
import { type Decision, decide, type Side, type SplitBrainOptions } from './split-brain.ts';

const DEFAULT_STABLE_MS = 20_000;

interface ArbiterHost {
  readonly clock: Clock;
  /** All members, the node itself among them; the dead are those of whom it must be decided. */
  members(): Iterable<MemberView>;
  /** It is decided: this side goes on without the dead, or stops. */
  decided(decision: Decision, dead: readonly string[]): void;
}

/**
 * Watches for a split, and decides once it has been the same for long enough who is a member and who of them is held dead. Who is suspected at
 * that moment is waited for: it turns out to be alive, or it is one more that is dead.
 */
export class Arbiter {
  readonly #options: SplitBrainOptions;
  readonly #host: ArbiterHost;
  /** What has to be stable. */
  #picture = '';
  #timer: Timer | undefined;
  /** Who was suspected when the time was over. */
  #awaited: ReadonlySet<string> | undefined;
  /** As the how manieth each member came. */
  readonly #came = new Map<string, number>();
  /** How many had come when each member that does not answer began not to. */
  readonly #since = new Map<string, number>();
  #count = 0;

  constructor(options: SplitBrainOptions, host: ArbiterHost) {
    this.#options = options;
    this.#host = host;
  }

  /** Something may have changed. */
  look(): void {
    const members = [...this.#host.members()];
    this.#remember(members);
    const picture = members
      .map(({ node, status }) => `${node} ${status === 'dead'}`)
      .sort()
      .join();
    if (picture === this.#picture) return this.#await(members);
    this.#picture = picture;
    this.close();
    if (!members.some(isDead)) return;
    const { stableAfterMs = DEFAULT_STABLE_MS } = this.#options;
    this.#timer = this.#host.clock.setTimer(() => {
      const now = [...this.#host.members()];
      this.#awaited = new Set(now.filter(isSuspect).map(({ node }) => node));
      this.#await(now);
    }, stableAfterMs);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#awaited = undefined;
  }

  #remember(members: readonly MemberView[]): void {
    const present = new Set(members.map(({ node }) => node));
    for (const node of this.#came.keys()) if (!present.has(node)) this.#came.delete(node);
    for (const node of present) if (!this.#came.has(node)) this.#came.set(node, ++this.#count);
    const silent = new Set(members.filter(({ status }) => status !== 'alive').map(({ node }) => node));
    for (const node of this.#since.keys()) if (!silent.has(node)) this.#since.delete(node);
    for (const node of silent) if (!this.#since.has(node)) this.#since.set(node, this.#count);
  }

  #await(members: readonly MemberView[]): void {
    const awaited = this.#awaited;
    if (!awaited || members.some((member) => isSuspect(member) && awaited.has(member.node))) return;
    this.close();
    const dead = members.filter(isDead).map(({ node }) => node);
    const beforeSplit = Math.min(...dead.map((node) => this.#since.get(node) ?? 0));
    const sides: Side[] = members.map((member) => ({
      node: member.node,
      isReachable: !isDead(member),
      isJoining: (this.#came.get(member.node) ?? 0) > beforeSplit,
      role: member.metadata[KEYS.role],
      age: ageOf(member),
    }));
    this.#host.decided(decide(this.#options, sides), dead);
  }
}

const isDead = ({ status }: MemberView): boolean => status === 'dead';
const isSuspect = ({ status }: MemberView): boolean => status === 'suspect';
