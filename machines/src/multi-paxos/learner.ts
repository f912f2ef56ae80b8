import type { Received } from '@synod/protocol';
import { sameBallot } from '../paxos/ballot.ts';
import type { StateMachine } from '../replicated/index.ts';
import type { ReplicaContext } from './context.ts';
import { acceptedIn, fitting, record } from './log.ts';
import type { Accept, CatchUp, CatchUpRequest, Heartbeat, Proposal } from './messages.ts';

// The learner (*Paxos Made Simple* §2.3): the leader counts, and tells the others up to which slot all is chosen.

type Update = Partial<ReplicaContext>;

/**
 * What was accepted in the leader's own ballot is what the leader says is chosen, since it proposes one value for a slot. Of what
 * was accepted in an earlier ballot that is not known; it must be fetched.
 */
export function learnThrough({ log, chosenThrough }: ReplicaContext, event: Received<Accept | Heartbeat>): Update {
  let slot = chosenThrough;
  while (slot < event.chosenThrough && sameBallot(acceptedIn(log, slot + 1)?.ballot ?? null, event.ballot)) slot++;
  return slot === chosenThrough ? {} : { chosenThrough: slot };
}

/** More is chosen than this replica knows. */
export const lags = ({ chosenThrough }: ReplicaContext, through: number): boolean => chosenThrough < through;

/** What an announcement says is chosen and is not known here is to be asked for; but an earlier question gets its time. */
export const isToAsk = (context: ReplicaContext, event: Received<Heartbeat | CatchUp>): boolean =>
  lags(context, event.chosenThrough) && (event.type === 'CatchUp' || context.patience === 0);

export function waitOrAsk(context: ReplicaContext, event: Received<Heartbeat | CatchUp>): Update {
  if (isToAsk(context, event)) return { patience: context.settings.catchUpPatience };
  return { patience: lags(context, event.chosenThrough) ? context.patience - 1 : 0 };
}

export const catchUpRequest = ({ chosenThrough }: ReplicaContext): CatchUpRequest => ({
  type: 'CatchUpRequest',
  chosenThrough,
});

/** What the asker lacks, a bounded part of it; undefined when there is nothing. */
export function catchUp(machine: StateMachine, context: ReplicaContext, after: number): CatchUp | undefined {
  const { log, chosenThrough, settings } = context;
  if (chosenThrough <= after) return undefined;
  const bytes = ({ entry }: Proposal) => (entry.kind === 'command' ? machine.bytes(entry.command) : 0);
  const known = log.slice(after, Math.min(chosenThrough, after + settings.maxEntries)) as Proposal[];
  return { type: 'CatchUp', first: after + 1, chosen: [...fitting(known, settings.maxBytes, bytes)], chosenThrough };
}

/** Goes on from where this replica is, and further. */
export const bringsNews = ({ chosenThrough }: ReplicaContext, { first, chosen }: CatchUp): boolean =>
  first <= chosenThrough + 1 && chosenThrough + 1 < first + chosen.length;

/**
 * Keeps what was chosen, each with the ballot that the sender has it from. That is no lower than the one in which it was chosen,
 * in which and above which nothing else is ever proposed: so a later proposer that finds it here is not misled.
 */
export function learnChosen({ log, chosenThrough }: ReplicaContext, { first, chosen }: Received<CatchUp>): Update {
  const news = chosen.slice(chosenThrough + 1 - first);
  return { log: record(log, chosenThrough + 1, news), chosenThrough: chosenThrough + news.length };
}
