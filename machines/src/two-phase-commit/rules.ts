import { type Address, assert } from '@synod/protocol';
import type { CoordinatorContext, ParticipantContext } from './context.ts';
import type { CommitEvent } from './messages.ts';

// One function for each rule. R* is Mohan, Lindsay and Obermarck (1986), BHG is Bernstein, Hadzilacos and Goodman (1987).

const withMember = (set: readonly Address[], member: Address): readonly Address[] =>
  set.includes(member) ? set : [...set, member].sort();

/** Who sent the message that an action answers. */
export function senderOf(event: CommitEvent): Address {
  assert('from' in event, `${event.type} is no message`);
  return event.from;
}

const isAll = ({ participants }: CoordinatorContext, set: readonly Address[]): boolean =>
  participants.every((each) => set.includes(each));

export const countVote = ({ votes }: CoordinatorContext, from: Address) => ({ votes: withMember(votes, from) });
/** BHG §7.4: the coordinator decides commit only if all have voted yes. */
export const haveAllVoted = (context: CoordinatorContext): boolean => isAll(context, context.votes);

export const countAck = ({ acks }: CoordinatorContext, from: Address) => ({ acks: withMember(acks, from) });
/** R* §3.1: the end record is written when all have acknowledged. */
export const haveAllAcked = (context: CoordinatorContext): boolean => isAll(context, context.acks);
export const withoutAck = ({ participants, acks }: CoordinatorContext): readonly Address[] =>
  participants.filter((each) => !acks.includes(each));

/** BHG §7.4, cooperative termination: the coordinator may be down, but others may know. */
export const others = ({ coordinator, participants, self }: ParticipantContext): readonly Address[] => [
  coordinator,
  ...participants.filter((each) => each !== self),
];

export const noteUncertain = ({ uncertain }: ParticipantContext, from: Address) => ({
  uncertain: withMember(uncertain, from),
});

/** All other participants are in doubt as well: only the coordinator can end it. */
export const isBlocked = ({ uncertain, participants, self }: ParticipantContext): boolean =>
  participants.every((each) => each === self || uncertain.includes(each));
