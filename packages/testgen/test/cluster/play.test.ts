import { specification as raft } from '@synod/machines/raft';
import { specification as swim } from '@synod/machines/swim';
import { withMutant } from '@synod/protocol';
import { type ClusterStart, type ClusterStep, clusterOf, generateClusterTests, playCluster } from '@synod/testgen';
import { describe, expect, it } from 'vitest';

const cluster = clusterOf(raft, 'crashes', 2);
const start: readonly ClusterStart[] = [
  { at: 'raft@n1', state: 'follower' },
  { at: 'raft@n2', state: 'follower' },
];

const request = { type: 'RequestVote', term: 1, lastLogIndex: 0, lastLogTerm: 0 };
const stands: ClusterStep = {
  fire: 'electionTimeout',
  at: 'raft@n1',
  state: 'candidate',
  context: { currentTerm: 1, votedFor: 'raft@n1', votesGranted: ['raft@n1'] },
  sends: [{ id: 1, to: 'raft@n2', message: request }],
};
const votes: ClusterStep = {
  deliver: 1,
  context: { currentTerm: 1, votedFor: 'raft@n1' },
  sends: [{ id: 2, to: 'raft@n1', message: { type: 'RequestVoteReply', term: 1, voteGranted: true } }],
};

const play = (...steps: readonly ClusterStep[]) => playCluster(cluster, { start, steps });

describe('a cluster test that is played', () => {
  it('takes its steps over real sockets', async () => {
    expect(await play(stands, votes)).toEqual({ steps: 2, messages: 2 });
  });

  it('delivers a message twice when the script says so', async () => {
    // The second time nothing changes, and the vote is given again.
    await play(stands, votes, {
      deliver: 1,
      sends: [{ id: 3, to: 'raft@n1', message: { type: 'RequestVoteReply', term: 1, voteGranted: true } }],
    });
  });

  it('delivers to a node that has started again what was sent before it went down', async () => {
    await play(stands, { crash: 'n2' }, { restart: 'n2', state: 'follower' }, votes);
  });

  it('delivers what a node sent that has gone down since', async () => {
    await play(stands, { crash: 'n1' }, votes);
  });

  it('finds durable fields again after a crash', async () => {
    const context = { currentTerm: 1, votedFor: 'raft@n1' };
    await play(stands, votes, { crash: 'n2' }, { restart: 'n2', state: 'follower', context });
  });

  it.each<[string, ClusterStep, string]>([
    ['a state', { ...stands, state: 'follower' }, 'the state of raft@n1'],
    ['a field of context that did not change', { ...stands, context: {} }, 'what changed in the context of raft@n1'],
    [
      'a value in context',
      { ...stands, context: { currentTerm: 2, votedFor: 'raft@n1', votesGranted: ['raft@n1'] } },
      'context.currentTerm of raft@n1',
    ],
    ['a message that is not sent', { ...stands, sends: [] }, 'what is sent of raft@n1'],
    ['an event that is not emitted', { ...stands, emits: [{ type: 'leaderChanged' }] }, 'what is emitted of raft@n1'],
    ['a property that does not hold', { ...stands, holds: ['A leader is elected'] }, 'what the world comes to'],
  ])('fails where it expects %s', async (_, step, field) => {
    await expect(play(step)).rejects.toMatchObject({ code: 'CLUSTER_STEP_FAILED', step: 1, field });
  });

  it.each<[string, ClusterStep]>([
    ['a message that nobody sent', { deliver: 7 }],
    ['a timer that is not armed', { fire: 'heartbeatInterval', at: 'raft@n1' }],
    ['a node that is not there', { crash: 'n9' }],
    ['a node that is up as if it were down', { restart: 'n1' }],
  ])('refuses %s', async (_, step) => {
    await expect(play(step)).rejects.toMatchObject({ code: 'CLUSTER_STEP_IMPOSSIBLE' });
  });

  it('tells a member that fails', async () => {
    const forged = { request: { type: 'AppendEntries', term: 'one' }, at: 'raft@n1', from: 'raft@n3' } as const;
    await expect(play(forged)).rejects.toMatchObject({ code: 'CLUSTER_MEMBER_FAILED' });
  });
});

describe('a cluster', () => {
  it.each<[string, () => unknown, string]>([
    ['no such model', () => clusterOf(raft, 'nonsense'), 'MODEL_UNKNOWN'],
    ['a size that the model does not take', () => clusterOf(raft, 'election', 99), 'MODEL_SIZE'],
    ['no such model to generate from', () => generateClusterTests(raft, { models: [{ name: 'x' }] }), 'MODEL_UNKNOWN'],
  ])('refuses %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code }));
  });

  it('refuses two members on one node, whose messages pass no network', () => {
    const [model] = raft.models;
    if (!model) throw new Error('Raft has a model');
    const shared = { ...raft, models: [{ ...model, configure: () => together(model.configure(2)) }] };
    expect(() => clusterOf(shared, model.name)).toThrow(expect.objectContaining({ code: 'CLUSTER_SHARED_NODE' }));
  });
});

/** The same members, all on node n1. */
const together = (configuration: ReturnType<(typeof raft.models)[number]['configure']>) => ({
  ...configuration,
  members: configuration.members.map((member, index) => ({ ...member, address: `raft${index}@n1` as const })),
});

describe('generation', () => {
  it('gives equal tests for equal models, and names no two alike', () => {
    const options = { models: [{ name: 'crashes', nodes: 2 }], maxWorlds: 500 };
    const [first, second] = [generateClusterTests(raft, options), generateClusterTests(raft, options)];
    expect(second).toEqual(first);
    expect(new Set(first.tests.map(({ name }) => name)).size).toBe(first.tests.length);
  });

  it('covers what it says, each target by the first test that names it, and lists all others with a reason', () => {
    const { tests, coverage, unreached } = generateClusterTests(raft, {
      models: [{ name: 'suspicion', nodes: 2 }],
      maxWorlds: 500,
    });
    const named = tests.flatMap(({ covers }) => covers.map(({ id }) => id));
    expect(new Set(named).size).toBe(named.length);
    for (const { kind, covered, total } of coverage) {
      expect(tests.flatMap(({ covers }) => covers.filter((target) => target.kind === kind))).toHaveLength(covered);
      expect(unreached.filter(({ target }) => target.kind === kind)).toHaveLength(total - covered);
    }
  });

  it.each([
    { name: 'crash', maxWorlds: 5_000, isComplete: true },
    { name: 'crash', maxWorlds: 100, isComplete: false },
  ])('calls a target dead only where every schedule was seen: $maxWorlds worlds', ({ name, maxWorlds, isComplete }) => {
    const { unreached, models } = generateClusterTests(swim, { models: [{ name }], maxWorlds });
    expect(models.every(({ complete }) => complete)).toBe(isComplete);
    expect(unreached.some(({ reason }) => reason === 'dead')).toBe(isComplete);
    expect(unreached.some(({ reason }) => reason === 'bound')).toBe(!isComplete);
  });

  it('makes tests that see a mutant which the model alone does not', async () => {
    const { tests } = generateClusterTests(raft, { models: [{ name: 'election', nodes: 2 }], maxWorlds: 2_000 });
    const mutant = raft.mutants.find(({ name }) => name === 'applies-twice');
    if (!mutant) throw new Error('no such mutant');
    const broken = clusterOf(withMutant(raft, mutant), 'election', 2);
    const outcomes = await Promise.allSettled(tests.map((test) => playCluster(broken, test)));
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
  });
});
