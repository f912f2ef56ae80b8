import type { Message } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createMemoryNetwork, type MemoryNetwork, type MemoryNetworkOptions } from '../../src/transport/memory.ts';
import { envelope, numbered, recorder } from './support.ts';

async function join(network: MemoryNetwork, name: string) {
  const transport = network.transport();
  const record = recorder();
  await transport.start(name, record.events);
  return { ...record, transport };
}

/** Two nodes, and the deliveries that wait until a test runs them. */
async function pair(options: MemoryNetworkOptions = {}) {
  const waiting: (() => void)[] = [];
  const network = createMemoryNetwork({ schedule: (deliver) => void waiting.push(deliver), ...options });
  const [n1, n2] = [await join(network, 'n1'), await join(network, 'n2')];
  const run = () => {
    for (const deliver of waiting.splice(0)) deliver();
  };
  return { network, n1, n2, waiting, run };
}

const counts = (received: readonly { message: Message }[]) =>
  received.map(({ message }) => (message as Message & { count: number }).count);

describe('the network in memory', () => {
  it('delivers in the order of sending, and never within send', async () => {
    const { n1, n2, run } = await pair();
    for (let count = 1; count <= 100; count++) n1.transport.send(numbered('n1', 'n2', count));
    expect(n2.received).toEqual([]);
    run();
    expect(counts(n2.received)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('delivers in the next microtask unless told otherwise', async () => {
    const network = createMemoryNetwork();
    const [n1, n2] = [await join(network, 'n1'), await join(network, 'n2')];
    n1.transport.send(numbered('n1', 'n2', 1));
    expect(n2.received).toEqual([]);
    await Promise.resolve();
    expect(counts(n2.received)).toEqual([1]);
  });

  it.each([
    ['to a node that does not exist', 'n3', 'unreachable', 'PEER_UNKNOWN'],
    ['to a node that has stopped', 'n2', 'unreachable', 'PEER_UNKNOWN'],
  ])('drops what is sent %s, and tells the sender', async (_, to, reason, code) => {
    const { n1, n2, run } = await pair();
    n1.transport.send(numbered('n1', to, 1));
    await n2.transport.stop();
    run();
    expect(n1.drops).toEqual([{ reason, id: 'n1:1', detail: expect.stringContaining(`${code}: `) }]);
    expect(n2.received).toEqual([]);
  });

  it('drops what a node sends after it stopped', async () => {
    const { n1, run } = await pair();
    await n1.transport.stop();
    await n1.transport.stop();
    n1.transport.send(numbered('n1', 'n2', 1));
    run();
    expect(n1.drops).toMatchObject([{ reason: 'stopped', id: 'n1:1' }]);
  });

  it('lets a node come back under its name, but no second one take it', async () => {
    const { network, n1, n2, run } = await pair();
    await expect(join(network, 'n2')).rejects.toThrow('n2');
    await n2.transport.stop();
    const again = await join(network, 'n2');
    n1.transport.send(numbered('n1', 'n2', 1));
    run();
    expect(counts(again.received)).toEqual([1]);
  });
});

describe('with serialise', () => {
  it('what arrives is a copy', async () => {
    const { n1, n2, run } = await pair({ serialise: true });
    const message = { type: 'M', list: [1], bytes: new Uint8Array([1]), gone: undefined };
    const sent = envelope('n1', 'n2', message);
    n1.transport.send(sent);
    message.list.push(2);
    run();
    expect(n2.received).toStrictEqual([{ ...sent, message: { ...message, list: [1] } }]);
  });

  it('what would not survive the wire is dropped', async () => {
    const { n1, n2, run } = await pair({ serialise: true });
    n1.transport.send(envelope('n1', 'n2', { type: 'M', at: new Date(0) } as Message));
    run();
    expect(n1.drops).toEqual([
      { reason: 'not-serialisable', id: 'n1:1', detail: expect.stringMatching(/^NOT_SERIALISABLE: M\.at .*Date/) },
    ]);
    expect(n2.received).toEqual([]);
  });

  it('without it, the very object arrives', async () => {
    const { n1, n2, run } = await pair();
    const sent = numbered('n1', 'n2', 1);
    n1.transport.send(sent);
    run();
    expect(n2.received[0]).toBe(sent);
  });
});

describe('with a route', () => {
  it('a test drops, duplicates, delays and reorders', async () => {
    let late: (() => void) | undefined;
    const { n1, n2, run } = await pair({
      route(sent, deliver, drop) {
        const count = sent.clock.n1;
        if (count === 1) drop('FAULT: lost by the test');
        else if (count === 2) late = deliver;
        else if (count === 3) [deliver, deliver].map((act) => act());
        else deliver();
      },
    });
    for (let count = 1; count <= 4; count++) n1.transport.send(numbered('n1', 'n2', count));
    expect(n2.received).toEqual([]);
    run();
    late?.();
    run();
    expect(counts(n2.received)).toEqual([3, 3, 4, 2]);
    expect(n1.drops).toEqual([{ reason: 'fault', id: 'n1:1', detail: 'FAULT: lost by the test' }]);
  });
});
