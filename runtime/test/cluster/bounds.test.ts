import { address } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/cluster/facts.ts';
import { FactRegistry } from '../../src/cluster/registry.ts';
import { FactTopics } from '../../src/cluster/topics.ts';

/** The facts of n1 and what is built on them, without a cluster. */
function alone() {
  const notes: string[] = [];
  const facts = new Facts({
    node: 'n1',
    put: () => undefined,
    isPresent: () => true,
    note: (_, code) => notes.push(code),
  });
  const host = { node: 'n1', self: address('system', 'n1'), facts, isAlive: () => true };
  const topics = new FactTopics({ ...host, publish: () => undefined, send: () => undefined });
  return { notes, facts, registry: new FactRegistry(host), topics };
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('what a node tells is bounded', () => {
  it('in names', () => {
    const { registry } = alone();
    for (let count = 0; count < 1_000; count++) registry.register(`s${count}`, address('a', 'n1'));
    expect(() => registry.register('more', address('a', 'n1'))).toThrow(code('REGISTRY_FULL'));
    registry.unregister('s0', address('a', 'n1'));
    registry.register('more', address('a', 'n1'));
    expect(registry.lookup('more')).toEqual(['a@n1']);
  });

  it('in actors of one name', () => {
    const { registry } = alone();
    for (let count = 0; count < 32; count++) registry.register('s', address(`a${count}`, 'n1'));
    expect(() => registry.register('s', address('more', 'n1'))).toThrow(code('REGISTRY_FULL'));
    expect(registry.lookup('s')).toHaveLength(32);
  });

  it('in topics', () => {
    const { topics } = alone();
    for (let count = 0; count < 1_000; count++) topics.subscribe(`t${count}`).subscribe();
    const errors: unknown[] = [];
    topics.subscribe('more').subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([code('TOPICS_FULL')]);
    expect(() => topics.subscribeActor('more', address('a', 'n1'))).toThrow(code('TOPICS_FULL'));
  });
});

describe('what another node tells is believed', () => {
  it('as far as there are not too many facts', () => {
    const { notes, facts, registry } = alone();
    for (let count = 0; count < 4_098; count++) facts.learn('n2', `registry/s${count}`, 'a');
    expect(notes).toEqual(['FACTS_TOO_MANY']);
    expect(registry.lookup('s4095')).toEqual(['a@n2']);
    expect(registry.lookup('s4096')).toEqual([]);
    facts.learn('n2', 'registry/s0', null);
    facts.learn('n2', 'registry/s4096', 'a');
    expect(registry.lookup('s4096')).toEqual(['a@n2']);
  });

  it('as far as it names actors', () => {
    const { facts, registry } = alone();
    facts.learn('n2', 'registry/s', `a b! c@d  ${'x'.repeat(129)} e`);
    expect(registry.lookup('s')).toEqual(['a@n2', 'e@n2']);
  });

  it('as far as it is about itself', () => {
    const { facts, registry } = alone();
    facts.learn('n1', 'registry/s', 'a');
    expect(registry.lookup('s')).toEqual([]);
  });
});
