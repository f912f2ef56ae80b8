import { describe, expect, it } from 'vitest';
import { initialMembers, type Update } from '../index.ts';
import { MAX_INCARNATION, MAX_RIVALRY } from '../limits.ts';
import { changed, claim, Member, member, ping, probing } from './support.ts';

describe('§4.2 which claim overrides which', () => {
  const statuses = ['alive', 'suspect', 'dead', 'left'] as const;
  const table = statuses.flatMap((held) =>
    statuses.flatMap((heard) =>
      [0, 1, 2].map((incarnation) => ({
        held,
        heard,
        incarnation,
        holds: incarnation > 1 || (incarnation === 1 && statuses.indexOf(heard) > statuses.indexOf(held)),
      })),
    ),
  );
  it.each(table)('$held in 1, then $heard in $incarnation: believed $holds', ({ held, heard, incarnation, holds }) => {
    const one = member().receive('n3', ping([claim(held, 'n2', 1)]));
    expect(one.status('n2')).toBe(held);
    one.receive('n3', ping([claim(heard, 'n2', incarnation)]));
    expect(one.context.members.get('n2')).toMatchObject(
      holds ? { status: heard, incarnation } : { status: held, incarnation: 1 },
    );
  });

  it('the host hears of each change once', () => {
    const one = member().receive('n3', ping([claim('suspect', 'n2')]));
    expect(one.told).toEqual([changed('suspect', 'n2', 'alive')]);
    expect(one.receive('n3', ping([claim('suspect', 'n2')])).told).toEqual([]);
    expect(one.receive('n3', ping([claim('alive', 'n2', 1)])).told).toEqual([changed('alive', 'n2', 'suspect', 1)]);
    expect(one.receive('n3', ping([claim('alive', 'n9')])).told).toEqual([changed('alive', 'n9', null)]);
  });

  it('a suspicion that nobody refutes becomes a death', () => {
    const one = member()
      .receive('n3', ping([claim('suspect', 'n2', 4)]))
      .fire('suspicion/n2');
    expect(one.context.members.get('n2')).toMatchObject({ status: 'dead', incarnation: 4 });
    expect(one.told).toEqual([changed('dead', 'n2', 'suspect', 4)]);
  });

  it('one that is refuted does not', () => {
    const one = member().receive('n3', ping([claim('suspect', 'n2')]));
    expect(one.receive('n2', ping([claim('alive', 'n2', 1)])).delayOf('suspicion/')).toBeUndefined();
  });
});

describe('§4.2 a member refutes what is said of it', () => {
  it.each([
    { heard: claim('suspect', 'n1', 0), incarnation: 1 },
    { heard: claim('dead', 'n1', 0), incarnation: 1 },
    { heard: claim('left', 'n1', 0), incarnation: 1 },
    // What an earlier life left behind.
    { heard: claim('suspect', 'n1', 7), incarnation: 8 },
    { heard: { ...claim('alive', 'n1', 3), metadata: { url: 'ws://elsewhere' } }, incarnation: 4 },
    { heard: claim('alive', 'n1', 3), incarnation: 3 },
    { heard: { ...claim('alive', 'n1', 0), metadata: { url: 'ws://elsewhere' } }, incarnation: 1 },
    { heard: claim('alive', 'n1', 0), incarnation: 0 },
  ])('$heard.status in $heard.incarnation: then it is $incarnation', ({ heard, incarnation }) => {
    const one = member().receive('n2', ping([heard]));
    expect(one.context).toMatchObject({ incarnation });
    expect(one.riding).toEqual(incarnation === 0 ? [] : [claim('alive', 'n1', incarnation)]);
  });

  it('one that starts again begins above what it was', () => {
    expect(member(3, { recovered: { incarnation: 4 } }).context).toMatchObject({ incarnation: 5 });
  });
});

describe('two processes of one name', () => {
  const others = initialMembers(['n2', 'n3']);
  const living = (url: string) => member(0, { ...others, metadata: { url } });

  it('do not outdo each other for ever: both are told, and one gives way', () => {
    const [a, b] = [living('ws://a'), living('ws://b')];
    const refusals = { a: 0, b: 0 };
    const claims: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      refusals.b += b.receive('n2', ping([a.context.members.get('n1') as Update])).told.length;
      refusals.a += a.receive('n2', ping([b.context.members.get('n1') as Update])).told.length;
      claims.push(`${a.context.incarnation} ${b.context.incarnation}`);
    }
    expect(a.context.incarnation).toBeLessThanOrEqual(2 * MAX_RIVALRY);
    expect(a.context.incarnation).toBeGreaterThan(b.context.incarnation);
    expect(new Set(claims.slice(-4)).size).toBe(1);
    expect(refusals.b).toBeGreaterThan(0);
    expect(b.told).toMatchObject([{ type: 'membershipRefused', code: 'NODE_DUPLICATE' }]);
  });

  it('one that gave way still refutes a suspicion', () => {
    const one = living('ws://b');
    for (let turn = 0; turn <= MAX_RIVALRY; turn++)
      one.receive('n2', ping([{ ...claim('alive', 'n1', 10 + 10 * turn), metadata: { url: 'ws://a' } }]));
    const { incarnation } = one.context;
    expect(incarnation).toBe(10 * MAX_RIVALRY + 1);
    expect(one.receive('n2', ping([claim('suspect', 'n1', 200)])).context.incarnation).toBe(201);
  });
});

describe('§4.1 updates ride on messages', () => {
  it('each λ log n times at most, the least told first', () => {
    const one = member(3, { retransmit: 3, updatesPerMessage: 1 }).receive('n2', ping([claim('suspect', 'n3')]));
    one.receive('n2', ping([claim('alive', 'n9')]));
    const told: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      one.receive('n2', ping());
      told.push(...one.riding.map(({ node }) => node));
    }
    // λ = 3 and one digit: three times each, counting the two that rode on the first answers.
    expect(told).toEqual(['n3', 'n9', 'n3', 'n9']);
  });

  it('a newer claim about a member takes the place of the older', () => {
    const one = member().receive('n2', ping([claim('suspect', 'n3'), claim('dead', 'n3')]));
    expect(one.riding).toEqual([claim('dead', 'n3')]);
  });

  it('who knew nobody tells nothing on: it is no news to who told it', () => {
    const one = new Member({ seeds: ['n2'] });
    const members = ['n2', 'n3', 'n4'].map((node) => claim('alive', node));
    one.receive('n2', { type: 'PushPullReply', cluster: 'c', members }).receive('n2', ping());
    expect(one.riding).toEqual([]);
    expect(one.receive('n3', ping([claim('alive', 'n9')])).riding).toEqual([claim('alive', 'n9')]);
  });

  it('never more than fit', () => {
    const news = Array.from({ length: 20 }, (_, index) => claim('alive', `m${index}`));
    expect(member(4, { updatesPerMessage: 8 }).receive('n2', ping(news)).riding).toHaveLength(8);
  });
});

describe('incarnations end', () => {
  it.each([
    claim('alive', 'n2', MAX_INCARNATION + 1),
    claim('suspect', 'n2', MAX_INCARNATION),
    claim('dead', 'n1', MAX_INCARNATION),
    claim('alive', 'n1', Number.MAX_SAFE_INTEGER),
  ])('$status of $node in $incarnation is refused, and the rest of the message is taken', (given) => {
    const one = member().receive('n3', ping([given, claim('suspect', 'n4', 0, 'n2')]));
    expect(one.told[0]).toMatchObject({ type: 'membershipRefused', code: 'INCARNATION_OVERFLOW' });
    expect(one.context.members.get(given.node)).toMatchObject({ status: 'alive', incarnation: 0 });
    expect(one.status('n4')).toBe('suspect');
  });
});

describe('a probe that fails is told', () => {
  it('to the others, with who suspects', () => {
    const { one, target } = probing();
    one.fire('after.period');
    expect(one.told).toEqual([changed('suspect', target, 'alive')]);
    expect(one.context.rumors[0]?.update).toEqual(claim('suspect', target, 0, 'n1'));
  });
});
