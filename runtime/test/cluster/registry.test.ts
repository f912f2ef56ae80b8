import { address } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { counter } from '../support.ts';
import { together } from './support.ts';

const NAMES = ['n1', 'n2', 'n3'];

/** Three members; `db` is the name of an actor on n1 and of two on n3. */
const trio = async () => {
  const stage = await together(NAMES);
  const { clock, node } = stage;
  const registry = (at: string) => node(at).system.cluster.registry;
  const everywhere = (name = 'db') => NAMES.map((at) => registry(at).lookup(name));
  for (const [at, actor] of [
    ['n3', 'store'],
    ['n1', 'store'],
    ['n3', 'spare'],
  ] as const) {
    registry(at).register('db', (await node(at).system.spawn(actor, counter)).address);
  }
  await clock.advance(0);
  return { ...stage, registry, everywhere };
};

describe('the registry', () => {
  it('tells all nodes which actors have a name', async () => {
    const { everywhere } = await trio();
    const all = ['spare@n3', 'store@n1', 'store@n3'];
    expect(everywhere()).toEqual([all, all, all]);
    expect(everywhere('other')).toEqual([[], [], []]);
  });

  it('is known here at once', async () => {
    const { node, registry } = await trio();
    registry('n2').register('web', (await node('n2').system.spawn('page', counter)).address);
    expect(registry('n2').lookup('web')).toEqual(['page@n2']);
  });

  it('is told to who joins later', async () => {
    const { start, meet, registry } = await trio();
    await start('n4');
    await meet();
    expect(registry('n4').lookup('db')).toEqual(['spare@n3', 'store@n1', 'store@n3']);
  });

  it('forgets an actor that ends, and a name that is taken back', async () => {
    const { clock, node, registry, everywhere } = await trio();
    await node('n3').system.stop('store');
    registry('n1').unregister('db', address('store', 'n1'));
    registry('n1').unregister('db', address('store', 'n1'));
    await clock.advance(0);
    const left = ['spare@n3'];
    expect(everywhere()).toEqual([left, left, left]);
  });

  it.each(['dead', 'left'] as const)('forgets the actors of a node that is %s', async (status) => {
    const { hold, registry, everywhere } = await trio();
    await hold(['n1', 'n2'], 'n3', status);
    expect(everywhere().slice(0, 2)).toEqual([['store@n1'], ['store@n1']]);
    await hold(['n1', 'n2'], 'n3', 'alive');
    expect(registry('n1').lookup('db')).toEqual(['store@n1']);
  });

  it('is alone with its own when this node has left', async () => {
    const { clock, node, registry } = await trio();
    const left = node('n1').system.cluster.leave();
    await clock.advance(0);
    await left;
    expect(registry('n1').lookup('db')).toEqual(['store@n1']);
  });

  it('keeps those of a node that is suspected', async () => {
    const { hold, everywhere } = await trio();
    await hold(NAMES, 'n3', 'suspect');
    expect(everywhere()[0]).toHaveLength(3);
  });

  it('tells of each change, and of the present first', async () => {
    const { clock, node, registry, hold } = await trio();
    const seen: (readonly string[])[] = [];
    registry('n2')
      .changes$('db')
      .subscribe((actors) => seen.push(actors));
    await node('n3').system.stop('spare');
    await clock.advance(0);
    await hold(['n1', 'n2'], 'n3', 'dead');
    expect(seen).toEqual([['spare@n3', 'store@n1', 'store@n3'], ['store@n1', 'store@n3'], ['store@n1']]);
  });

  it.each([
    ['SERVICE_INVALID', 'no name', 'store@n1'],
    ['SERVICE_INVALID', '', 'store@n1'],
    ['ACTOR_UNKNOWN', 'db', 'nobody@n1'],
    ['ACTOR_UNKNOWN', 'db', 'store@n3'],
  ] as const)('refuses with %s to register as "%s" the actor %s', async (code, name, actor) => {
    const { registry } = await trio();
    expect(() => registry('n1').register(name, actor)).toThrow(expect.objectContaining({ code }));
    expect(registry('n1').lookup('db')).toHaveLength(3);
  });
});
