import { forgetting, type Mutant, perform, providing, type Received } from '@synod/protocol';
import { compareBallots } from './ballot.ts';
import type { LearnerContext, ProposerContext } from './context.ts';
import type { AcceptorEvent, PromiseMessage } from './messages.ts';
import * as rules from './rules.ts';

// Mistakes of which the papers warn, each in one guard, one action or one list of fields.

interface Args<C, E> {
  readonly context: C;
  readonly event: E;
}

const guard = <C, E = unknown>(holds: (context: C, event: E) => boolean) =>
  (({ context, event }: Args<C, E>) => holds(context, event)) as never;

/** An action that only changes context. */
const update = <C, E = unknown>(rule: (context: C, event: E) => Partial<C>) =>
  perform(({ context, event }) => ({ change: rule(context as C, event as E) as object })) as never;

const SAFETY = ['Agreement', 'Majority Overlap', 'One Value', 'Promise Kept', 'Chosen Stays', 'Validity'];
const troubled = {
  simulation: 'decrees',
  nodes: 3,
  faults: ['drop:high', 'delay:high', 'reorder:high', 'duplicate', 'crash:high', 'partition:high'],
  seeds: 200,
  seconds: 20,
};

/** The first value that as many acceptors as make a quorum have told of, whatever the ballots. */
function valueOfAny({ accepted, quorums }: LearnerContext): string | null {
  const members = quorums.write.kind === 'majority' ? quorums.write.members.length : Number.POSITIVE_INFINITY;
  const told = Object.values(accepted);
  return told.length * 2 > members
    ? ([...told].sort((a, b) => compareBallots(a.ballot, b.ballot))[0]?.value ?? null)
    : null;
}

export const paxosMutants: readonly Mutant[] = [
  {
    name: 'forgets-promise',
    mistake: 'An acceptor that crashes forgets what it promised, and accepts what is below it.',
    source: 'Paxos Made Simple §2.2, §2.5: an acceptor must remember even if it fails and restarts',
    role: 'acceptor',
    mutate: forgetting('promised'),
    violates: SAFETY,
    check: { model: 'crashes', nodes: 3 },
  },
  {
    name: 'forgets-accepted',
    mistake: 'An acceptor that crashes forgets what it accepted, and promises without telling of it.',
    source: 'Paxos Made Simple §2.2, §2.5',
    role: 'acceptor',
    mutate: forgetting('accepted'),
    violates: SAFETY,
    check: { model: 'crashes', nodes: 3 },
  },
  {
    name: 'accepts-below-promise',
    mistake: 'An acceptor accepts every proposal, also one below what it has promised.',
    source: 'Paxos Made Simple §2.2, P1a',
    role: 'acceptor',
    mutate: providing({
      guards: {
        isCurrent: guard<Parameters<typeof rules.isCurrent>[0], AcceptorEvent>(
          (context, event) => event.type === 'Accept' || rules.isCurrent(context, event),
        ),
      },
    }),
    violates: SAFETY,
    check: { model: 'agreement', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'ignores-accepted',
    mistake: 'A proposer proposes its own value, whatever the acceptors have told of.',
    source: 'Paxos Made Simple §2.2, P2c',
    role: 'proposer',
    mutate: providing({
      actions: { chooseValue: update<ProposerContext>(({ value }) => ({ proposed: value, found: null })) },
    }),
    violates: SAFETY,
    check: { model: 'agreement', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'takes-lowest-proposal',
    mistake: 'Of the proposals that acceptors tell of, a proposer takes the lowest-numbered.',
    source: 'Paxos Made Simple §2.2, P2c: the highest-numbered one',
    role: 'proposer',
    mutate: providing({
      actions: {
        countPromise: update<ProposerContext, Received<PromiseMessage>>((context, event) => {
          const { found } = context;
          const change = rules.countPromise(context, event);
          return found && event.accepted && compareBallots(event.accepted.ballot, found.ballot) > 0
            ? { ...change, found }
            : { ...change, found: event.accepted ?? found };
        }),
      },
    }),
    violates: SAFETY,
    simulate: { ...troubled, nodes: 5 },
  },
  {
    name: 'prepares-with-a-minority',
    mistake: 'A proposer goes on to phase 2 with the first promise.',
    source: 'Paxos Made Simple §2.2: a majority of acceptors',
    role: 'proposer',
    mutate: providing({ guards: { isPrepared: guard<ProposerContext>(({ promisedBy }) => promisedBy.length > 0) } }),
    violates: SAFETY,
    check: { model: 'agreement', nodes: 3 },
    simulate: troubled,
  },
  {
    name: 'learns-from-any-ballot',
    mistake: 'A learner takes a value for chosen when a majority has accepted something, in whatever ballots.',
    source: 'Paxos Made Simple §2.3: a proposal has been accepted by a majority',
    role: 'learner',
    mutate: providing({
      guards: { isChosen: guard<LearnerContext>((context) => valueOfAny(context) !== null) },
      actions: { learn: update<LearnerContext>((context) => ({ chosen: valueOfAny(context), accepted: {} })) },
    }),
    violates: SAFETY,
    check: { model: 'agreement', nodes: 3 },
    simulate: troubled,
  },
];
