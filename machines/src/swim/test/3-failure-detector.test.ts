import { describe, expect, it } from 'vitest';
import { claim, member, ping, probing } from './support.ts';

const ack = (node: string, sequence: number, more: object = {}) => ({
  ...{ type: 'Ack', cluster: 'c', sequence, node, updates: [] },
  ...more,
});
const others = (count: number) => Array.from({ length: count - 1 }, (_, index) => `n${index + 2}`);

describe('§3.1 in each protocol period a member pings another', () => {
  it('and an answer in time ends the matter', () => {
    const { one, target, sequence } = probing();
    one.receive(target, ack(target, sequence));
    expect(one.value).toMatchObject({ member: { detector: { probing: 'answered' } } });
    one.fire('after.period');
    expect(one.status(target)).toBe('alive');
    expect(one.sent).toMatchObject([{ message: { type: 'Ping', sequence: sequence + 1 } }]);
  });

  it('a ping is answered under its own number', () => {
    expect(member().receive('n2', ping([], { sequence: 9 })).sent).toEqual([{ to: 'n2', message: ack('n1', 9) }]);
  });

  it('without an answer it asks k others, never the target or itself', () => {
    const { one, target, sequence } = probing(6, { indirect: 3 });
    one.fire('pingTimeout');
    expect(one.sent).toHaveLength(3);
    expect(new Set(one.sent.map(({ to }) => to)).size).toBe(3);
    for (const { to, message } of one.sent) {
      expect([target, 'n1']).not.toContain(to);
      expect(message).toEqual({ type: 'PingReq', cluster: 'c', sequence, target, updates: [] });
    }
  });

  it('and never misses the only one that it could ask', () => {
    for (let seed = 0; seed < 100; seed++) expect(probing(3, { seed }).one.fire('pingTimeout').sent).toHaveLength(1);
  });

  it('who is asked pings on behalf, and passes the answer on', () => {
    const one = member();
    const onBehalf = { of: 'n2', sequence: 5 };
    one.receive('n2', { type: 'PingReq', cluster: 'c', sequence: 5, target: 'n3', updates: [] });
    expect(one.sent).toEqual([{ to: 'n3', message: ping([], { sequence: 5, onBehalf }) }]);
    one.receive('n3', ack('n3', 5, { onBehalf }));
    expect(one.sent).toEqual([{ to: 'n2', message: ack('n3', 5) }]);
    expect(one.delayOf('relay/')).toBeUndefined();
  });

  it('an answer by way of another counts as one', () => {
    const { one, target, sequence } = probing();
    const relay = others(4).find((node) => node !== target) as string;
    one.fire('pingTimeout').receive(relay, ack(target, sequence)).fire('after.period');
    expect(one.status(target)).toBe('alive');
  });

  it('without any by the end of the period the target is suspected', () => {
    const { one, target } = probing();
    one.fire('pingTimeout').fire('after.period');
    expect(one.status(target)).toBe('suspect');
  });

  it.each([
    { what: 'of another period', sequence: -1, node: 0 },
    { what: 'of another member', sequence: 0, node: 1 },
  ])('an answer $what does not count', ({ sequence: off, node }) => {
    const { one, target, sequence } = probing();
    const from = node === 0 ? target : (others(4).find((each) => each !== target) as string);
    one.receive(from, ack(from, sequence + off)).fire('after.period');
    expect(one.status(target)).toBe('suspect');
  });
});

describe('an answer in the name of another is refused', () => {
  const forged = [{ type: 'membershipRefused', code: 'FROM_FORGED' }];

  it('of one that was not asked to ping', () => {
    const { one, target, sequence } = probing();
    const liar = others(4).find((node) => node !== target) as string;
    const before = one.context;
    one.receive(liar, ack(target, sequence, { updates: [claim('dead', target)] }));
    expect(one.told).toMatchObject(forged);
    expect(one.context).toEqual(before);
  });

  it('of one that answers a ping on behalf: it is not passed on', () => {
    const one = member().receive('n4', ack('n3', 5, { onBehalf: { of: 'n2', sequence: 5 } }));
    expect(one.told).toMatchObject(forged);
    expect(one.sent).toMatchObject([{ to: 'n4', message: { type: 'Refusal', code: 'FROM_FORGED' } }]);
  });

  it('but not of one whose answer comes after its period', () => {
    const { one, target, sequence } = probing(4, { indirect: 2 });
    one.fire('pingTimeout');
    const asked = one.sent[0]?.to as string;
    one.fire('after.period').receive(asked, ack(target, sequence));
    expect(one.told).toEqual([]);
  });
});

describe('§4.3 round-robin probes', () => {
  it.each([2, 5, 30])('each of %i members is probed once in a round, in another order each time', (count) => {
    const { one, target, sequence } = probing(count);
    const probed = [target];
    let [to, number] = [target, sequence];
    while (probed.length < 3 * (count - 1)) {
      one.receive(to, ack(to, number)).fire('after.period');
      [to, number] = [one.sent[0]?.to as string, number + 1];
      probed.push(to);
    }
    const rounds = [0, 1, 2].map((round) => probed.slice(round * (count - 1), (round + 1) * (count - 1)));
    for (const round of rounds) expect(round.toSorted()).toEqual(others(count).toSorted());
    if (count === 30) expect(new Set(rounds.map(String)).size).toBe(3);
  });

  it('a newcomer is probed in the round in which it came', () => {
    const { one, target } = probing(3);
    one.receive('n2', ping([claim('alive', 'n9')]));
    const probed = [target];
    for (let turn = 0; turn < 2; turn++) {
      one.fire('after.period');
      probed.push(...one.sent.map(({ to }) => to));
    }
    expect(probed.toSorted()).toEqual(['n2', 'n3', 'n9']);
  });

  it('the dead and the departed are not probed', () => {
    const one = member(4)
      .receive('n4', ping([claim('dead', 'n2'), claim('left', 'n3')]))
      .fire('settling');
    for (let turn = 0; turn < 6; turn++) {
      expect(one.sent.map(({ to }) => to)).toEqual(['n4']);
      one.fire('after.period');
    }
  });
});
