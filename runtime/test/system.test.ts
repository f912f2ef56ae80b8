import { address, isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { assign, createMachine, setup } from 'xstate';
import { createMemoryNetwork, createMemoryStorage, createSystem, createVirtualClock } from '../src/index.ts';
import { counter, counterMachine, ofType, traced } from './support.ts';

const read = { type: 'Read' };

describe('spawn', () => {
  it.each([
    { name: 'system', code: 'NAME_INVALID' },
    { name: 'ask-1', code: 'NAME_INVALID' },
    { name: 'a b', code: 'NAME_INVALID' },
    { name: '', code: 'NAME_INVALID' },
  ])('refuses the name "$name"', async ({ name, code }) => {
    const { system } = await traced();
    await expect(system.spawn(name, counter)).rejects.toSatisfy((error) => isSynodError(error, code));
    await system.shutdown();
  });

  it('refuses a name that is taken, and gives it again after stop', async () => {
    const { system } = await traced();
    const first = await system.spawn('c', counter);
    await expect(system.spawn('c', counter)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    await first.stop();
    await expect(system.spawn('c', counter)).resolves.toMatchObject({ address: 'c@n1' });
    await system.shutdown();
  });

  it('rejects with what the machine throws as it starts, and leaves the name free', async () => {
    const { system } = await traced();
    const broken = createMachine({
      context: () => {
        throw new Error('no context');
      },
    });
    await expect(system.spawn('b', broken)).rejects.toThrow('no context');
    await expect(system.spawn('b', counter)).resolves.toBeDefined();
    await system.shutdown();
  });

  it('refuses a node name that is none', async () => {
    await expect(createSystem({ node: 'n 1' })).rejects.toMatchObject({ code: 'NAME_INVALID' });
  });

  it('tells a machine of every event when it was taken up, also of a timer', async () => {
    const clock = createVirtualClock();
    const seen: unknown[] = [];
    const machine = setup({
      delays: { wait: 250 },
      actions: {
        note: assign(({ event }) => void seen.push([event.type, (event as { at?: number }).at])),
      },
    }).createMachine({
      initial: 'on',
      states: { on: { on: { Ask: { actions: 'note' } }, after: { wait: { actions: 'note' } } } },
    });
    const { system } = await traced({ clock });
    const actor = await system.spawn('m', machine);
    await clock.advance(100);
    actor.send({ type: 'Ask' } as never);
    await clock.advance(200);
    expect(seen).toEqual([
      ['Ask', 100],
      ['xstate.after.wait.(machine).on', 250],
    ]);
    await system.shutdown();
  });

  it('takes a bare machine as well as a protocol', async () => {
    const { system } = await traced();
    const actor = await system.spawn('c', counterMachine);
    actor.send({ type: 'Add', amount: 2 } as never);
    expect(await system.ask(actor.address, read)).toEqual({ type: 'Total', total: 2 });
    await system.shutdown();
  });
});

describe('ask', () => {
  it('resolves with the first answer', async () => {
    const { system } = await traced();
    const actor = await system.spawn('c', counter);
    system.send(actor.address, { type: 'Add', amount: 5 } as never);
    expect(await system.ask(actor.address, read)).toEqual({ type: 'Total', total: 5 });
    await system.shutdown();
  });

  it('fails as not definite when no answer comes in time', async () => {
    const clock = createVirtualClock();
    const { system } = await traced({ clock });
    await system.spawn('c', counter);
    const asked = system.ask(address('c', 'n1'), { type: 'Add', amount: 1 } as never, { timeoutMs: 50 });
    const failed = expect(asked).rejects.toMatchObject({ code: 'ASK_TIMEOUT', definite: false });
    await clock.advance(50);
    await failed;
    await system.shutdown();
  });

  it.each([
    { to: address('nobody', 'n1'), code: 'ACTOR_UNKNOWN', definite: true },
    { to: address('c', 'n9'), code: 'ACTOR_UNKNOWN', definite: true },
  ])('fails at once for $to', async ({ to, code, definite }) => {
    const { system } = await traced();
    await expect(system.ask(to, read)).rejects.toMatchObject({ code, definite });
    await system.shutdown();
  });

  it('fails, perhaps having taken effect, when the network lost the request', async () => {
    const { system } = await traced({ transport: createMemoryNetwork().transport() });
    await expect(system.ask(address('c', 'n9'), read)).rejects.toMatchObject({
      code: 'MESSAGE_UNDELIVERED',
      definite: false,
    });
    await system.shutdown();
  });

  it('never takes an answer to a request of an earlier life for its own', async () => {
    const clock = createVirtualClock();
    const held: (() => void)[] = [];
    const network = createMemoryNetwork({
      route: ({ from }, deliver) => void (from === 'c@n2' ? held.push(deliver) : deliver()),
    });
    const storage = createMemoryStorage();
    const two = await traced({ node: 'n2', transport: network.transport() });
    await two.system.spawn('c', counter);
    const life = async () => (await traced({ node: 'n1', clock, storage, transport: network.transport() })).system;
    const first = await life();
    void first.ask(address('c', 'n2'), read).catch(() => undefined);
    await expect.poll(() => held.length).toBe(1);
    await first.kill();
    storage.crash();
    const second = await life();
    const asked = second.ask(address('c', 'n2'), { type: 'Add', amount: 1 } as never, { timeoutMs: 50 });
    const failed = expect(asked).rejects.toMatchObject({ code: 'ASK_TIMEOUT' });
    for (const deliver of held) deliver();
    await clock.advance(50);
    await failed;
    await Promise.all([second.kill(), two.system.shutdown()]);
  });

  it('fails when the system stops first', async () => {
    const { system } = await traced();
    await system.spawn('c', counter);
    const asked = system.ask(address('c', 'n1'), { type: 'Add', amount: 1 } as never);
    const failed = expect(asked).rejects.toMatchObject({ code: 'SYSTEM_STOPPED', definite: false });
    await system.shutdown();
    await failed;
    await expect(system.ask(address('c', 'n1'), read)).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' });
  });
});

describe('between nodes', () => {
  const pair = async () => {
    const network = createMemoryNetwork();
    const one = await traced({ node: 'n1', transport: network.transport() });
    const two = await traced({ node: 'n2', transport: network.transport() });
    return { one, two, stop: () => Promise.all([one.system.shutdown(), two.system.shutdown()]) };
  };

  it('an actor answers another node', async () => {
    const { one, two, stop } = await pair();
    await two.system.spawn('c', counter);
    expect(await one.system.ask(address('c', 'n2'), read)).toEqual({ type: 'Total', total: 0 });
    await stop();
  });

  it.each([
    { message: { type: 'Nonsense' }, why: /has no message "Nonsense"/ },
    { message: { type: 'Add', amount: 'many' }, why: /amount/ },
    { message: { type: 'Add', amount: 1, extra: true }, why: /extra/ },
    { message: { type: 'toString' }, why: /has no message/ },
  ])('drops $message, which the schema refuses', async ({ message, why }) => {
    const { one, two, stop } = await pair();
    await two.system.spawn('c', counter);
    one.system.send(address('c', 'n2'), message);
    expect(await one.system.ask(address('c', 'n2'), read)).toMatchObject({ total: 0 });
    expect(ofType(two.trace, 'drop')).toMatchObject([
      { reason: 'invalid-message', detail: expect.stringMatching(why) },
    ]);
    await stop();
  });

  it('a message for nobody is a dead letter in the trace', async () => {
    const { one, two, stop } = await pair();
    one.system.send(address('nobody', 'n2'), read);
    await new Promise(setImmediate);
    expect(ofType(two.trace, 'drop')).toMatchObject([{ reason: 'dead-letter', to: 'nobody@n2', message: 'Read' }]);
    await stop();
  });

  it('every delivery happens after its send, by the vector clocks', async () => {
    const { one, two, stop } = await pair();
    const c1 = await one.system.spawn('c', counter);
    const c2 = await two.system.spawn('c', counter);
    c1.send({ type: 'Forward', to: c2.address } as never);
    await expect.poll(() => c2.getSnapshot().context.total).toBe(1);
    const sent = ofType(one.trace, 'send').find(({ to }) => to === c2.address);
    const delivered = ofType(two.trace, 'deliver').find(({ id }) => id === sent?.id);
    expect(delivered?.clock.n1).toBeGreaterThanOrEqual(sent?.clock.n1 as number);
    expect(delivered?.clock.n2).toBeGreaterThan(sent?.clock.n2 ?? 0);
    await stop();
  });
});

describe('the end', () => {
  it('shutdown stops actors, completes their streams and resolves closed', async () => {
    const { system, trace } = await traced();
    const actor = await system.spawn('c', counter);
    let completed = false;
    actor.snapshots$.subscribe({ complete: () => (completed = true) });
    await system.shutdown();
    await system.shutdown();
    expect(completed).toBe(true);
    expect(await system.closed).toBeUndefined();
    expect(ofType(trace, 'stop')).toMatchObject([{ actor: 'c@n1' }]);
    await expect(system.spawn('d', counter)).rejects.toMatchObject({ code: 'SYSTEM_STOPPED' });
  });

  it('a machine in its final state has stopped', async () => {
    const { system, trace } = await traced();
    const actor = await system.spawn('c', counter);
    actor.send({ type: 'Finish' });
    await expect.poll(() => ofType(trace, 'stop').length).toBe(1);
    await expect(system.ask(actor.address, read)).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
    await system.shutdown();
  });

  it('leaves no timer behind', async () => {
    const clock = createVirtualClock();
    const { system } = await traced({ clock, storage: createMemoryStorage() });
    await system.spawn('c', counter);
    expect(clock.pending).toBe(1);
    await system.shutdown();
    expect(clock.pending).toBe(0);
  });
});
