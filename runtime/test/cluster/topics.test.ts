import { address, type Message } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { Publication } from '../../src/index.ts';
import { counter, ofType } from '../support.ts';
import { together } from './support.ts';

const NAMES = ['n1', 'n2', 'n3'];

const add = (amount: number): Message => ({ type: 'Add', amount }) as Message;

const trio = async () => {
  const stage = await together(NAMES);
  const topics = (at: string) => stage.node(at).system.cluster.topics;
  /** What a subscriber gets. */
  const listen = async (at: string, topic = 'news') => {
    const heard: Publication[] = [];
    const subscription = topics(at)
      .subscribe(topic)
      .subscribe((publication) => heard.push(publication));
    await stage.clock.advance(0);
    return { heard, subscription };
  };
  const published = (at: string, topic = 'news') => {
    const sent = ofType(stage.node(at).trace, 'send').filter(({ message }) => message.type === 'Publish');
    return sent.filter(({ message }) => (message as { topic?: unknown }).topic === topic).map(({ to }) => to);
  };
  return { ...stage, topics, listen, published };
};

describe('what is published', () => {
  it('reaches all subscribers, in order, and goes once to each node that has one', async () => {
    const { clock, topics, listen, published } = await trio();
    const [here, there, again] = [await listen('n1'), await listen('n2'), await listen('n2')];
    topics('n1').publish('news', add(1));
    topics('n1').publish('news', add(2));
    expect(here.heard).toEqual([]);
    await clock.advance(0);
    const news = [add(1), add(2)].map((message) => ({ from: 'system@n1', message }));
    expect([here.heard, there.heard, again.heard]).toEqual([news, news, news]);
    expect(published('n1')).toEqual(['system@n2', 'system@n2']);
  });

  it('reaches nobody who has not subscribed, or no longer', async () => {
    const { clock, topics, listen, published } = await trio();
    const [other, gone] = [await listen('n2', 'weather'), await listen('n3')];
    gone.subscription.unsubscribe();
    await clock.advance(0);
    topics('n1').publish('news', add(1));
    await clock.advance(0);
    expect([other.heard, gone.heard, published('n1')]).toEqual([[], [], []]);
  });

  it('reaches actors, as messages that their schemas allow, until they end', async () => {
    const { clock, node, topics, published } = await trio();
    const actor = await node('n2').system.spawn('c', counter);
    topics('n2').subscribeActor('news', actor.address);
    await clock.advance(0);
    topics('n1').publish('news', add(2));
    topics('n2').publish('news', add(3));
    topics('n1').publish('news', { type: 'Add', amount: 'many' } as Message);
    await clock.advance(0);
    expect(actor.getSnapshot().context.total).toBe(5);
    expect(ofType(node('n2').trace, 'drop')).toMatchObject([{ reason: 'invalid-message', to: 'c@n2' }]);
    await actor.stop();
    await clock.advance(0);
    topics('n1').publish('news', add(1));
    await clock.advance(0);
    expect(published('n1')).toHaveLength(2);
  });

  it('reaches an actor once, however often it is subscribed, until all is taken back', async () => {
    const { clock, node, topics, published } = await trio();
    const actor = await node('n2').system.spawn('c', counter);
    const [first, second] = [1, 2].map(() => topics('n2').subscribeActor('news', actor.address));
    first?.unsubscribe();
    first?.unsubscribe();
    await clock.advance(0);
    topics('n1').publish('news', add(1));
    await clock.advance(0);
    expect(actor.getSnapshot().context.total).toBe(1);
    second?.unsubscribe();
    await clock.advance(0);
    topics('n1').publish('news', add(1));
    expect(published('n1')).toHaveLength(1);
  });

  it('does not go to a node that is gone', async () => {
    const { hold, topics, listen, published } = await trio();
    await listen('n2');
    await hold(['n1', 'n3'], 'n2', 'dead');
    topics('n1').publish('news', add(1));
    expect(published('n1')).toEqual([]);
  });

  it('goes to subscribers of who joins later', async () => {
    const { clock, start, meet, topics, listen } = await trio();
    await start('n4');
    const { heard } = await listen('n4');
    await meet();
    topics('n1').publish('news', add(1));
    await clock.advance(0);
    expect(heard).toHaveLength(1);
  });
});

describe('a topic', () => {
  it.each(['', 'no name', 'x'.repeat(129)])('cannot be called "%s"', async (topic) => {
    const { topics } = await trio();
    const invalid = expect.objectContaining({ code: 'TOPIC_INVALID' });
    expect(() => topics('n1').publish(topic, add(1))).toThrow(invalid);
    expect(() => topics('n1').subscribe(topic)).toThrow(invalid);
    expect(() => topics('n1').subscribeActor(topic, address('c', 'n1'))).toThrow(invalid);
  });

  it('is subscribed to by actors of this node', async () => {
    const { topics } = await trio();
    for (const at of ['n1', 'n2']) {
      const unknown = expect.objectContaining({ code: 'ACTOR_UNKNOWN' });
      expect(() => topics('n1').subscribeActor('news', address('nobody', at))).toThrow(unknown);
    }
  });

  it('ends with the system', async () => {
    const { node, topics } = await trio();
    const ended = new Promise<void>((complete) => topics('n1').subscribe('news').subscribe({ complete }));
    await node('n1').system.kill();
    await ended;
  });
});

describe('from another node', () => {
  it.each([
    { type: 'Publish', topic: 'other', message: { type: 'Add' } },
    { type: 'Publish', topic: 'news' },
    { type: 'Publish', topic: 'news', message: 'Add' },
    { type: 'Publish', topic: 'news', message: {} },
    { type: 'Publish', topic: 'no name', message: { type: 'Add' } },
    { type: 'Publish', topic: 'news', message: { type: 'Add' }, more: 1 },
    { type: 'Down' },
    { type: 'Down', life: '1.1' },
  ])('%j is a dead letter and harms nothing', async (message) => {
    const { clock, node, listen } = await trio();
    const { heard } = await listen('n1');
    node('n2').system.send(address('system', 'n1'), message);
    await clock.advance(0);
    expect(ofType(node('n1').trace, 'drop')).toMatchObject([{ reason: 'dead-letter', message: message.type }]);
    expect(heard).toEqual([]);
  });
});
