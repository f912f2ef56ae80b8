import { address, type Message, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createMemoryStorage, type Storage } from '../src/index.ts';
import { counter, ofType, traced } from './support.ts';

const add = (amount: number): Message => ({ type: 'Add', amount }) as Message;
const settle = () => new Promise(setImmediate);

/** A storage whose commits happen when the test says so. */
function heldStorage() {
  const commits: (() => void)[] = [];
  const storage = createMemoryStorage({ commit: (run) => void commits.push(run) });
  return { storage, commits, commit: () => commits.shift()?.() };
}

/** Spawns a counter and lets its first write through. */
async function held() {
  const { storage, commits, commit } = heldStorage();
  const { system, trace } = await traced({ storage });
  const actor = await system.spawn('c', counter);
  commit();
  await settle();
  const emitted: number[] = [];
  actor.emitted$.subscribe((event) => void (event.type === 'added' && emitted.push(event.total)));
  return { storage, commits, commit, system, trace, actor, emitted };
}

describe('a step that changes a durable field', () => {
  it('lets nothing out before its write is durable', async () => {
    const { actor, emitted, commit, system } = await held();
    actor.send(add(1));
    await settle();
    expect(actor.getSnapshot().context.total).toBe(1);
    expect(emitted).toEqual([]);
    commit();
    await settle();
    expect(emitted).toEqual([1]);
    await system.shutdown();
  });

  it('holds back what later steps say too, though they write nothing, and keeps the order', async () => {
    const { system, trace, actor, commit } = await held();
    actor.send(add(1));
    const asked = system.ask(actor.address, { type: 'Read' });
    await settle();
    expect(ofType(trace, 'send').filter(({ from }) => from === actor.address)).toEqual([]);
    commit();
    expect(await asked).toEqual({ type: 'Total', total: 1 });
    const order = trace
      .map(({ type }) => type)
      .filter((type) => type === 'durable' || type === 'emit' || type === 'send');
    expect(order.slice(-3)).toEqual(['durable', 'emit', 'send']);
    await system.shutdown();
  });

  it('does not wait for its write to take the next step: steps share a commit', async () => {
    const { actor, emitted, commits, system } = await held();
    for (let i = 0; i < 5; i++) actor.send(add(1));
    await settle();
    expect(actor.getSnapshot().context.total).toBe(5);
    expect(emitted).toEqual([]);
    let shared = 0;
    for (; commits.length > 0; shared++) {
      commits.shift()?.();
      await settle();
    }
    expect(shared).toBe(2);
    expect(emitted).toEqual([1, 2, 3, 4, 5]);
    await system.shutdown();
  });

  it('says which fields it wrote', async () => {
    const { system, trace } = await traced();
    const actor = await system.spawn('c', counter);
    actor.send(add(1));
    await settle();
    expect(ofType(trace, 'durable').map(({ fields }) => fields)).toEqual([[{ field: 'total' }], [{ field: 'total' }]]);
    await system.shutdown();
  });
});

describe('after a crash', () => {
  it('an actor has what was durable, and nothing that was not', async () => {
    const { storage, system, actor, commit } = await held();
    actor.send(add(1));
    await settle();
    commit();
    actor.send(add(10));
    await settle();
    await system.kill();
    storage.crash();
    const { system: again, trace } = await traced({ storage });
    await again.spawn('c', counter);
    expect(ofType(trace, 'spawn')).toMatchObject([{ recovered: true, context: { total: 1 } }]);
    await again.kill();
  });

  it("the node's clock goes on above where it was", async () => {
    const storage = createMemoryStorage();
    const first = await traced({ storage });
    await first.system.spawn('c', counter);
    await first.system.kill();
    storage.crash();
    const second = await traced({ storage });
    await second.system.spawn('c', counter);
    const highest = (trace: TraceRecord[]) => Math.max(...trace.map(({ clock }) => clock.n1 ?? 0));
    expect(second.trace[0]?.clock.n1).toBeGreaterThan(highest(first.trace));
    await second.system.shutdown();
  });
});

describe('a storage that fails', () => {
  const failing = (failures: number): Storage => {
    const inner = createMemoryStorage();
    let left = failures;
    return {
      open: (node) => inner.open(node),
      recover: (actor) => inner.recover(actor),
      write: (actor, changes) => (left-- > 0 ? Promise.reject(new Error('disk on fire')) : inner.write(actor, changes)),
      erase: (actor) => inner.erase(actor),
      close: () => inner.close(),
    };
  };

  it('restarts the actor from what is durable, and nothing of the lost step leaves', async () => {
    const { system, trace } = await traced({ storage: failing(1) });
    await system.spawn('c', counter, { supervision: { minDelayMs: 1 } });
    await expect.poll(() => ofType(trace, 'restart').length, { timeout: 5_000 }).toBe(1);
    expect(ofType(trace, 'crash')).toMatchObject([{ actor: 'c@n1', reason: 'disk on fire' }]);
    await expect
      .poll(async () => (await system.ask(address('c', 'n1'), { type: 'Read' })) as unknown)
      .toEqual({ type: 'Total', total: 0 });
    await system.shutdown();
  });

  it('does not keep the system from stopping', async () => {
    const { system } = await traced({ storage: failing(Number.POSITIVE_INFINITY) });
    const actor = await system.spawn('c', counter);
    await actor.stop();
    await system.shutdown();
  });
});
