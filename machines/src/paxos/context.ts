import { type Address, assert, type HostInput, nextRandom, type RandomState } from '@synod/protocol';
import { intersects, majority, type ReadWrite } from '@synod/quorum';
import type { Ballot } from './ballot.ts';
import type { Proposal, Value } from './messages.ts';

/**
 * Which acceptors suffice: `read` of them to promise, `write` of them to accept. Each of the one kind meets each of the other; the
 * paper takes majorities for both.
 */
export type Quorums = ReadWrite;

// --- Proposer ----------------------------------------------------------------------------------------------------

/** §2.5: a proposer remembers the highest number it has tried, and begins phase 1 with a higher one. */
export interface ProposerDurable {
  /** The round of the last ballot it began, or of a higher one of which a Nack told; 0 before the first. Never decreases. */
  readonly round: number;
  /** What a client asked it to propose; null before. Kept, so that it goes on after a crash. Never changes but from null. */
  readonly value: Value | null;
}

export interface ProposerContext extends ProposerDurable {
  /** The acceptors that promised the present ballot, sorted; empty outside phases 1 and 2. */
  readonly promisedBy: readonly Address[];
  /** The highest-numbered proposal that they told of; null when there is none, and outside phase 1. */
  readonly found: Proposal | null;
  /** The value of the present ballot's proposal; null outside phase 2. */
  readonly proposed: Value | null;
  /** What was chosen, once it is known. */
  readonly chosen: Value | null;

  readonly self: Address;
  readonly acceptors: readonly Address[];
  readonly quorums: Quorums;
  /** Ballots given up so far, at most 16: each doubles the range of the next wait. */
  readonly failures: number;
  /** How long this wait lasts, in milliseconds. */
  readonly backoffMs: number;
  readonly random: RandomState;
  readonly settings: ProposerSettings;
}

export interface ProposerSettings {
  /** A ballot that takes longer than this, in milliseconds, is given up: something was lost. Default 300. */
  readonly roundTimeoutMs: number;
  /** The wait after the first failure is drawn from 0 to this, in milliseconds; the range doubles with each. Default 50. */
  readonly firstBackoffMs: number;
  /** No wait is longer than this, in milliseconds. Default 5,000. */
  readonly maxBackoffMs: number;
}

/** `quorums` are majorities by default, and must be the same for all. */
export interface ProposerInput extends HostInput<ProposerDurable>, Partial<ProposerSettings> {
  readonly acceptors: readonly Address[];
  readonly quorums?: Quorums;
}

/** What a proposer knows of a ballot that it has not begun, or has given up. */
export const noBallot = { promisedBy: [], found: null, proposed: null } as const;

export function proposerContext(input: ProposerInput): ProposerContext {
  const { self, seed, acceptors, recovered = {} } = input;
  const { roundTimeoutMs = 300, firstBackoffMs = 50, maxBackoffMs = 5_000 } = input;
  assert(
    roundTimeoutMs > 0 && 0 < firstBackoffMs && firstBackoffMs <= maxBackoffMs,
    '0 < roundTimeoutMs, 0 < firstBackoffMs ≤ maxBackoffMs',
  );
  const { round = 0, value = null } = recovered;
  return {
    round,
    value,
    ...noBallot,
    chosen: null,
    self,
    acceptors,
    quorums: quorumsOf(acceptors, input.quorums),
    failures: 0,
    backoffMs: firstBackoffMs,
    random: seed,
    settings: { roundTimeoutMs, firstBackoffMs, maxBackoffMs },
  };
}

function quorumsOf(acceptors: readonly Address[], given?: Quorums): Quorums {
  const { read, write } = given ?? { read: majority(acceptors), write: majority(acceptors) };
  assert(intersects(read, write), 'each read quorum meets each write quorum');
  return { read, write };
}

/** The wait before the next ballot: randomised, and longer after each failure, so that one of two proposers gets through. */
export function drawBackoff({ random, failures, settings }: ProposerContext): Partial<ProposerContext> {
  const [value, next] = nextRandom(random);
  const longest = Math.min(settings.maxBackoffMs, settings.firstBackoffMs * 2 ** failures);
  return { random: next, failures: Math.min(failures + 1, 16), backoffMs: Math.round(value * longest) };
}

// --- Acceptor ----------------------------------------------------------------------------------------------------

/** §2.2, §2.5: what an acceptor must remember, even if it fails and restarts. */
export interface AcceptorDurable {
  /** The highest ballot promised; null before the first. Never decreases. */
  readonly promised: Ballot | null;
  /** The highest-numbered proposal accepted; null before the first. Its ballot is at most `promised`. */
  readonly accepted: Proposal | null;
}

export interface AcceptorContext extends AcceptorDurable {
  readonly learners: readonly Address[];
}

export interface AcceptorInput extends HostInput<AcceptorDurable> {
  readonly learners: readonly Address[];
}

export const acceptorContext = ({ learners, recovered = {} }: AcceptorInput): AcceptorContext => ({
  promised: recovered.promised ?? null,
  accepted: recovered.accepted ?? null,
  learners,
});

// --- Learner -----------------------------------------------------------------------------------------------------

/** *The Part-Time Parliament* §2.1: a decree once entered in a ledger, in indelible ink, stays there. */
export interface LearnerDurable {
  /** What was chosen, once it is known. Never changes but from null. */
  readonly chosen: Value | null;
}

export interface LearnerContext extends LearnerDurable {
  /** By acceptor, the highest-numbered proposal of whose acceptance it told; empty once `chosen` is known. */
  readonly accepted: Readonly<Record<Address, Proposal>>;

  /** The proposers, and the other learners. */
  readonly others: readonly Address[];
  readonly quorums: Quorums;
  /** How long it waits before it asks, in milliseconds. */
  readonly inquireIntervalMs: number;
}

/** `quorums` are majorities by default, and must be the same for all. */
export interface LearnerInput extends HostInput<LearnerDurable> {
  readonly acceptors: readonly Address[];
  readonly proposers: readonly Address[];
  /** All learners. */
  readonly learners: readonly Address[];
  readonly quorums?: Quorums;
  /** Default 1,000. */
  readonly inquireIntervalMs?: number;
}

export function learnerContext(input: LearnerInput): LearnerContext {
  const { self, acceptors, proposers, learners, inquireIntervalMs = 1_000, recovered = {} } = input;
  assert(inquireIntervalMs > 0, 'inquireIntervalMs is above 0');
  return {
    chosen: recovered.chosen ?? null,
    accepted: {},
    others: [...proposers, ...learners.filter((learner) => learner !== self)],
    quorums: quorumsOf(acceptors, input.quorums),
    inquireIntervalMs,
  };
}
