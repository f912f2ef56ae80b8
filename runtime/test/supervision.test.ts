import { address, type Message } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, type Supervision } from '../src/index.ts';
import { Supervisor } from '../src/supervision.ts';
import { counter, ofType, traced } from './support.ts';

const add = (amount: number): Message => ({ type: 'Add', amount }) as Message;
const bad = add(13);

async function supervised(supervision: Supervision) {
  const clock = createVirtualClock();
  const { system, trace } = await traced({ clock });
  const actor = await system.spawn('c', counter, { supervision });
  await clock.advance(0);
  return { clock, system, trace, actor };
}

describe('restart', () => {
  it('begins anew from the durable fields; what was waiting is taken up', async () => {
    const { clock, system, trace, actor } = await supervised({ minDelayMs: 100 });
    for (const message of [add(1), bad, add(2)]) actor.send(message);
    await clock.advance(0);
    expect(ofType(trace, 'crash')).toMatchObject([{ actor: 'c@n1', reason: '13 is refused' }]);
    await clock.advance(100);
    expect(ofType(trace, 'restart')).toMatchObject([{ actor: 'c@n1', attempt: 1 }]);
    expect(ofType(trace, 'spawn').at(-1)).toMatchObject({ recovered: true, context: { total: 1, seen: 0 } });
    expect(actor.getSnapshot().context.total).toBe(3);
    await system.shutdown();
  });

  it('is not the end of the actor for those who watch it', async () => {
    const { clock, system, actor } = await supervised({ minDelayMs: 100 });
    const ends: unknown[] = [];
    system.watch(actor.address).subscribe((end) => ends.push(end));
    actor.send(bad);
    await clock.advance(1_000);
    expect(ends).toEqual([]);
    await system.shutdown();
  });

  it('escalates after too many within the window', async () => {
    const { clock, system, actor, trace } = await supervised({ maxRestarts: 2, minDelayMs: 1, maxDelayMs: 1 });
    for (let i = 0; i < 3; i++) {
      actor.send(bad);
      await clock.advance(5);
    }
    expect(await system.closed).toMatchObject({ message: '13 is refused' });
    expect(ofType(trace, 'crash').at(-1)).toMatchObject({ reason: 'escalated: 13 is refused' });
  });
});

describe('backoff', () => {
  it.each([
    { random: 0, delays: [100, 200, 400, 500, 500] },
    { random: 0.999999, delays: [50, 100, 200, 250, 250] },
  ])('doubles up to maxDelayMs, less up to a half of jitter (random $random)', ({ random, delays }) => {
    const supervisor = new Supervisor({ minDelayMs: 100, maxDelayMs: 500 }, () => random);
    const decided = delays.map(() => supervisor.decide(new Error('x'), 0));
    expect(decided.map((verdict) => verdict.directive === 'restart' && Math.round(verdict.delayMs))).toEqual(delays);
  });

  it('begins anew when failures lie further apart than the window', () => {
    const supervisor = new Supervisor({ withinMs: 1_000, maxRestarts: 1 }, () => 0);
    expect(supervisor.decide(new Error('x'), 0)).toMatchObject({ directive: 'restart', attempt: 1 });
    expect(supervisor.decide(new Error('x'), 500)).toMatchObject({ directive: 'escalate' });
    expect(supervisor.decide(new Error('x'), 1_001)).toMatchObject({ directive: 'restart', attempt: 1 });
  });
});

describe('other directives', () => {
  it('stop ends the actor and tells who watches', async () => {
    const { clock, system, actor } = await supervised({ onFailure: 'stop' });
    const ends: unknown[] = [];
    system.watch(actor.address).subscribe((end) => ends.push(end));
    actor.send(bad);
    await clock.advance(0);
    expect(ends).toEqual([{ type: 'Terminated', actor: 'c@n1', reason: '13 is refused' }]);
    await expect(system.ask(address('c', 'n1'), { type: 'Read' })).rejects.toMatchObject({ code: 'ACTOR_UNKNOWN' });
    await system.shutdown();
  });

  it('a function decides by the error', async () => {
    const { clock, system, actor } = await supervised({
      onFailure: (error) => (String(error).includes('13') ? 'escalate' : 'stop'),
    });
    actor.send(bad);
    await clock.advance(0);
    expect(await system.closed).toBeInstanceOf(Error);
  });
});
