import type { TraceRecord } from '@synod/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type InspectorServer, startInspector } from '../src/index.ts';
import { type Publisher, publishTrace } from '../src/publisher/publisher.ts';
import { page, spawn, turn } from './support.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

/** A trace that begins, for each subscriber, with the actor as it is. */
function system() {
  const listeners = new Set<(record: TraceRecord) => void>();
  return {
    subscribers: () => listeners.size,
    say: (record: TraceRecord) => {
      for (const listener of listeners) listener(record);
    },
    trace$: {
      subscribe(next: (record: TraceRecord) => void) {
        listeners.add(next);
        next(spawn('n1'));
        return { unsubscribe: () => void listeners.delete(next) };
      },
    },
  };
}

const publish = (
  inspector: Pick<InspectorServer, 'publishUrl' | 'publisherToken'>,
  trace$: ReturnType<typeof system>['trace$'],
): Publisher => {
  const publisher = publishTrace({
    url: inspector.publishUrl,
    token: inspector.publisherToken,
    node: 'n1',
    about: { pid: 5 },
    trace$,
  });
  running.push(publisher);
  return publisher;
};

describe('a publisher', () => {
  it('tells the inspector who it is and what happens', async () => {
    const inspector = await startInspector({ background: true });
    running.push(inspector);
    const { say, trace$ } = system();
    publish(inspector, trace$);
    await expect.poll(() => inspector.world.n1?.actors['light@n1']?.state).toBe('red');
    say(turn('n1', 'green', 1));
    await expect.poll(() => inspector.world.n1?.actors['light@n1']?.state).toBe('green');
    expect(inspector.world.n1).toMatchObject({ up: true, about: { node: 'n1', pid: 5 } });
  });

  it('does not look at the trace while there is no inspector', async () => {
    const { subscribers, trace$ } = system();
    const publisher = publish({ publishUrl: 'ws://127.0.0.1:9/publish', publisherToken: 'x' }, trace$);
    await publisher.stop();
    expect(subscribers()).toBe(0);
  });

  it('makes no records while nobody looks on, and tells the present to whoever comes', async () => {
    const inspector = await startInspector();
    running.push(inspector);
    const { say, subscribers, trace$ } = system();
    publish(inspector, trace$);
    await expect.poll(() => inspector.world.n1?.up).toBe(true);
    expect([subscribers(), inspector.world.n1?.actors]).toEqual([0, {}]);
    const first = await page(inspector);
    await expect.poll(() => inspector.world.n1?.actors['light@n1']?.state).toBe('red');
    first.socket.close();
    await expect.poll(() => subscribers(), { timeout: 8_000 }).toBe(0);
    say(turn('n1', 'green', 1));
    await page(inspector);
    await expect.poll(() => subscribers()).toBe(1);
    say(turn('n1', 'green', 2));
    await expect.poll(() => inspector.world.n1?.actors['light@n1']?.context).toEqual({ count: 2 });
    expect(inspector.world.n1?.up).toBe(true);
  });

  it('comes back to an inspector that was started again, and tells it the present', async () => {
    const first = await startInspector({ background: true });
    const { trace$, subscribers } = system();
    const { port } = first;
    // The second inspector has another token: the test gives it the first one's, as a launcher would.
    publish(first, trace$);
    await expect.poll(() => first.world.n1?.up).toBe(true);
    await first.stop();
    await expect.poll(() => subscribers()).toBe(0);
    const second = await startInspector({ background: true, port, publisherToken: first.publisherToken });
    running.push(second);
    await expect.poll(() => second.world.n1?.actors['light@n1']?.state, { timeout: 10_000 }).toBe('red');
  });

  it('says goodbye', async () => {
    const inspector = await startInspector({ background: true });
    running.push(inspector);
    const { say, trace$, subscribers } = system();
    const publisher = publish(inspector, trace$);
    await expect.poll(() => inspector.world.n1?.up).toBe(true);
    say(turn('n1', 'green', 1));
    await publisher.stop();
    await expect
      .poll(() => inspector.world.n1)
      .toMatchObject({ up: false, actors: { 'light@n1': { state: 'green', phase: 'crashed' } } });
    expect(subscribers()).toBe(0);
  });
});
