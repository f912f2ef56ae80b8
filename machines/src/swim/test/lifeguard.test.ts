import { describe, expect, it } from 'vitest';
import { suspicionBounds, suspicionTimeout } from '../suspicion.ts';
import { claim, member, ping, probing } from './support.ts';

const bounds = { minMs: 2_000, maxMs: 30_000, k: 3 };

describe('Lifeguard §IV-B: a suspicion shrinks with independent confirmations', () => {
  it.each([
    { confirmations: 0, elapsedMs: 0, leftMs: 30_000 },
    { confirmations: 1, elapsedMs: 2_000, leftMs: 14_000 },
    { confirmations: 2, elapsedMs: 3_000, leftMs: 4_810 },
    { confirmations: 3, elapsedMs: 1_000, leftMs: 1_000 },
    { confirmations: 9, elapsedMs: 0, leftMs: 2_000 },
  ])(
    'k = 3, 2 to 30 s: $confirmations after $elapsedMs ms leave $leftMs ms',
    ({ confirmations, elapsedMs, leftMs }) => {
      expect(Math.abs(suspicionTimeout(bounds, confirmations) - elapsedMs - leftMs)).toBeLessThan(1);
    },
  );

  it('so it does in the chart', () => {
    const input = { suspicionMinMs: 2_000, suspicionMaxMs: 30_000, confirmations: 3 };
    const one = member(8, input).receive('n3', ping([claim('suspect', 'n2', 0, 'n3')]), 1_000);
    expect(one.delayOf('suspicion/n2')).toBe(30_000);
    expect(one.receive('n4', ping([claim('suspect', 'n2', 0, 'n4')]), 3_000).delayOf('suspicion/n2')).toBe(14_000);
    expect(one.receive('n5', ping([claim('suspect', 'n2', 0, 'n5')]), 4_000).delayOf('suspicion/n2')).toBe(4_810);
    // Who said so before says nothing new.
    expect(one.receive('n5', ping([claim('suspect', 'n2', 0, 'n5')]), 4_500).delayOf('suspicion/n2')).toBe(4_810);
    expect(one.receive('n3', ping([claim('suspect', 'n2', 0, 'n3')]), 4_500).delayOf('suspicion/n2')).toBe(4_810);
    expect(one.receive('n6', ping([claim('suspect', 'n2', 0, 'n6')]), 5_000).delayOf('suspicion/n2')).toBe(0);
  });

  it('where there are too few to confirm, fewer are waited for', () => {
    expect([2, 3, 4, 5, 100].map((count) => suspicionBounds(member(count).context).k)).toEqual([0, 1, 2, 3, 3]);
  });

  it('without it, a suspicion stands for the least time', () => {
    const one = member(100, { lifeguard: false }).receive('n3', ping([claim('suspect', 'n2')]));
    expect(one.delayOf('suspicion/n2')).toBe(8_000);
    expect(
      member(100)
        .receive('n3', ping([claim('suspect', 'n2')]))
        .delayOf('suspicion/n2'),
    ).toBe(48_000);
  });
});

describe('Lifeguard §IV-A: local health', () => {
  const nack = (sequence: number) => ({ type: 'Nack', cluster: 'c', sequence, updates: [] });

  it('a probe that fails makes it worse by the answers that are missing, and lengthens what follows', () => {
    const { one, sequence, target } = probing(6, { indirect: 3 });
    one.fire('pingTimeout');
    const [first] = one.sent;
    // One that arrives twice counts once, and one of somebody who was not asked not at all.
    for (const from of [first?.to, first?.to, target]) one.receive(from ?? '', nack(sequence));
    one.fire('after.period');
    expect(one.context.health).toBe(2);
    expect([one.delayOf('after.period'), one.delayOf('pingTimeout')]).toEqual([3_000, 900]);
  });

  it('where all that were asked say that the target is silent, it is not this member that is slow', () => {
    const { one, sequence } = probing(6, { indirect: 3 });
    one.fire('pingTimeout');
    for (const { to } of one.sent) one.receive(to, nack(sequence));
    expect(one.fire('after.period').context.health).toBe(0);
  });

  it('an answer makes it better, down to 0, and it is 8 at worst', () => {
    const { one } = probing(6);
    for (let turn = 0; turn < 12; turn++) one.fire('after.period');
    expect(one.context.health).toBe(8);
    const [sent] = one.sent;
    one.receive(sent?.to ?? '', {
      type: 'Ack',
      cluster: 'c',
      sequence: one.context.sequence,
      node: sent?.to,
      updates: [],
    });
    expect(one.context.health).toBe(7);
  });

  it('who has to refute was slow', () => {
    expect(member().receive('n2', ping([claim('suspect', 'n1')])).context.health).toBe(1);
    expect(
      member(4, { lifeguard: { health: false } }).receive('n2', ping([claim('suspect', 'n1')])).context.health,
    ).toBe(0);
  });

  it('who is asked and hears nothing says so before the asker’s time is over', () => {
    const one = member().receive('n2', { type: 'PingReq', cluster: 'c', sequence: 5, target: 'n3', updates: [] });
    expect(one.delayOf('relay/n2/5')).toBe(240);
    expect(one.fire('relay/n2/5').sent).toEqual([{ to: 'n2', message: nack(5) }]);
  });
});

describe('Lifeguard §IV-C: buddy system', () => {
  const riders = (buddy: boolean) => {
    const input = { lifeguard: { buddy }, updatesPerMessage: 1 };
    const one = member(4, input).receive(
      'n3',
      ping([claim('suspect', 'n2', 0, 'n3'), claim('alive', 'm1'), claim('alive', 'm2')]),
    );
    one.receive('n2', ping());
    return one.riding.map(({ node }) => node);
  };

  it('who is suspected hears of it before all else', () => {
    expect(riders(true)).toEqual(['n2']);
    expect(riders(false)).toEqual(['m1']);
  });

  it('and so does, in any case, who is held dead', () => {
    const one = member(4, { lifeguard: false })
      .receive('n3', ping([claim('dead', 'n2', 3)]))
      .receive('n2', ping());
    expect(one.riding).toEqual([claim('dead', 'n2', 3)]);
  });
});
