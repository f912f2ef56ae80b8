import { address, type MemberStatus, SynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createMemoryNetwork, createSystem } from '../../src/index.ts';
import { claim, standIn } from './stand-in.ts';
import { staged, startNode, together } from './support.ts';

describe('a system with membership', () => {
  it('is a member for itself, and lists those of whom it heard, by name', async () => {
    const { node } = await together(['n2', 'n1', 'n3'], { metadata: { role: 'db' } });
    const { cluster } = node('n1').system;
    expect(cluster.members.map(({ node: name, status }) => [name, status])).toEqual([
      ['n1', 'alive'],
      ['n2', 'alive'],
      ['n3', 'alive'],
    ]);
    expect(cluster.members[0]?.metadata).toMatchObject({ role: 'db' });
    expect(cluster.name).toBe('synod');
  });

  it('resolves `joined` once it is in', async () => {
    const { node, say } = await staged(['n1']);
    const { cluster } = node('n1').system;
    const joined = cluster.joined();
    await say('n1', { type: 'memberJoined', through: null });
    await expect(joined).resolves.toBeUndefined();
    await expect(cluster.joined({ timeoutMs: 1 })).resolves.toBeUndefined();
  });

  it('says after the timeout that no seed answered, and goes on trying', async () => {
    const { clock, node, say } = await staged(['n1']);
    const late = expect(node('n1').system.cluster.joined({ timeoutMs: 100 })).rejects.toMatchObject({
      code: 'SEEDS_UNREACHABLE',
      definite: false,
    });
    await clock.advance(100);
    await late;
    await say('n1', { type: 'memberJoined', through: 'n2' });
    await expect(node('n1').system.cluster.joined()).resolves.toBeUndefined();
  });

  it('says what it was refused for, which is traced and an event', async () => {
    const { clock, node, say } = await staged(['n1']);
    const late = expect(node('n1').system.cluster.joined({ timeoutMs: 100 })).rejects.toMatchObject({
      code: 'NODE_DUPLICATE',
    });
    await say('n1', { type: 'membershipRefused', code: 'NODE_DUPLICATE', text: 'A member n1 is up.' });
    await clock.advance(100);
    await late;
    expect(node('n1').events).toEqual([{ type: 'refused', code: 'NODE_DUPLICATE', text: 'A member n1 is up.' }]);
    expect(node('n1').notes('NODE_DUPLICATE')).toHaveLength(1);
  });

  it('rejects `joined` when it stops before', async () => {
    const { node } = await staged(['n1']);
    const stopped = expect(node('n1').system.cluster.joined()).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' });
    await node('n1').system.kill();
    await stopped;
  });

  it.each([
    ['CLUSTER_INVALID', { cluster: 'no name' }],
    ['METADATA_INVALID', { metadata: { life: '1' } }],
    ['METADATA_INVALID', { metadata: { key: 'x'.repeat(257) } }],
    ['METADATA_INVALID', { metadata: Object.fromEntries(Array.from({ length: 13 }, (_, key) => [key, ''])) }],
  ])('is refused with %s for %j', async (code, options) => {
    const refused = createSystem({ node: 'n1', membership: standIn(), ...options });
    await expect(refused).rejects.toMatchObject({ code });
  });

  it('leaves nothing behind when its actors cannot start', async () => {
    const transport = createMemoryNetwork().transport();
    const membership = standIn();
    const broken = { ...membership, member: { ...membership.member, name: membership.gossip.name } };
    const options = { node: 'n1', transport };
    await expect(createSystem({ ...options, membership: broken })).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    await startNode({ ...options, membership });
  });
});

describe('what is told of a member', () => {
  it.each<[string, readonly MemberStatus[], readonly string[]]>([
    ['comes', ['alive'], ['joined']],
    ['is suspected', ['alive', 'suspect'], ['joined', 'suspected']],
    ['refutes a suspicion', ['alive', 'suspect', 'alive'], ['joined', 'suspected', 'recovered']],
    ['is first heard of as suspected', ['suspect'], ['joined', 'suspected']],
    ['dies', ['alive', 'suspect', 'dead'], ['joined', 'suspected', 'died']],
    ['leaves', ['alive', 'left'], ['joined', 'left']],
    ['comes back', ['alive', 'dead', 'alive'], ['joined', 'died', 'joined']],
    ['is first heard of as dead', ['dead'], []],
    ['is alive all the time', ['alive', 'alive'], ['joined']],
  ])('that %s', async (_, statuses, told) => {
    const { node, say } = await staged(['n1']);
    for (const status of statuses) await say('n1', claim('n2', status));
    expect(node('n1').told()).toEqual(told.map((type) => `${type} n2`));
    const last = statuses.at(-1);
    const { members, gone } = node('n1').system.cluster;
    const isGone = last === 'dead' || last === 'left';
    expect(members.some((member) => member.node === 'n2')).toBe(!isGone);
    expect(gone.some((member) => member.node === 'n2')).toBe(isGone && told.length > 0);
  });

  it('whose metadata change', async () => {
    const { node, say } = await staged(['n1']);
    await say('n1', claim('n2', 'alive', { life: '1', zone: 'a' }));
    await say('n1', claim('n2', 'alive', { life: '1', zone: 'b' }, 1));
    expect(node('n1').told()).toEqual(['joined n2', 'updated n2']);
    expect(node('n1').events[1]).toMatchObject({ member: { metadata: { zone: 'b' } } });
  });

  it('that tells new facts of itself: its protocol spreads them', async () => {
    const { clock, node } = await together(['n1'], { metadata: { zone: 'a', url: 'ws://a:1' } });
    const { system } = node('n1');
    system.cluster.describe({ zone: 'b' });
    await clock.advance(0);
    const life = expect.any(String);
    expect(system.cluster.members[0]?.metadata).toEqual({ zone: 'b', url: 'ws://a:1', life });
    expect(() => system.cluster.describe({ age: '1' })).toThrow(SynodError);
    const described = node('n1').trace.find(
      (record) => record.type === 'receive' && record.event.type === 'member.describe',
    );
    expect(described).toMatchObject({ event: { metadata: { zone: 'b', url: 'ws://a:1', life } } });
  });
});

describe('who watches an actor of another node', () => {
  const watched = async () => {
    const stage = await together(['n1', 'n2', 'n3']);
    const ends: object[] = [];
    stage
      .node('n1')
      .system.watch(address('facts', 'n2'))
      .subscribe((end) => ends.push(end));
    await stage.clock.advance(0);
    return { ...stage, ends };
  };

  it.each<[MemberStatus, string]>([
    ['dead', 'node-dead'],
    ['left', 'node-left'],
  ])('is told when the node is %s', async (status, reason) => {
    const { ends, say } = await watched();
    await say('n1', claim('n2', status));
    expect(ends).toEqual([{ type: 'Terminated', actor: 'facts@n2', reason }]);
  });

  it('is told nothing while the node is suspected', async () => {
    const { ends, hold, clock } = await watched();
    await hold(['n1'], 'n2', 'suspect');
    await clock.advance(60_000);
    expect(ends).toEqual([]);
  });

  it('is told when the node has begun anew', async () => {
    const { ends, say, node } = await watched();
    await say('n1', claim('n2', 'alive', { life: '2' }, 1));
    expect(ends).toEqual([{ type: 'Terminated', actor: 'facts@n2', reason: 'node-restarted' }]);
    expect(node('n1').told().at(-1)).toBe('joined n2');
  });

  it('is told at once of a node that is known to be gone, until it comes back', async () => {
    const { ends, say, node, clock } = await watched();
    await say('n1', claim('n2', 'dead'));
    node('n1')
      .system.watch(address('other', 'n2'))
      .subscribe((end) => ends.push(end));
    expect(ends).toHaveLength(2);
    await say('n1', claim('n2', 'alive', { life: '2' }, 1));
    node('n1')
      .system.watch(address('facts', 'n2'))
      .subscribe((end) => ends.push(end));
    await clock.advance(0);
    expect(ends).toHaveLength(2);
  });
});

describe('a node that leaves', () => {
  it('waits until its protocol has told the others, and goes on alone', async () => {
    const { clock, node } = await together(['n1', 'n2']);
    const { system } = node('n1');
    const left = Promise.all([system.cluster.leave(), system.cluster.leave()]);
    await clock.advance(0);
    await left;
    expect(system.cluster.members.map(({ node: name }) => name)).toEqual(['n1']);
    await expect(system.cluster.joined()).resolves.toBeUndefined();
    await expect(system.ask(address('nobody', 'n1'), { type: 'X' })).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
  });

  it('waits no longer than it was told to', async () => {
    const { clock, node } = await together(['n1'], { membership: standIn(true) });
    const left = node('n1').system.cluster.leave({ timeoutMs: 300 });
    await clock.advance(300);
    await left;
    expect(node('n1').notes('LEAVE_TIMEOUT')).toHaveLength(1);
  });

  it('does so before it shuts down', async () => {
    const { clock, node } = await together(['n1']);
    const down = node('n1').system.shutdown();
    await clock.advance(0);
    await down;
    const types = node('n1').trace.map((record) => (record.type === 'emit' ? record.event.type : record.type));
    expect(types.indexOf('memberDeparted')).toBeGreaterThan(0);
    expect(await node('n1').system.closed).toBeUndefined();
  });

  it('shuts down at once when it never was in', async () => {
    const { node } = await staged(['n1'], { membership: standIn(true) });
    await node('n1').system.shutdown();
    expect(node('n1').notes('LEAVE_TIMEOUT')).toEqual([]);
  });
});
