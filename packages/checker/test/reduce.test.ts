import {
  type Address,
  type CheckConfiguration,
  defineProtocol,
  inRole,
  type NodeView,
  type Received,
  type Roles,
  type SendEvent,
  send,
} from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { type CheckOptions, check } from '../src/index.ts';
import { heard, property, talk, roles as talkers } from './support.ts';

// Voters of which the protocol cannot tell one from another: each tells the others once, and notes who told it.

interface VoterContext {
  readonly self: Address;
  readonly peers: readonly Address[];
  readonly voters: readonly Address[];
}

interface VoterInput {
  readonly self: Address;
  readonly peers: readonly Address[];
}

type Vote = { readonly type: 'Vote' };

const voter = setup({
  types: {
    context: {} as VoterContext,
    input: {} as VoterInput,
    events: {} as { readonly type: 'vote' } | Received<Vote>,
    emitted: {} as SendEvent<Vote>,
  },
  guards: { isHeld: ({ context }) => context.voters.length >= context.peers.length },
  actions: {
    tell: send(({ context }) => ({ to: context.peers, message: { type: 'Vote' } })),
    note: assign(({ context, event }) => ({
      voters: 'from' in event ? [...new Set([...context.voters, event.from])].sort() : context.voters,
    })),
  },
}).createMachine({
  id: 'voter',
  context: ({ input: { self, peers } }) => ({ self, peers, voters: [] }),
  initial: 'silent',
  states: { silent: { on: { vote: { target: 'said', actions: 'tell' } } }, said: {} },
  on: { Vote: { actions: 'note' } },
});

/** The same, but for one that goes by its name. */
const proud = voter.provide({
  actions: {
    note: assign(({ context }) => ({ voters: context.self === 'voter@n2' ? context.peers : context.voters })),
  },
});

const rolesWith = (machine: typeof voter): Roles => ({
  voter: defineProtocol({ name: 'voter', machine, messages: {} }),
});

const election = (count: number, more: Partial<CheckConfiguration> = {}): CheckConfiguration => {
  const all = Array.from({ length: count }, (_, index): Address => `voter@n${index + 1}`);
  return {
    members: all.map((address) => ({
      address,
      role: 'voter',
      input: { peers: all.filter((peer) => peer !== address) },
    })),
    requests: all.map((to) => ({ to, event: { type: 'vote' } })),
    properties: [
      property('sometimes', 'everyone has heard everyone', (nodes) =>
        voters(nodes).every((each) => each === count - 1),
      ),
      property('always', 'nobody hears itself', (nodes) => voters(nodes).every((each) => each < count)),
      property('always', 'nobody hears two', (nodes) => voters(nodes).every((each) => each < 2)),
    ],
    symmetry: { nodes: all.map((each) => each.slice(each.indexOf('@') + 1)), sets: ['peers', 'voters'] },
    ...more,
  };
};

const voters = (nodes: readonly NodeView[]): number[] =>
  inRole<VoterContext>(nodes, 'voter').map(({ context }) => context.voters.length);

const summary = (configuration: CheckConfiguration, roles: Roles, options: CheckOptions) => {
  const { distinct, depth, properties } = check(configuration, roles, options);
  return { distinct, depth, verdicts: properties.map(({ verdict }) => verdict) };
};

describe('symmetry', () => {
  it.each([
    ['three voters', election(3)],
    ['four voters', election(4)],
    ['a voter that crashes', election(3, { faults: { crashes: 1 } })],
    ['a partition', election(3, { faults: { partitions: 1 } })],
    ['messages that may be lost', election(3, { network: { order: 'fifo', lossy: true } })],
  ])('counts worlds as one that differ in which node is which, and nothing else: %s', (_, configuration) => {
    const whole = summary(configuration, rolesWith(voter), { symmetry: false });
    const part = summary(configuration, rolesWith(voter), {});
    const orders = configuration.members.length === 3 ? 6 : 24;
    expect(part.verdicts).toEqual(whole.verdicts);
    expect(part.depth).toBe(whole.depth);
    expect(part.distinct).toBeGreaterThanOrEqual(whole.distinct / orders);
    expect(part.distinct).toBeLessThan((1.6 * whole.distinct) / orders);
  });

  it('a counterexample is a run of the nodes themselves', () => {
    const { properties } = check(election(3), rolesWith(voter));
    const { verdict, trace } = properties.find(({ name }) => name === 'nobody hears two') ?? {};
    expect(verdict).toBe('violated');
    const last = trace?.steps.at(-1)?.text.split(' ');
    const told = trace?.steps.filter(({ text }) => text.startsWith(`${last?.[0]} receives`));
    expect(told).toHaveLength(2);
    expect(new Set(told?.map(({ text }) => text.split(' ').at(-1))).size).toBe(2);
  });

  it('is refused for nodes that are not alike', () => {
    const unlike = election(3, { requests: [{ to: 'voter@n1', event: { type: 'vote' } }] });
    expect(() => check(unlike, rolesWith(voter))).toThrow('The nodes under "symmetry" are not alike');
    const strange = election(3, { symmetry: { nodes: ['n1', 'n9'] } });
    expect(() => check(strange, rolesWith(voter))).toThrow(
      '"symmetry" names n9, which is no node; name some of n1, n2, n3.',
    );
  });

  it('is refused for machines that go by names', () => {
    expect(() => check(election(4), rolesWith(proud as typeof voter))).toThrow('are not interchangeable');
  });
});

describe('stale messages', () => {
  /** The receiver of support.ts keeps the last three words it heard; here one that keeps the highest. */
  const highest = setup({
    types: {
      context: {} as { readonly heard: readonly number[] },
      events: {} as Received<{ readonly type: 'Word'; readonly number: number }>,
    },
    guards: { isNew: ({ context, event }) => event.number > (context.heard[0] ?? 0) },
    actions: { write: assign(({ event }) => ({ heard: [event.number] })) },
  }).createMachine({
    id: 'highest',
    context: { heard: [] },
    on: { Word: { guard: 'isNew', actions: 'write' } },
  });
  const roles: Roles = { ...talkers, hearing: defineProtocol({ name: 'highest', machine: highest, messages: {} }) };
  const model = (stale: (number: number, last: number) => boolean) =>
    talk(
      4,
      [
        property('always', 'at most 4', (nodes) => ['', '1', '2', '3', '4'].includes(heard(nodes))),
        property('sometimes', '2', (nodes) => heard(nodes) === '2'),
        property('always', 'not 3', (nodes) => heard(nodes) !== '3'),
      ],
      {
        stale: ({ role, context }, message) => {
          if (role !== 'hearing') return false;
          const last = (context as { readonly heard: readonly number[] }).heard[0] ?? 0;
          return stale((message as { readonly type: string; readonly number: number }).number, last);
        },
      },
    );

  it('are taken away, which changes no verdict', () => {
    const configuration = model((number, last) => number <= last);
    const whole = summary(configuration, roles, { reduction: false });
    const part = summary(configuration, roles, {});
    expect(part.verdicts).toEqual(whole.verdicts);
    // Of k words said, any may be on their way: Σ C(4,k)·2ᵏ. Without the stale ones: those above the highest heard, Σ C(4,k)·(k+1).
    expect([whole.distinct, part.distinct]).toEqual([81, 48]);
  });

  it.each([
    [
      'that still changes the actor',
      (number: number, last: number) => number <= last + 1,
      'later changes the actor or makes it speak',
    ],
    [
      'for a while only',
      (number: number, last: number) => number <= last && last < 3,
      'does not call stale in a later state',
    ],
  ])('a message called stale %s is found out', (_, stale, message) => {
    expect(() => check(model(stale), roles)).toThrow(message);
  });

  it('cannot stand beside partitions and assumptions of synchrony', () => {
    const configuration = { ...model(() => false), faults: { partitions: 1 }, timerMayFire: () => true };
    expect(() => check(configuration, roles)).toThrow('"stale" cannot stand beside "timerMayFire" and partitions');
  });
});
