import { describe, expect, it } from 'vitest';
import { swim } from '../recipe.ts';
import { changed, claim, Member, member, ping } from './support.ts';

const table = (...members: object[]) => ({ type: 'PushPullReply', cluster: 'c', members });

describe('joining through seeds', () => {
  it('without seeds it is the first of its cluster', () => {
    const one = new Member({});
    expect(one.value).toHaveProperty('member');
    expect(one.told).toEqual([{ type: 'memberJoined', through: null }, changed('alive', 'n1', null)]);
  });

  it('a seed lets it in, and tells of the others', () => {
    const one = new Member({ seeds: ['n2'] });
    const [sent] = one.sent;
    expect(sent).toEqual({
      to: 'n2',
      message: { type: 'PushPull', cluster: 'c', joining: true, members: [claim('alive', 'n1')] },
    });
    one.receive('n2', table(claim('alive', 'n2'), claim('alive', 'n3'), claim('dead', 'n4')));
    expect(one.told).toContainEqual({ type: 'memberJoined', through: 'n2' });
    expect(['n2', 'n3', 'n4'].map((node) => one.status(node))).toEqual(['alive', 'alive', undefined]);
  });

  it('seeds that do not answer are asked in turn, and named each time that none has', () => {
    const one = new Member({ seeds: ['n2', 'n3', 'n1'] });
    const asked = [one.sent[0]?.to];
    const refusals: unknown[] = [];
    for (let turn = 0; turn < 4; turn++) {
      one.fire('joinTimeout');
      asked.push(...one.sent.map(({ to }) => to));
      refusals.push(...one.told);
    }
    expect(asked).toEqual(['n2', 'n3', 'n2', 'n3', 'n2']);
    expect(refusals).toMatchObject([{ code: 'SEEDS_UNREACHABLE' }, { code: 'SEEDS_UNREACHABLE' }]);
    expect(one.value).toBe('joining');
  });

  it('two that begin with each other as seeds let each other in', () => {
    const one = new Member({ seeds: ['n2'] });
    one.receive('n2', { type: 'PushPull', cluster: 'c', joining: true, members: [claim('alive', 'n2')] });
    expect(one.value).toHaveProperty('member');
    expect(one.sent.map(({ message }) => message.type)).toContain('PushPullReply');
  });
});

describe('what is refused harms nothing', () => {
  const join = (metadata: object = {}, node = 'n2') => ({
    ...{ type: 'PushPull', cluster: 'c', joining: true },
    members: [{ ...claim('alive', node), metadata }],
  });
  const held = () => member().receive('n3', ping([{ ...claim('alive', 'n2', 1), metadata: { url: 'ws://a' } }]));

  it.each([
    {
      what: 'a message of another cluster',
      from: 'n2',
      message: ping([claim('dead', 'n3')], { cluster: 'other' }),
      code: 'CLUSTER_FOREIGN',
    },
    { what: 'a table in another’s name', from: 'n3', message: join({}, 'n2'), code: 'FROM_FORGED' },
    { what: 'an answer in another’s name', from: 'n3', message: table(claim('alive', 'n2', 9)), code: 'FROM_FORGED' },
    { what: 'a second process of one name', from: 'n2', message: join({ url: 'ws://b' }), code: 'NODE_DUPLICATE' },
  ])('$what: $code', ({ from, message, code }) => {
    const one = held();
    const before = one.context;
    one.receive(from, message);
    expect(one.context).toEqual(before);
    expect(one.told).toMatchObject([{ type: 'membershipRefused', code }]);
    expect(one.sent).toMatchObject([{ to: from, message: { type: 'Refusal', code } }]);
  });

  it.each([
    { what: 'at the same URL', url: 'ws://a', before: 'alive' },
    { what: 'elsewhere, once it was found dead', url: 'ws://b', before: 'dead' },
  ] as const)('one that starts again $what is let in', ({ url, before }) => {
    const one = held().receive('n3', ping([{ ...claim(before, 'n2', 1), metadata: { url: 'ws://a' } }]));
    expect(one.receive('n2', join({ url })).sent).toMatchObject([{ to: 'n2', message: { type: 'PushPullReply' } }]);
  });

  it('who is refused says why, and tries on', () => {
    const one = new Member({ seeds: ['n2'] });
    one.receive('n2', { type: 'Refusal', code: 'NODE_DUPLICATE', text: 'why' });
    expect(one.told).toEqual([{ type: 'membershipRefused', code: 'NODE_DUPLICATE', text: 'why' }]);
    expect(one.fire('joinTimeout').sent).toMatchObject([{ to: 'n2' }]);
  });
});

describe('leaving', () => {
  it('is told to a few at once, and then it is over', () => {
    const one = member(6, { indirect: 3 }).ask({ type: 'member.leave' });
    expect(one.sent).toHaveLength(4);
    for (const { message } of one.sent) expect(message).toMatchObject({ updates: [claim('left', 'n1')] });
    expect(one.fire('leaving').told).toEqual([{ type: 'memberDeparted' }]);
    expect(one.isOver).toBe(true);
  });

  it('is not refuted by who leaves', () => {
    const one = member()
      .ask({ type: 'member.leave' })
      .receive('n2', ping([claim('dead', 'n1')]));
    expect(one.context).toMatchObject({ incarnation: 0 });
    expect(one.status('n1')).toBe('left');
  });

  it.each([
    { what: 'alone', one: () => new Member({}) },
    { what: 'before it has joined', one: () => new Member({ seeds: ['n2'] }) },
  ])('$what is over at once', ({ one }) => {
    expect(one().ask({ type: 'member.leave' }).isOver).toBe(true);
  });
});

describe('metadata', () => {
  it('go out under a new incarnation', () => {
    const one = member().ask({ type: 'member.describe', metadata: { zone: 'b' } } as never);
    expect(one.context.rumors[0]?.update).toEqual({
      status: 'alive',
      node: 'n1',
      incarnation: 1,
      metadata: { zone: 'b' },
    });
    expect(one.ask({ type: 'member.describe', metadata: { zone: 'b' } } as never).context.incarnation).toBe(1);
  });

  it('that are too long are refused', () => {
    const one = member().ask({ type: 'member.describe', metadata: { zone: 'b'.repeat(257) } } as never);
    expect(one.told).toMatchObject([{ code: 'METADATA_INVALID' }]);
    expect(one.context.incarnation).toBe(0);
  });
});

describe('push-pull', () => {
  /** After the first exchange. */
  const exchanging = (one: Member) => one.fire('firstPushPull');

  it('goes to anyone that has not left, the dead included: so partitions that heal become one cluster', () => {
    const asked = new Set<string>();
    const one = exchanging(member(4, { pushPullMs: 5_000 })).receive(
      'n4',
      ping([claim('dead', 'n2'), claim('left', 'n3')]),
    );
    for (let turn = 0; turn < 30; turn++) for (const { to } of one.fire('pushPullInterval').sent) asked.add(to);
    expect([...asked].toSorted()).toEqual(['n2', 'n4']);
  });

  it('goes to seeds that are forgotten as well: so do clusters that were apart for longer than the dead are remembered', () => {
    const asked = new Set<string>();
    const one = exchanging(member(3, { pushPullMs: 5_000, seeds: ['n3', 'n7'] }));
    one.receive('n2', ping([claim('dead', 'n3')])).fire('retention/n3');
    for (let turn = 0; turn < 30; turn++) for (const { to } of one.fire('pushPullInterval').sent) asked.add(to);
    expect([...asked].toSorted()).toEqual(['n2', 'n3', 'n7']);
  });

  it('of a member that is alone goes to its seeds', () => {
    const one = exchanging(member(2, { pushPullMs: 5_000, seeds: ['n7'] }));
    one
      .receive('n2', ping([claim('left', 'n2')]))
      .fire('retention/n2')
      .fire('pushPullInterval');
    expect(one.sent).toMatchObject([{ to: 'n7', message: { type: 'PushPull' } }]);
  });

  it.each([
    { count: 2, intervals: 1 },
    { count: 32, intervals: 1 },
    { count: 33, intervals: 2 },
    { count: 64, intervals: 2 },
    { count: 65, intervals: 3 },
    { count: 10_000, intervals: 10 },
  ])('of $count members comes every $intervals intervals', ({ count, intervals }) => {
    const one = exchanging(member(count, { pushPullMs: 30_000 }));
    expect(one.delayOf('pushPullInterval')).toBe(intervals * 30_000);
  });

  it('of members that began together does not come at once', () => {
    const delays = [1, 2, 3, 4, 5].map((seed) => member(3, { seed }).delayOf('firstPushPull'));
    expect(new Set(delays).size).toBe(5);
  });

  it('the dead are forgotten after a time', () => {
    const one = member(3).receive('n3', ping([claim('dead', 'n2')]));
    expect(one.delayOf('retention/n2')).toBe(86_400_000);
    expect(one.fire('retention/n2').status('n2')).toBeUndefined();
    expect(one.context.size).toBe(2);
  });

  it.each(['dead', 'left'] as const)('and who still remembers them as %s does not bring them back', (status) => {
    const one = member(3)
      .receive('n3', ping([claim(status, 'n2')]))
      .fire('retention/n2');
    one.receive('n3', table(claim('alive', 'n3'), claim(status, 'n2')));
    expect(one.status('n2')).toBeUndefined();
    expect(one.receive('n3', ping([claim('alive', 'n2', 1)])).status('n2')).toBe('alive');
  });
});

describe('swim()', () => {
  it('names its seeds, and where they listen', () => {
    const membership = swim({ seeds: ['n2', { node: 'n3', url: 'ws://127.0.0.1:7001' }], periodMs: 200 });
    expect(membership.seedUrls).toEqual({ n3: 'ws://127.0.0.1:7001' });
    const input = membership.member.input({ node: 'n1', cluster: 'c', metadata: { zone: 'a' } });
    expect(input).toMatchObject({ seeds: ['n2', 'n3'], periodMs: 200, cluster: 'c', metadata: { zone: 'a' } });
    expect(() => swim({ seeds: ['no name'] })).toThrow(/names no node/);
  });

  it.each([
    [{ metadata: { zone: 'b'.repeat(257) } }, /16 facts of 256 characters/],
    [{ cluster: 'c'.repeat(129) }, /128 characters/],
    [{ indirect: 0.5 }, /indirect is a whole number/],
    [{ updatesPerMessage: 65 }, /from 1 to 64/],
    [{ pingTimeoutMs: 500 }, /less than half of periodMs/],
    [{ suspicionMinMs: 2, suspicionMaxMs: 1 }, /suspicionMinMs ≤ suspicionMaxMs/],
    [{ pushPullMs: Number.NaN }, /pushPullMs is a number/],
  ])('a member does not begin with %j', (input, why) => {
    expect(() => new Member(input)).toThrow(why);
  });
});
