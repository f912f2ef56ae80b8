import type { Received } from '@synod/protocol';
import type { DetectorContext } from './context.ts';
import type { Heartbeat, Suspicion, Withdrawal } from './messages.ts';

type Update = Partial<DetectorContext>;

/** A heartbeat of the watched process, and not of a life that is over. */
export const isFresh = ({ watched, life }: DetectorContext, event: Received<Heartbeat>): boolean =>
  event.from === watched && event.life >= life;

/** It comes from a detector of the same process, and is about the life that is watched or a later one. */
export const concerns = ({ others, life }: DetectorContext, event: Received<Suspicion | Withdrawal>): boolean =>
  others.includes(event.from) && event.life >= life;

/** A detector of the same process suspects a life that is over: it has not heard of the later one. */
export const isOutdated = ({ others, life }: DetectorContext, event: Received<Suspicion>): boolean =>
  others.includes(event.from) && event.life < life;

/** What was said of an earlier life says nothing of this one. */
export const heed = (context: DetectorContext, { life }: Received<Suspicion | Withdrawal>): Update =>
  life > context.life ? { life, sources: [] } : {};

/** Another detector suspects it too; one that says so twice counts once. */
export const count = (context: DetectorContext, { from }: Received<Suspicion>): Update =>
  context.sources.includes(from) ? {} : { sources: [...context.sources, from].sort() };

export const discount = (context: DetectorContext, { from }: Received<Withdrawal>): Update => ({
  sources: context.sources.filter((source) => source !== from),
});

/** What others said before this heartbeat may have been withdrawn, and the withdrawal lost: who still suspects says so again. */
export const hear = (_: DetectorContext, { life }: Received<Heartbeat>): Update => ({ life, sources: [] });

/** This detector and enough of the others suspect it. */
export const hasQuorum = ({ sources, quorum }: DetectorContext): boolean => sources.length + 1 >= quorum;

/** Figure 10, task 3: the suspicion was wrong, as the process still lives: wait longer from now on. */
export const learnFromMistake = ({ timeoutMs, incrementMs, maxTimeoutMs, mistakes }: DetectorContext): Update => ({
  timeoutMs: Math.min(maxTimeoutMs, timeoutMs + incrementMs),
  mistakes: mistakes + 1,
});

/** A heartbeat of the life that was suspected shows that the suspicion was wrong; one of a later life, that it was right. */
export const wasMistaken = ({ suspectedLife }: DetectorContext, event: Received<Heartbeat>): boolean =>
  suspectedLife === 0 || event.life === suspectedLife;
