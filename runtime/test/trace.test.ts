import { decodeTrace, encodeTrace, type Message } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { createVirtualClock } from '../src/index.ts';
import { counter, ofType, traced } from './support.ts';

const run = async () => {
  const clock = createVirtualClock();
  const { system, trace } = await traced({ clock });
  const actor = await system.spawn('c', counter);
  actor.send({ type: 'Add', amount: 2 } as Message);
  actor.send({ type: 'Unknown' });
  await clock.advance(25);
  await system.shutdown();
  return trace;
};

describe('the trace', () => {
  it('tells each step in order: what was taken up, what came of it, what left', async () => {
    const trace = await run();
    const [receive] = ofType(trace, 'receive');
    expect(receive).toMatchObject({
      actor: 'c@n1',
      event: { type: 'Add', amount: 2, from: 'system@n1' },
      from: 'system@n1',
    });
    const transition = ofType(trace, 'transition').find(({ event }) => event === 'Add');
    expect(transition).toMatchObject({ state: 'on', transitions: ['counter.on#Add[0]'], changed: { total: 2 } });
    const kinds = trace.map(({ type }) => type);
    expect(kinds.indexOf('receive')).toBeLessThan(kinds.indexOf('transition'));
    expect(kinds.indexOf('transition')).toBeLessThan(kinds.indexOf('emit'));
    expect(kinds).toEqual(
      expect.arrayContaining(['spawn', 'send', 'deliver', 'durable', 'timer.set', 'timer.fired', 'stop']),
    );
  });

  it('shows an event that the chart ignored as a transition without transitions', async () => {
    const ignored = ofType(await run(), 'transition').find(({ event }) => event === 'Unknown');
    expect(ignored).toMatchObject({ transitions: [], changed: {} });
  });

  it('tells how guards came out, since somebody listens', async () => {
    const clock = createVirtualClock();
    const { system, trace } = await traced({ clock });
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { on: { Go: [{ guard: () => false, target: 'b' }, { target: 'b' }] } }, b: {} },
    });
    const actor = await system.spawn('m', machine);
    actor.send({ type: 'Go' });
    await clock.advance(1);
    await system.shutdown();
    const step = ofType(trace, 'transition').find(({ event }) => event === 'Go');
    expect(step).toMatchObject({
      transitions: ['m.a#Go[1]'],
      guards: [{ transition: 'm.a#Go[0]', condition: 'guard', outcome: false }],
    });
  });

  it('is the same to the byte in a second run', async () => {
    const lines = async () => (await run()).map((record) => encodeTrace(record)).join('\n');
    expect(await lines()).toBe(await lines());
  });

  it('survives its own file format', async () => {
    for (const record of await run()) expect(decodeTrace(encodeTrace(record))).toEqual(JSON.parse(encodeTrace(record)));
  });

  it('gives a late subscriber the living actors as they are', async () => {
    const { system } = await traced();
    const actor = await system.spawn('c', counter);
    actor.send({ type: 'Add', amount: 7 } as Message);
    await system.ask(actor.address, { type: 'Read' });
    const late: unknown[] = [];
    system.trace$.subscribe((record) => late.push(record));
    expect(late).toMatchObject([{ type: 'spawn', actor: 'c@n1', context: { total: 7 } }]);
    await system.shutdown();
  });

  it('is not made while nobody looks', async () => {
    const { system } = await traced();
    const actor = await system.spawn('c', counter);
    const before: number[] = [];
    system.trace$.subscribe(({ seq }) => before.push(seq)).unsubscribe();
    actor.send({ type: 'Add', amount: 1 } as Message);
    await system.shutdown();
    expect(before).toHaveLength(1);
  });
});
