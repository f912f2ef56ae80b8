import { type Address, assert, type Received } from '@synod/protocol';
import type { CoordinatorContext, ParticipantContext, Reported } from './context.ts';
import type { Ack, CommitEvent, CommitMessage, DecisionUnknown, StateReport } from './messages.ts';

// One function for each rule of the papers. BHG is Bernstein, Hadzilacos, Goodman (1987).

type Context = CoordinatorContext | ParticipantContext;
type Change = Partial<Pick<ParticipantContext, 'turn' | 'reports' | 'acks'>>;

const withMember = (set: readonly Address[], member: Address): readonly Address[] =>
  set.includes(member) ? set : [...set, member].sort();

/** Who sent the message that an action answers. */
export function senderOf(event: CommitEvent): Address {
  assert('from' in event, `${event.type} is no message`);
  return event.from;
}

// --- Votes and acks ----------------------------------------------------------------------------------------------

export const countVote = ({ votes }: CoordinatorContext, from: Address) => ({ votes: withMember(votes, from) });
export const haveAllVoted = ({ votes, participants }: CoordinatorContext): boolean =>
  participants.every((each) => votes.includes(each));

export const countAck = ({ acks }: Context, { from }: Received<Ack>): Change => ({ acks: withMember(acks, from) });
export const withoutAck = ({ acks, participants }: CoordinatorContext): readonly Address[] =>
  participants.filter((each) => !acks.includes(each));
export const haveAllAcked = ({ acks, participants }: CoordinatorContext): boolean =>
  participants.every((each) => acks.includes(each));

// --- The election (BHG §7.5): a line of processes, of which the first that is thought operational is elected ------------

export const line = ({ coordinator, participants }: ParticipantContext): readonly Address[] => [
  coordinator,
  ...participants,
];

/** Somebody's place in the line; -1 for a stranger. */
export const placeOf = (context: ParticipantContext, process: Address): number => line(context).indexOf(process);
const ownPlace = (context: ParticipantContext): number => placeOf(context, context.self);

/** Who comes after the present coordinator; behind the end of the line, oneself. */
export const nextTurn = (context: ParticipantContext): number =>
  context.turn <= context.participants.length - 1 ? context.turn + 1 : ownPlace(context);
export const isNext = (context: ParticipantContext): boolean => nextTurn(context) === ownPlace(context);

/** Whether nobody later in the line than this participant is taken for the coordinator. */
export const mayLead = (context: ParticipantContext): boolean => context.turn <= ownPlace(context);
export const lead = (context: ParticipantContext): Change => ({ turn: ownPlace(context), reports: {}, acks: [] });

/** Whether the sender is the present coordinator or a later one: who comes earlier in the line is thought to have failed. */
export const isCoordinator = (context: ParticipantContext, from: Address): boolean =>
  placeOf(context, from) >= context.turn && from !== context.self;
export const follow = (context: ParticipantContext, from: Address): Change => ({
  turn: placeOf(context, from),
  reports: {},
  acks: [],
});

/** Those that an elected coordinator takes for operational: all behind it in the line. */
export const followers = (context: ParticipantContext): readonly Address[] =>
  line(context).slice(ownPlace(context) + 1);

/** The coordinator is thought to have failed: the next in line is told that it is elected. */
export const electNext = (context: ParticipantContext) => {
  const turn = nextTurn(context);
  const message: CommitMessage = { type: 'UrElected' };
  return { change: { turn }, emit: [{ type: 'send' as const, to: line(context)[turn] as Address, message }] };
};

// --- The termination protocol (BHG §7.5) ---------------------------------------------------------------------------

/** A process's own state, from its log. */
export const stateOf = ({ decision, prepared }: Context): Reported => decision ?? prepared ?? 'wait';

export const countReport = (
  { reports }: Context,
  { from, state }: Received<StateReport | DecisionUnknown>,
): Change => ({
  reports: { ...reports, [from]: state },
});
export const haveFollowersReported = (context: ParticipantContext): boolean =>
  followers(context).every((each) => each in context.reports);

/** The states that are known: one's own and those reported. */
const states = (context: Context): readonly Reported[] => [stateOf(context), ...Object.values(context.reports)];

/** TR1. */
export const isAnyAborted = (context: Context): boolean => states(context).includes('abort');
/** TR2. */
export const isAnyCommitted = (context: Context): boolean => states(context).includes('commit');
/** TR3. Uncertain: it has voted yes, and received no PreCommit. */
export const areAllUncertain = (context: Context): boolean => states(context).every((state) => state === 'wait');

/** TR4: those who reported that they are uncertain get a PreCommit, and an Ack is expected of each. */
export const uncertain = ({ reports, participants }: Context): readonly Address[] =>
  participants.filter((each) => reports[each] === 'wait');
export const haveUncertainAcked = (context: ParticipantContext): boolean =>
  uncertain(context).every((each) => context.acks.includes(each));

/** The other participants. */
export const peers = ({ participants, self }: Context): readonly Address[] =>
  participants.filter((each) => each !== self);
export const haveOthersReported = (context: ParticipantContext): boolean =>
  peers(context).every((each) => each in context.reports);

// --- Recovery (BHG §7.5) ------------------------------------------------------------------------------------------

/** All processes of the transaction but this one. */
export const others = (context: Context): readonly Address[] =>
  'coordinator' in context ? [context.coordinator, ...peers(context)] : context.participants;

/** The state of one that has neither decided nor, with quorums, been asked to abort. */
export const undecidedStateOf = ({ prepared }: Context): DecisionUnknown['state'] =>
  prepared === 'preCommit' ? 'preCommit' : 'wait';

/**
 * Total failure: all others are recovering as well, so that none of them will ever learn a decision from another. They say so in a message
 * of its own: a StateReport may be the late answer to a question of an earlier life, from one that is operational and goes on to decide.
 */
export const haveAllFailed = (context: Context): boolean => others(context).every((each) => each in context.reports);
