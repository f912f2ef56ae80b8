import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff, DEFAULT_BACKOFF } from '../../src/transport/backoff.ts';
import { closeCode, codeOfClose } from '../../src/transport/close-codes.ts';
import { refuseHello } from '../../src/transport/handshake.ts';
import { Heartbeat } from '../../src/transport/heartbeat.ts';
import { InFlight } from '../../src/transport/in-flight.ts';
import { type Outgoing, SendQueue } from '../../src/transport/send-queue.ts';
import { printable } from '../../src/transport/text.ts';
import { createVirtualClock } from '../../src/virtual-clock.ts';
import { numbered } from './support.ts';

const item = (count: number, size = 1): Outgoing => ({
  envelope: numbered('n1', 'n2', count),
  bytes: new Uint8Array(size),
});
const ids = (items: readonly Outgoing[]) => items.map(({ envelope }) => envelope.clock.n1);

describe('the back-off', () => {
  const options = { minMs: 100, maxMs: 1_000, factor: 2, jitter: 0, refusedMs: 5_000 };

  it('doubles up to its greatest, and begins anew after a success', () => {
    const backoff = new Backoff(options, () => 0);
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it('leaves the given part of a wait to chance', () => {
    const waits = (random: number) => new Backoff({ ...options, jitter: 0.5 }, () => random).next();
    expect([waits(0), waits(0.5), waits(1)]).toEqual([100, 75, 50]);
  });

  it('waits long after a refusal, and does not count it', () => {
    const backoff = new Backoff(options, () => 0);
    expect([backoff.refused(), backoff.refused(), backoff.next()]).toEqual([5_000, 5_000, 100]);
  });

  it.each([{ minMs: 0 }, { maxMs: 1 }, { factor: 0.5 }, { jitter: 2 }, { refusedMs: 0 }])('refuses %o', (wrong) => {
    expect(() => new Backoff({ ...DEFAULT_BACKOFF, ...wrong }, Math.random)).toThrow('backoff');
  });
});

describe('the queue to a peer', () => {
  it('gives the oldest first, up to so many bytes, and at least one', () => {
    const queue = new SendQueue({ maxMessages: 10, maxBytes: 1_000 });
    for (const [count, size] of [
      [1, 50],
      [2, 60],
      [3, 40],
      [4, 300],
    ] as const)
      queue.push(item(count, size));
    expect(ids(queue.take(110))).toEqual([1, 2]);
    expect(ids(queue.take(110))).toEqual([3]);
    expect(ids(queue.take(110))).toEqual([4]);
    expect(ids(queue.take(110))).toEqual([]);
  });

  it.each([
    ['messages', { maxMessages: 2, maxBytes: 1_000 }, 10, [1]],
    ['bytes', { maxMessages: 10, maxBytes: 100 }, 60, [1]],
    ['bytes, for a large one', { maxMessages: 10, maxBytes: 100 }, 90, [1, 2]],
    ['bytes, for one that never fits', { maxMessages: 10, maxBytes: 100 }, 101, [1, 2, 3]],
  ])('lets the oldest make room when there are too many %s', (_, limits, size, evicted) => {
    const queue = new SendQueue(limits);
    queue.push(item(1, 10));
    queue.push(item(2, 40));
    expect(ids(queue.push(item(3, size)))).toEqual(evicted);
  });

  it('is a bounded first-in first-out list, whatever is done to it', () => {
    const limits = { maxMessages: 5, maxBytes: 40 };
    const actions = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 50 }), fc.record({ take: fc.integer({ min: 0, max: 60 }) })),
    );
    fc.assert(
      fc.property(actions, (list) => {
        const queue = new SendQueue(limits);
        let model: Outgoing[] = [];
        list.forEach((action, count) => {
          if (typeof action === 'number') {
            const pushed = item(count, action);
            model.push(pushed);
            const evicted = queue.push(pushed);
            expect(evicted).toEqual(model.slice(0, evicted.length));
            model = model.slice(evicted.length);
          } else {
            const taken = queue.take(action.take);
            expect(taken).toEqual(model.slice(0, taken.length));
            model = model.slice(taken.length);
          }
          expect(queue.length).toBe(model.length);
          expect(queue.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes.length, 0));
          expect(queue.length <= limits.maxMessages && queue.bytes <= limits.maxBytes).toBe(true);
        });
      }),
    );
  });
});

describe('what is in flight', () => {
  it('is confirmed up to a frame, and the rest is lost with the connection', () => {
    const inFlight = new InFlight();
    inFlight.add([item(1, 10), item(2, 20)]);
    const pinged = inFlight.sent;
    inFlight.add([item(3, 30)]);
    inFlight.confirm(pinged);
    expect([inFlight.length, inFlight.bytes]).toEqual([1, 30]);
    expect(ids(inFlight.clear())).toEqual([3]);
    expect([inFlight.length, inFlight.bytes]).toEqual([0, 0]);
  });
});

describe('the heartbeat', () => {
  function beating() {
    const clock = createVirtualClock();
    const seen = { beats: 0, deadAt: undefined as number | undefined, received: 0 };
    const heartbeat = new Heartbeat({
      clock,
      intervalMs: 100,
      received: () => seen.received,
      beat: () => void seen.beats++,
      dead: () => {
        seen.deadAt = clock.now();
      },
    });
    heartbeat.start();
    return { clock, seen, heartbeat };
  }

  it('takes a peer for dead after two silent intervals', async () => {
    const { clock, seen } = beating();
    await clock.advance(1_000);
    expect(seen).toMatchObject({ deadAt: 300, beats: 2 });
    expect(clock.pending).toBe(0);
  });

  it('goes on while bytes come in, even if only in every second interval', async () => {
    const { clock, seen } = beating();
    for (let i = 0; i < 10; i++) {
      seen.received++;
      await clock.advance(200);
    }
    expect(seen.deadAt).toBeUndefined();
  });

  it('grants a peer that is suspected no more than the current interval', async () => {
    const { clock, seen, heartbeat } = beating();
    await clock.advance(120);
    heartbeat.probe();
    await clock.advance(80);
    expect(seen.deadAt).toBe(200);
  });

  it('clears a suspected peer that answers', async () => {
    const { clock, seen, heartbeat } = beating();
    await clock.advance(120);
    heartbeat.probe();
    seen.received++;
    await clock.advance(80);
    expect(seen.deadAt).toBeUndefined();
  });

  it('leaves no timer behind', async () => {
    const { clock, heartbeat } = beating();
    heartbeat.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('a hello', () => {
  const here = { self: 'n1', cluster: 'blue', dialled: 'n2', takenAt: undefined };

  it.each([
    ['from the node that was dialled', { node: 'n2', cluster: 'blue' }, undefined],
    ['from another cluster', { node: 'n2', cluster: 'red' }, 'HANDSHAKE_CLUSTER'],
    ['from a node with the own name', { node: 'n1', cluster: 'blue' }, 'HANDSHAKE_OWN_NODE'],
    ['from another node than was dialled', { node: 'n3', cluster: 'blue' }, 'HANDSHAKE_NODE'],
  ])('%s', (_, hello, code) => {
    expect(refuseHello({ kind: 'hello', ...hello }, here)?.code).toBe(code);
  });

  it.each([
    ['where it is known to be', { url: 'ws://a:1/synod' }, undefined],
    ['elsewhere', { url: 'ws://a:2/synod' }, 'HANDSHAKE_DUPLICATE'],
    ['and does not say where', {}, undefined],
  ])('from a name that is taken, by one that listens %s', (_, place, code) => {
    const hello = { kind: 'hello', node: 'n3', cluster: 'blue', ...place } as const;
    const knocked = { ...here, dialled: undefined, takenAt: 'ws://a:1/synod' };
    expect(refuseHello(hello, knocked)?.code).toBe(code);
    expect(refuseHello({ ...hello, node: 'n2' }, { ...knocked, dialled: 'n2' })).toBeUndefined();
  });

  it('from anybody of the cluster will do when nobody was dialled', () => {
    expect(
      refuseHello({ kind: 'hello', node: 'n3', cluster: 'blue' }, { ...here, dialled: undefined }),
    ).toBeUndefined();
  });
});

describe('close codes', () => {
  it.each(['HANDSHAKE_CLUSTER', 'FRAME_FORGED', 'NODE_STOPPED'])('%s has a number of its own', (code) => {
    expect(closeCode(code)).toBeGreaterThanOrEqual(4000);
    expect(codeOfClose(closeCode(code))).toBe(code);
  });

  it('an unknown number means no more than a lost connection', () => {
    expect(codeOfClose(4999)).toBe('CONNECTION_LOST');
  });
});

describe('text from others', () => {
  it.each([
    ['line\nbreak\r', 'line·break·'],
    ['\u001b[31mred', '·[31mred'],
    ['right\u202eleft', 'right·left'],
    ['Zürich, 東京 → 1', 'Zürich, 東京 → 1'],
    ['x'.repeat(1_000), `${'x'.repeat(200)}…`],
  ])('is made fit for a log (%#)', (text, fit) => {
    expect(printable(text)).toBe(fit);
  });
});
