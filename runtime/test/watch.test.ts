import { address } from '@synod/protocol';
import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createMemoryNetwork, createVirtualClock, type Terminated } from '../src/index.ts';
import { RENEWAL_MS } from '../src/watches.ts';
import { counter, ofType, traced } from './support.ts';

const pair = async () => {
  const clock = createVirtualClock();
  const lost = new Set<string>();
  const network = createMemoryNetwork({
    route: ({ message }, deliver) => void (lost.has(message.type) || queueMicrotask(deliver)),
  });
  const one = await traced({ node: 'n1', clock, transport: network.transport() });
  const two = await traced({ node: 'n2', clock, transport: network.transport() });
  const stop = () => Promise.all([one.system.shutdown(), two.system.shutdown()]);
  return { clock, lost, one, two, stop };
};

describe('watch', () => {
  it('emits Terminated once and completes, for an actor of this node', async () => {
    const { system } = await traced();
    const actor = await system.spawn('c', counter);
    const ended = firstValueFrom(system.watch(actor.address));
    await actor.stop();
    expect(await ended).toEqual({ type: 'Terminated', actor: 'c@n1', reason: 'stopped' });
    await system.shutdown();
  });

  it.each(['n1', 'n2'])('finds at once that an actor on %s does not exist', async (node) => {
    const { clock, one, stop } = await pair();
    const ended = firstValueFrom(one.system.watch(address('nobody', node)));
    await clock.advance(0);
    expect(await ended).toMatchObject({ reason: 'unknown' });
    await stop();
  });

  it('tells another node', async () => {
    const { clock, one, two, stop } = await pair();
    const actor = await two.system.spawn('c', counter);
    const ended = firstValueFrom(one.system.watch(actor.address));
    await clock.advance(0);
    await actor.stop();
    await clock.advance(0);
    expect(await ended).toMatchObject({ actor: 'c@n2', reason: 'stopped' });
    await stop();
  });

  it('survives the loss of its messages: a watch is renewed', async () => {
    const { clock, lost, one, two, stop } = await pair();
    const actor = await two.system.spawn('c', counter);
    const ends: Terminated[] = [];
    one.system.watch(actor.address).subscribe((end) => ends.push(end));
    await clock.advance(0);
    lost.add('Terminated');
    await actor.stop();
    await clock.advance(0);
    expect(ends).toEqual([]);
    lost.clear();
    await clock.advance(RENEWAL_MS);
    expect(ends).toMatchObject([{ reason: 'unknown' }]);
    await stop();
  });

  it('delivers Terminated to an actor that is to be notified', async () => {
    const { system } = await traced();
    const watcher = await system.spawn('w', counter);
    const watched = await system.spawn('c', counter);
    system.watch(watched.address, { notify: watcher.address });
    await watched.stop();
    await expect.poll(() => watcher.getSnapshot().context.ended).toEqual(['c@n1 stopped']);
    await system.shutdown();
  });

  it.each([
    { type: 'Watch' },
    { type: 'Watch', actor: 7 },
    { type: 'Watch', actor: 'no name' },
    { type: 'Unwatch', actor: null },
    { type: 'Terminated', actor: 'nonsense', reason: 'x' },
    { type: 'Terminated', reason: 'x' },
  ])('%j from another node is a dead letter and harms nothing', async (message) => {
    const { clock, one, two, stop } = await pair();
    two.system.send(address('system', 'n1'), message);
    await clock.advance(0);
    expect(ofType(one.trace, 'drop')).toMatchObject([{ reason: 'dead-letter', message: message.type }]);
    await stop();
  });

  it('believes only the node on which the actor lives', async () => {
    const { clock, one, two, stop } = await pair();
    const actor = await one.system.spawn('c', counter);
    const ends: Terminated[] = [];
    one.system.watch(actor.address).subscribe((end) => ends.push(end));
    const forged: Terminated = { type: 'Terminated', actor: actor.address, reason: 'forged' };
    two.system.send(address('system', 'n1'), forged);
    await clock.advance(0);
    expect(ends).toEqual([]);
    expect(ofType(one.trace, 'drop')).toMatchObject([{ reason: 'dead-letter', message: 'Terminated' }]);
    await stop();
  });
});
