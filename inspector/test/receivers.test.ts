import { createWebSocketReceiver, type ParsedReceiverEvent } from '@xstate/inspect';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type AnyStateMachine, createActor, createMachine } from 'xstate';
import { checkoutMachine } from '../../packages/examples/src/checkout.ts';
import { fetchMachine } from '../../packages/examples/src/fetch.ts';
import { gameMachine } from '../../packages/examples/src/game.ts';
import { mediaPlayerMachine } from '../../packages/examples/src/media-player.ts';
import { trafficLightMachine } from '../../packages/examples/src/traffic-light.ts';
import { uploadsMachine } from '../../packages/examples/src/uploads.ts';
import { createSynodInspector } from '../src/apps/inspector.ts';
import { type InspectorOptions, type InspectorServer, startInspector } from '../src/index.ts';
import { shopMachine } from './support/apps.ts';
import { useEnding } from './support/ending.ts';
import { brief, connect, publisher, recordsOf, spawn, turn } from './support.ts';

const later = useEnding();

// The receiver is made for browsers; on Node 20 the WebSocket is that of `ws`.
beforeEach(() => void vi.stubGlobal('WebSocket', WebSocket));
afterEach(() => void vi.unstubAllGlobals());

const start = async (options: InspectorOptions = {}): Promise<InspectorServer> => later(await startInspector(options));

const inspect = ({ appUrl: url }: InspectorServer, acceptEvents = false) =>
  later(createSynodInspector({ url, name: 'app', acceptEvents }));

/** The real receiver, and all that it has received. */
function receive({ receiverServer: server }: Pick<InspectorServer, 'receiverServer'>) {
  const receiver = createWebSocketReceiver({ server, serialize: undefined });
  const received: ParsedReceiverEvent[] = [];
  receiver.subscribe((event) => received.push(event));
  return { receiver, received };
}

const of = <T extends ParsedReceiverEvent['type']>(received: readonly ParsedReceiverEvent[], type: T) =>
  received.filter((event): event is ParsedReceiverEvent & { type: T } => event.type === type);

describe('the real receiver of @xstate/inspect', () => {
  it('is told of machines of XState v5: what they are, what they take up, what they come to, when they end', async () => {
    const inspector = await start();
    const { received } = receive(inspector);
    const actor = createActor(shopMachine, { inspect: inspect(inspector) }).start();
    await expect.poll(() => received.length).toBeGreaterThan(0);
    actor.send({ type: 'ADD', items: 2 });
    actor.send({ type: 'PAY' });
    await expect.poll(() => of(received, 'service.stop').map(({ sessionId }) => sessionId)).toContain('shop@app');
    const [shop, stock] = of(received, 'service.register');
    expect(shop).toMatchObject({ id: 'shop', sessionId: 'shop@app', state: { value: 'open', context: { items: 0 } } });
    expect(stock).toMatchObject({ id: 'stock', sessionId: 'stock@app', parent: 'shop@app' });
    const events = of(received, 'service.event').filter(({ sessionId }) => sessionId === 'shop@app');
    expect(events.map(({ event }) => event.name)).toEqual([
      'ADD',
      'PAY',
      'PONG',
      'done.invoke.0.shop.paying',
      'xstate.after(pause)#shop.sold',
    ]);
    expect(events[0]?.event).toMatchObject({ $$type: 'scxml', data: { type: 'ADD', items: 2 } });
    expect(events[3]?.event).toMatchObject({ data: { data: 42 }, origin: 'price@app' });
    const states = of(received, 'service.state').filter(({ sessionId }) => sessionId === 'shop@app');
    const values = states.map(({ state }) => state.value);
    expect(values.filter((value, at) => value !== values[at - 1])).toEqual([
      'open',
      'paying',
      'deciding',
      'sold',
      'closed',
    ]);
    expect(states.at(-1)?.state).toMatchObject({ done: true, context: { items: 2, price: 42 } });
  });

  it.each<{ readonly machine: AnyStateMachine; readonly input?: object }>([
    { machine: shopMachine },
    { machine: checkoutMachine },
    { machine: fetchMachine, input: { url: 'x' } },
    { machine: gameMachine },
    { machine: mediaPlayerMachine, input: { url: 'x' } },
    { machine: trafficLightMachine },
    { machine: uploadsMachine, input: {} },
  ])('gets machines that XState v4 runs the same way: $machine.id', async ({ machine, input }) => {
    const inspector = await start();
    const { received } = receive(inspector);
    createActor(machine, { inspect: inspect(inspector), input }).start();
    await expect.poll(() => of(received, 'service.register').length).toBeGreaterThan(0);
    const [registered] = of(received, 'service.register');
    // Of delays the receiver knows the names alone, and v4 says so.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(registered?.machine.initialState.value).toEqual(registered?.state.value);
    const ids = (nodes: Iterable<{ readonly id: string }>) => [...nodes].map(({ id }) => id).sort();
    const all = [...(machine as unknown as { idMap: Map<string, { id: string }> }).idMap.values()];
    expect([...(registered?.machine.stateIds ?? [])].sort()).toEqual(ids(all));
  });

  it('is told the names that v4 has', async () => {
    const inspector = await start();
    const { received } = receive(inspector);
    createActor(shopMachine, { inspect: inspect(inspector) }).start();
    await expect.poll(() => of(received, 'service.register').length).toBeGreaterThan(0);
    const paying = of(received, 'service.register')[0]?.machine.states.paying;
    expect(paying?.on['done.invoke.0.shop.paying']).toMatchObject([
      { target: [{ id: 'shop.deciding' }], internal: true },
    ]);
    expect(paying?.after).toMatchObject([{ delay: 'patience', target: [{ id: 'shop.open' }] }]);
    expect(paying?.onEntry.map(({ type }: { type: string }) => type)).not.toContain('raise');
    expect(paying?.invoke).toMatchObject([{ id: '0.shop.paying', src: 'price' }]);
    const pay = of(received, 'service.register')[0]?.machine.states.open?.on.PAY;
    expect(pay).toMatchObject([{ cond: { name: 'many' } }, { cond: { name: 'any' } }]);
    const machine = of(received, 'service.register')[0]?.machine;
    expect(machine?.transition('wholesale', { type: 'CANCEL' }).value).toBe('open');
  });

  it('that comes late is told the present of all nodes', async () => {
    const inspector = await start();
    const { send } = await publisher(inspector, 'n1');
    send(spawn('n1'), turn('n1', 'green', 3));
    await expect.poll(() => inspector.world.n1?.actors['light@n1']?.state).toBe('green');
    const { received } = receive(inspector);
    await expect
      .poll(() => received)
      .toMatchObject([
        { type: 'service.register', sessionId: 'light@n1', state: { value: 'green', context: { count: 3 } } },
      ]);
  });

  it('is told when a node goes', async () => {
    const inspector = await start();
    const { send, socket } = await publisher(inspector, 'n1');
    const { received } = receive(inspector);
    send(spawn('n1'));
    await expect.poll(() => received.length).toBeGreaterThan(0);
    socket.close();
    await expect.poll(() => received.at(-1)).toEqual({ type: 'service.stop', sessionId: 'light@n1' });
  });
});

describe('an event that is sent back', () => {
  const event = (origin: string, data: object) =>
    ({
      type: 'xstate.event',
      event: JSON.stringify({ name: 'x', data, $$type: 'scxml', origin }),
      service: '',
    }) as const;

  it('reaches the machine of an app that takes events', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const { receiver, received } = receive(inspector);
    const actor = createActor(shopMachine, { inspect: inspect(inspector, true) }).start();
    await expect.poll(() => of(received, 'service.register').length).toBeGreaterThan(0);
    receiver.send(event('shop@app', { type: 'ADD', items: 5 }));
    await expect.poll(() => actor.getSnapshot().context.items).toBe(5);
    await expect
      .poll(() => records().map(brief))
      .toContainEqual('note CONTROL ADD is sent to shop@app by a person at a receiver of @xstate/inspect');
    actor.stop();
  });

  /** What a receiver sends is what the embedder is given to deliver. */
  async function expectDelivered(sent: object, expected: object): Promise<void> {
    const delivered: unknown[] = [];
    const inspector = await start({ deliver: (...args) => void delivered.push(args) });
    const { send } = await publisher(inspector, 'n1');
    send(spawn('n1'));
    const { receiver, received } = receive(inspector);
    await expect.poll(() => received.length).toBeGreaterThan(0);
    receiver.send(event('light@n1', sent));
    await expect.poll(() => delivered).toEqual([['light@n1', expected]]);
  }

  it.each([
    [
      { type: 'done.invoke.price', data: 42 },
      { type: 'xstate.done.actor.price', output: 42 },
    ],
    [
      { type: 'error.platform.price', data: 'no' },
      { type: 'xstate.error.actor.price', error: 'no' },
    ],
    [{ type: 'done.state.shop.paying' }, { type: 'xstate.done.state.shop.paying' }],
    [{ type: 'xstate.after(pause)#shop.sold' }, { type: 'xstate.after.pause.shop.sold' }],
  ])('has its name of v5 again: %j', async (sent, expected) => {
    await expectDelivered(sent, expected);
  });

  it.each(['xstate.init', 'xstate.stop'])("is refused where it is XState's own: %s", async (type) => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const { receiver, received } = receive(inspector);
    const actor = createActor(createMachine({ id: 'm' }), { inspect: inspect(inspector, true) }).start();
    await expect.poll(() => received.length).toBeGreaterThan(0);
    receiver.send(event('m@app', { type }));
    await expect
      .poll(() => records().map(brief))
      .toContainEqual(expect.stringMatching(/^note EVENT_REFUSED .*begins and ends actors itself/));
    expect(actor.getSnapshot().status).toBe('active');
    actor.stop();
  });

  it('is delivered by the embedder otherwise', async () => {
    await expectDelivered({ type: 'TURN' }, { type: 'TURN' });
  });

  it.each([
    { what: 'nobody takes events', options: {}, code: /^note EVENT_REFUSED .*acceptEvents/ },
    {
      what: 'it cannot be delivered',
      options: { deliver: () => Promise.reject(new Error('not now')) },
      code: /^note EVENT_NOT_DELIVERED not now/,
    },
  ])('is refused where $what, and the trace says so', async ({ options, code }) => {
    const inspector = await start(options);
    const records = await recordsOf(inspector);
    const { receiver, received } = receive(inspector);
    const actor = createActor(createMachine({ id: 'm' }), { inspect: inspect(inspector) }).start();
    await expect.poll(() => received.length).toBeGreaterThan(0);
    receiver.send(event('m@app', { type: 'GO' }));
    await expect.poll(() => records().map(brief)).toContainEqual(expect.stringMatching(code));
    actor.stop();
  });
});

describe('who may receive', () => {
  it.each(['/xstate-inspect', '/xstate-inspect?token=wrong'])('not %s', async (path) => {
    const { port } = await start();
    await expect(connect(`ws://127.0.0.1:${port}${path}`).opened).rejects.toThrow('401');
  });

  it('not who may publish', async () => {
    const { port, appUrl } = await start();
    const { search } = new URL(appUrl);
    await expect(connect(`ws://127.0.0.1:${port}/xstate-inspect${search}`).opened).rejects.toThrow('401');
  });

  it.each(['nonsense', '7', '{}', '{"type":7}'])('not who sends %s', async (frame) => {
    const inspector = await start();
    const { socket, opened, closed } = connect(`ws://${inspector.receiverServer}`);
    await opened;
    socket.send(frame);
    expect(await closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^FRAME_INVALID/) });
  });

  it.each([
    '{"type":"xstate.event"}',
    '{"type":"xstate.event","event":"{"}',
    '{"type":"xstate.event","event":"{\\"data\\":{}}"}',
    '{"type":"xstate.event","event":"{\\"data\\":{\\"type\\":\\"GO\\"},\\"origin\\":\\"__proto__@__proto__\\"}"}',
  ])('%s does nothing', async (frame) => {
    const delivered: unknown[] = [];
    const inspector = await start({ deliver: (...args) => void delivered.push(args) });
    const { socket, frames, opened } = connect(`ws://${inspector.receiverServer}`);
    await opened;
    socket.send(frame);
    socket.send('{"type":"xstate.inspecting"}');
    const { send } = await publisher(inspector, 'n1');
    send(spawn('n1'));
    await expect.poll(() => frames.length).toBe(1);
    expect(delivered).toEqual([]);
  });
});
