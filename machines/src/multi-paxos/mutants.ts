import { forgetting, type Mutant, perform, providing, type Received } from '@synod/protocol';
import { compareBallots } from '../paxos/ballot.ts';
import type { StateMachine } from '../replicated/index.ts';
import * as acceptor from './acceptor.ts';
import * as clients from './clients.ts';
import type { ReplicaContext } from './context.ts';
import { acceptedAbove, acceptedIn, lastSlot } from './log.ts';
import type {
  Accept,
  Accepted,
  CatchUp,
  Heartbeat,
  Prepare,
  PromiseMessage,
  Proposal,
  ReplicaEvent,
} from './messages.ts';
import * as proposer from './proposer.ts';

// Mistakes of which the literature and real systems tell, each in one guard, one action or one list of fields.

type Update = Partial<ReplicaContext>;
interface Args<E> {
  readonly context: ReplicaContext;
  readonly event: E;
}

const guard = <E = ReplicaEvent>(name: string, holds: (context: ReplicaContext, event: E) => boolean) =>
  providing({ guards: { [name]: (({ context, event }: Args<E>) => holds(context, event)) as never } });

/** An action that only changes context. */
const update = <E = ReplicaEvent>(name: string, rule: (context: ReplicaContext, event: E) => Update) =>
  providing({
    actions: { [name]: perform(({ context, event }) => ({ change: rule(context as ReplicaContext, event as E) })) },
  });

type Announcement = Received<Accept | Heartbeat>;

/** Learns slots for as long as `knows` says so of the next one. */
const learning = (knows: (proposal: Proposal | null) => boolean) =>
  update<Announcement>('learnThrough', ({ log, chosenThrough }, event) => {
    let slot = chosenThrough;
    while (slot < event.chosenThrough && knows(acceptedIn(log, slot + 1))) slot++;
    return { chosenThrough: slot };
  });

/** Sends all that was accepted as if it were chosen. */
const sharesAccepted = providing({
  actions: {
    replyChosen: perform(({ context, event }) => {
      const { log } = context as ReplicaContext;
      const { from, chosenThrough: after } = event as unknown as Received<{ type: string; chosenThrough: number }>;
      const chosen = acceptedAbove(log, after).map(({ ballot, entry }) => ({ ballot, entry }));
      const message: CatchUp = { type: 'CatchUp', first: after + 1, chosen, chosenThrough: lastSlot(log) };
      return chosen.length === 0 ? {} : { emit: [{ type: 'send', to: from, message }] };
    }),
  },
});

/** Applies what is chosen as if no session remembered anything. */
const appliesAnew = (machine: StateMachine) =>
  providing({
    actions: {
      applyChosen: perform(({ context }) => {
        const { replicated, ...rest } = context as ReplicaContext;
        const sessions = replicated.sessions.map((session) => ({
          answeredBelow: 0,
          responses: session.responses.clear(),
        }));
        const forgetful = { ...rest, replicated: { ...replicated, sessions } } as ReplicaContext;
        // One slot at a time: what it remembers of one is gone before the next.
        const { change, sends } = clients.applyChosen(machine, { ...forgetful, chosenThrough: rest.lastApplied + 1 });
        return { change, emit: sends.map((each) => ({ type: 'send', ...each })) };
      }),
    },
  });

const simple = 'Paxos Made Simple';
const live = 'Paxos Made Live';
const decided = ['Agreement', 'State Machine Safety', 'Chosen Stays'];

/** Where the checker looks for it, and by which faults the simulator comes across it. */
const found = (model: string | undefined, faults?: readonly string[]): Pick<Mutant, 'role' | 'check' | 'simulate'> => ({
  role: 'replica',
  ...(model && { check: { model } }),
  ...(faults && { simulate: { simulation: 'cluster', nodes: 3, faults, seeds: 60, seconds: 20 } }),
});

const phase1: readonly Mutant[] = [
  {
    name: 'skips-phase-1',
    mistake: 'A replica leads as soon as its leader timeout has run out, without any promise.',
    source: `${simple} §3: a new leader executes phase 1 for the slots it does not know`,
    mutate: guard('isPrepared', () => true),
    violates: decided,
    ...found('late-leader', ['partition', 'crash']),
  },
  {
    name: 'ignores-accepted',
    mistake: 'A leader counts promises and does not look at what they say was accepted.',
    source: `${simple} §2.2, P2c`,
    mutate: update<Received<PromiseMessage>>('countPromise', (context, event) =>
      proposer.countPromise(context, { ...event, accepted: [] }),
    ),
    violates: decided,
    ...found('late-leader'),
  },
  {
    name: 'takes-lowest-ballot',
    mistake: 'Of what was accepted in a slot, a leader takes the value of the lowest ballot in place of the highest.',
    source: `${simple} §2.2, P2c: the value of the highest-numbered proposal`,
    mutate: update<Received<PromiseMessage>>('countPromise', (context, event) => {
      const lowered = new Map([...event.accepted, ...context.found].map((each) => [each.slot, each]));
      for (const each of [...event.accepted, ...context.found]) {
        const known = lowered.get(each.slot) ?? each;
        if (compareBallots(each.ballot, known.ballot) < 0) lowered.set(each.slot, each);
      }
      const slots = [...lowered.values()].sort((a, b) => a.slot - b.slot);
      return { ...proposer.countPromise(context, event), found: slots };
    }),
    violates: decided,
    ...found('late-leader'),
  },
  {
    name: 'leads-before-learning',
    mistake: 'A replica leads though an acceptor of its majority knows of chosen slots that it does not know itself.',
    source: `${simple} §3: the leader fills gaps with no-ops only where nothing can have been chosen`,
    mutate: guard('isPrepared', (context) => proposer.isPrepared({ ...context, mustLearnThrough: 0 })),
    violates: decided,
    ...found('late-leader', ['partition', 'crash']),
  },
  {
    name: 'breaks-promise',
    mistake: 'An acceptor takes every Accept, whatever it has promised.',
    source: `${simple} §2.2, P1a`,
    mutate: guard<Received<Prepare | Accept | Heartbeat>>(
      'isCurrent',
      (context, event) => event.type === 'Accept' || acceptor.isCurrent(context, event),
    ),
    violates: [...decided, 'Promise Kept'],
    ...found('recovery', ['partition']),
  },
];

const phase2: readonly Mutant[] = [
  {
    name: 'counts-late-answers',
    mistake: 'A Promise or Accepted of an earlier ballot counts for the present one.',
    source: `${simple} §2.2: a majority answers one proposal, with one number`,
    mutate: guard<Received<PromiseMessage | Accepted>>('isOurs', ({ peers }, { from }) => peers.includes(from)),
    violates: decided,
    ...found('second-try'),
  },
  {
    name: 'learns-any-ballot',
    mistake: 'A replica takes what it accepted in an earlier ballot for what the leader says is chosen in that slot.',
    source: `${simple} §2.3: what is chosen is a proposal, not a slot`,
    mutate: learning((proposal) => proposal !== null),
    violates: decided,
    ...found('crash', ['partition', 'crash']),
  },
  {
    name: 'skips-gaps',
    mistake: "A replica takes all slots up to the leader's word for known, also those in which it has nothing.",
    source: `${simple} §3: a command is executed after all those before it`,
    mutate: learning(() => true),
    violates: ['No Gap', ...decided],
    ...found('recovery', ['drop']),
  },
  {
    name: 'shares-accepted',
    mistake: 'Catching up hands out what was accepted as if it were chosen.',
    source: `${live} §4.2: lagging replicas catch up with what is chosen`,
    mutate: sharesAccepted,
    violates: decided,
    ...found('catch-up', ['partition', 'drop']),
  },
];

const disk: readonly Mutant[] = [
  {
    name: 'forgets-promise',
    mistake: 'A promise does not survive a crash.',
    source: `${simple} §2.5: stable storage preserves what an acceptor must remember; ${live} §5.1`,
    mutate: forgetting('promised'),
    violates: [...decided, 'One Value', 'Validity'],
    ...found('crash', ['crash']),
  },
  {
    name: 'forgets-accepted',
    mistake: 'What was accepted does not survive a crash.',
    source: `${simple} §2.5; ${live} §5.1`,
    mutate: forgetting('log', 'chosenThrough'),
    violates: decided,
    ...found('crash'),
  },
];

/** The mistakes, in a cluster that replicates `machine`. */
export const mutantsOf = (machine: StateMachine): readonly Mutant[] => [
  ...phase1,
  ...phase2,
  ...disk,
  {
    name: 'applies-anew',
    mistake: 'A command that is chosen in two slots, since its client asked twice, is applied twice.',
    source: 'Paxos Made Moderately Complex §2.1, replica: perform; Ongaro, Consensus, §6.3',
    mutate: appliesAnew(machine),
    violates: ['Linearizability'],
    role: 'replica',
    // What a command does twice only a client with a session can tell.
    simulate: { simulation: 'store', nodes: 3, faults: ['drop:high', 'delay:high'], seeds: 60, seconds: 20 },
  },
];
