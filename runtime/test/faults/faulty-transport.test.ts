import type { LinkFault, NetworkFaults } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createFaultyTransport } from '../../src/faults/faulty-transport.ts';
import { createMemoryNetwork } from '../../src/transport/memory.ts';
import { createVirtualClock } from '../../src/virtual-clock.ts';
import { envelope, numbered, recorder } from '../transport/support.ts';

const DROP: LinkFault = { kind: 'drop', chance: 0.3 };

/** Three nodes on one network with the same faults, and a clock that stands still. */
async function network(faults: Partial<NetworkFaults>, seed = 7) {
  const clock = createVirtualClock();
  const net = createMemoryNetwork({ schedule: (deliver) => deliver() });
  const names = ['n1', 'n2', 'n3'] as const;
  const nodes = names.map((name) => {
    const record = recorder();
    return { name, ...record, transport: createFaultyTransport(net.transport(), { seed, clock }) };
  });
  const setFaults = (next: Partial<NetworkFaults>) => {
    for (const { transport } of nodes) transport.setFaults({ groups: [], links: [], ...next });
  };
  for (const { name, transport, events } of nodes) await transport.start(name, events);
  setFaults(faults);
  const [n1, n2, n3] = nodes as [(typeof nodes)[0], (typeof nodes)[0], (typeof nodes)[0]];
  const send = (count: number, to = 'n2', first = 1) => {
    for (let at = first; at < first + count; at++) n1.transport.send(numbered('n1', to, at));
  };
  return { clock, n1, n2, n3, send, setFaults };
}

const ids = (received: readonly { id: string }[]) => received.map(({ id }) => Number(id.split(':')[1]));
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

describe('a faulty transport', () => {
  it('without faults passes everything on at once, and tells of nothing', async () => {
    const { n1, n2, send } = await network({});
    send(3);
    expect([ids(n2.received), n1.drops, n1.notes]).toEqual([[1, 2, 3], [], []]);
  });

  it('drops about as often as it was told to, on that link alone, and each is a fault in the trace', async () => {
    const { n1, n2, n3, send } = await network({ links: [{ ...DROP, from: ['n1'], to: ['n2'] }] });
    send(1_000);
    send(100, 'n3');
    n2.transport.send(envelope('n2', 'n1', { type: 'M' }));
    expect(n1.drops.length).toBeGreaterThan(230);
    expect(n1.drops.length).toBeLessThan(370);
    expect(new Set(n1.drops.map(({ reason }) => reason))).toEqual(new Set(['fault']));
    expect([n2.received.length + n1.drops.length, n3.received.length, n1.received.length]).toEqual([1_000, 100, 1]);
  });

  it('comes to the same with the same seed, and to something else with another', async () => {
    const lost = async (seed: number) => {
      const { n1, send } = await network({ links: [DROP] }, seed);
      send(100);
      return n1.drops.map(({ id }) => id);
    };
    expect(await lost(1)).toEqual(await lost(1));
    expect(await lost(1)).not.toEqual(await lost(2));
  });

  it('delays, keeps the order of each pair whatever is drawn, and says for how long', async () => {
    const { clock, n1, n2, n3, send } = await network({ links: [{ kind: 'delay', to: ['n2'], addMs: [10, 200] }] });
    send(50);
    send(1, 'n3', 51);
    expect([n2.received, ids(n3.received)]).toEqual([[], [51]]);
    await clock.advance(9);
    expect(n2.received).toEqual([]);
    await clock.advance(191);
    expect(ids(n2.received)).toEqual(upTo(50));
    expect(n1.noted('DELAYED')).toHaveLength(50);
    expect(clock.pending).toBe(0);
  });

  it('what is sent once the delay is cleared waits behind what it still holds', async () => {
    const { clock, n2, send, setFaults } = await network({ links: [{ kind: 'delay', addMs: [100, 100] }] });
    send(1);
    setFaults({});
    send(1, 'n2', 2);
    expect(n2.received).toEqual([]);
    await clock.advance(100);
    expect(ids(n2.received)).toEqual([1, 2]);
    send(1, 'n2', 3);
    expect(ids(n2.received)).toEqual([1, 2, 3]);
  });

  it('adds up what lies on one link', async () => {
    const links: LinkFault[] = [
      { kind: 'delay', addMs: [10, 10] },
      { kind: 'delay', from: ['n1'], addMs: [20, 20] },
    ];
    const { clock, n2, send } = await network({ links });
    send(1);
    await clock.advance(29);
    expect(n2.received).toEqual([]);
    await clock.advance(1);
    expect(ids(n2.received)).toEqual([1]);
  });

  it('duplicates, and says so', async () => {
    const { n1, n2, send } = await network({ links: [{ kind: 'duplicate', chance: 1 }] });
    send(2);
    expect([ids(n2.received), n1.noted('DUPLICATED').length]).toEqual([[1, 1, 2, 2], 2]);
  });

  it('lets messages overtake each other only where that is asked for', async () => {
    const { clock, n2, send } = await network({ links: [{ kind: 'reorder', chance: 0.5, withinMs: 100 }] });
    send(40);
    await clock.advance(100);
    const order = ids(n2.received);
    expect(order).not.toEqual(upTo(40));
    expect(order.toSorted((a, b) => a - b)).toEqual(upTo(40));
  });

  it('loses what crosses a partition, both ways, and what is on its way when it comes', async () => {
    const groups = [['n1'], ['n2', 'n3']];
    const { clock, n1, n2, n3, send, setFaults } = await network({ links: [{ kind: 'delay', addMs: [10, 10] }] });
    send(1);
    setFaults({ groups });
    send(1, 'n2', 2);
    n2.transport.send(numbered('n2', 'n1', 1));
    n2.transport.send(numbered('n2', 'n3', 2));
    await clock.advance(10);
    expect([ids(n1.received), ids(n2.received), ids(n3.received)]).toEqual([[], [], [2]]);
    const lost = [n1.drops, n2.drops].map((drops) => drops.map(({ reason, id }) => `${reason} ${id}`));
    expect(lost).toEqual([['fault n1:2'], ['fault n2:1', 'fault n1:1']]);
    setFaults({});
    send(1, 'n2', 3);
    expect(ids(n2.received)).toEqual([3]);
  });

  it('a node of no group reaches all', async () => {
    const { n2, n3, send } = await network({ groups: [['n2'], ['n3']] });
    send(1);
    send(1, 'n3', 2);
    expect([ids(n2.received), ids(n3.received)]).toEqual([[1], [2]]);
  });

  it('holds no more than a socket would', async () => {
    const { n1, send } = await network({ links: [{ kind: 'delay', addMs: [10, 10] }] });
    send(10_001);
    expect(n1.drops).toMatchObject([{ reason: 'queue-full', id: 'n1:10001' }]);
  });

  it('that is stopped loses what it holds, and leaves no timer behind', async () => {
    const { clock, n1, send } = await network({ links: [{ kind: 'delay', addMs: [10, 10] }] });
    send(2);
    await n1.transport.stop();
    expect([n1.drops.map(({ reason }) => reason), clock.pending]).toEqual([['stopped', 'stopped'], 0]);
  });
});
