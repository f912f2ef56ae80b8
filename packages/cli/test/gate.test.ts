import type { Envelope } from '@synod/protocol';
import { createVirtualClock, type Transport, type TransportEvents } from '@synod/runtime';
import { describe, expect, it } from 'vitest';
import { Gate } from '../src/node/gate.ts';

const envelope = (from: string, to: string, id: string): Envelope => ({
  id,
  from: `a@${from}`,
  to: `a@${to}`,
  message: { type: 'M' },
  clock: {},
});

/** A gate of n1 with a network that only notes what goes out, and a clock that stands still. */
async function gated() {
  const [out, into, lost]: [string[], string[], string[]] = [[], [], []];
  let events: TransportEvents | undefined;
  const transport: Transport = {
    start: async (_, given) => {
      events = given;
    },
    send: ({ id }) => void out.push(id),
    stop: async () => {},
  };
  const clock = createVirtualClock();
  const gate = new Gate({ transport, clock });
  await gate.transport.start('n1', {
    receive: ({ id }) => void into.push(id),
    drop: (reason, dropped) => void lost.push(`${reason} ${dropped?.id}`),
    note: () => {},
  });
  const arrive = (from: string, id: string) => events?.receive(envelope(from, 'n1', id));
  return { gate, clock, out, into, lost, arrive };
}

describe('a gate', () => {
  it('lets all through, both ways', async () => {
    const { gate, out, into, arrive } = await gated();
    gate.transport.send(envelope('n1', 'n2', 'a'));
    arrive('n2', 'b');
    expect([out, into]).toEqual([['a'], ['b']]);
  });

  it('while paused holds what goes in and out, and gives it in order afterwards', async () => {
    const { gate, out, into, arrive } = await gated();
    gate.pause();
    for (const id of ['a', 'b']) gate.transport.send(envelope('n1', 'n2', id));
    for (const id of ['c', 'd']) arrive('n2', id);
    expect([gate.isPaused, out, into]).toEqual([true, [], []]);
    gate.resume();
    expect([gate.isPaused, out, into]).toEqual([false, ['a', 'b'], ['c', 'd']]);
  });

  it('while paused fires no timer though time passes: those that ran out fire at once afterwards, in order, before messages', async () => {
    const { gate, clock, into, arrive } = await gated();
    const fired: string[] = [];
    const set = (name: string, ms: number) => gate.clock.setTimer(() => fired.push(`${name} after ${into.length}`), ms);
    set('late', 20);
    set('early', 10);
    set('cancelled', 15).cancel();
    const cancelledWhileHeld = set('cancelled while held', 12);
    set('later', 100);
    gate.pause();
    arrive('n2', 'a');
    await clock.advance(50);
    expect([gate.clock.now(), fired]).toEqual([50, []]);
    cancelledWhileHeld.cancel();
    gate.resume();
    expect(fired).toEqual(['early after 0', 'late after 0']);
    await clock.advance(50);
    expect(fired).toEqual(['early after 0', 'late after 0', 'later after 1']);
  });

  it('holds no more than a socket would', async () => {
    const { gate, into, lost, arrive } = await gated();
    gate.pause();
    for (let at = 0; at < 10_001; at++) arrive('n2', `${at}`);
    gate.resume();
    expect([into.length, lost]).toEqual([10_000, ['queue-full 10000']]);
  });
});
