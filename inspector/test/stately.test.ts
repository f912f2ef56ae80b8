import { createWebSocketInspector } from '@statelyai/inspect';
import { describe, expect, it } from 'vitest';
import { createActor, createMachine, fromTransition } from 'xstate';
import { type InspectorServer, startInspector } from '../src/index.ts';
import { shopMachine } from './support/apps.ts';
import { useEnding } from './support/ending.ts';
import { brief, connect, recordsOf } from './support.ts';

const later = useEnding();

const start = async (): Promise<InspectorServer> => later(await startInspector());

/** The real package, connected to our server. */
function app(inspector: InspectorServer, name?: string) {
  return later(createWebSocketInspector({ url: `${inspector.statelyUrl}${name ? `&name=${name}` : ''}` }));
}

const actorsOf = ({ world }: InspectorServer, node: string) => Object.values(world[node]?.actors ?? {});

describe('an app that uses the real @statelyai/inspect', () => {
  it('is told of with its charts, messages and transitions, which are inferred', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const actor = createActor(shopMachine, { inspect: app(inspector).inspect }).start();
    actor.send({ type: 'ADD', items: 2 });
    actor.send({ type: 'PAY' });
    await expect.poll(() => records().map(brief)).toContain('stop shop');
    expect(records().map(brief)).toEqual([
      'spawn shop "open"',
      'spawn stock "active" of shop',
      'receive shop ADD',
      'transition shop ADD "open" [shop.open#ADD[0], inferred]',
      'send shop stock',
      'deliver shop stock',
      'send stock shop',
      'deliver stock shop',
      'receive stock PING from shop',
      'transition stock PING "active" []',
      'spawn price "active" of shop',
      'receive shop PAY',
      'transition shop PAY "paying" [shop.open#PAY[1], inferred]',
      'receive shop PONG from stock',
      'transition shop PONG "paying" [shop#PONG[0], inferred]',
      'send price shop',
      'deliver price shop',
      'receive shop xstate.done.actor.0.shop.paying from price',
      'transition shop xstate.done.actor.0.shop.paying "sold" [shop.paying#xstate.done.actor.0.shop.paying[0], shop.deciding#always[0], inferred]',
      'receive price xstate.promise.resolve',
      'transition price xstate.promise.resolve "done" [price.active#done[0]]',
      'stop price',
      'timer.fired shop xstate.after.pause.shop.sold',
      'stop stock',
      'receive shop xstate.after.pause.shop.sold',
      'transition shop xstate.after.pause.shop.sold "closed" [shop.sold#xstate.after.pause.shop.sold[0], inferred]',
      'stop shop',
    ]);
    expect(inspector.world.app1).toMatchObject({
      up: true,
      about: { from: '@statelyai/inspect' },
      actors: { 'shop@app1': { state: 'closed', context: { items: 2, price: 42 }, phase: 'stopped' } },
    });
    const states = inspector.world.app1?.actors['shop@app1']?.chart.root.states ?? [];
    expect(states.map(({ key }) => key).sort()).toEqual(Object.keys(shopMachine.config.states ?? {}).sort());
  });

  it('may have hundreds of actors and contexts of any kind and size', async () => {
    const inspector = await start();
    // Until it is connected the library keeps but the latest 200 frames, unless it is told otherwise.
    const url = `${inspector.statelyUrl}&name=crowd`;
    const { inspect } = later(createWebSocketInspector({ url, maxDeferredEvents: 10_000 }));
    const cycle: Record<string, unknown> = {
      odd: [undefined, Number.NaN, 5n, new Map([[1, 2]]), new Date(0), () => 1],
    };
    cycle.self = cycle;
    const context = { cycle, log: Array.from({ length: 50_000 }, (_, at) => ({ at })), token: 'hush' };
    const machine = createMachine({ context, initial: 'a', states: { a: { on: { GO: 'b' } }, b: {} } });
    const actors = Array.from({ length: 300 }, (_, at) =>
      createActor(at === 0 ? machine : fromTransition((count: number) => count + 1, 0), {
        id: `a${at}`,
        inspect,
      }).start(),
    );
    for (const actor of actors) actor.send({ type: 'GO' } as never);
    await expect.poll(() => actorsOf(inspector, 'crowd').length, { timeout: 15_000 }).toBe(300);
    await expect.poll(() => inspector.world.crowd?.actors['a0@crowd']?.state, { timeout: 15_000 }).toBe('b');
    await expect
      .poll(() => inspector.world.crowd?.actors['a299@crowd']?.context, { timeout: 15_000 })
      .toEqual({ context: 1 });
    const shown = inspector.world.crowd?.actors['a0@crowd']?.context;
    expect(shown).toMatchObject({ token: '(secret)', cycle: { odd: expect.anything() } });
    expect(JSON.stringify(shown).length).toBeLessThan(10_000);
  });

  it('shows of a definition that was cut what is left, and that something is missing', async () => {
    const inspector = await start();
    const deep = (level: number): object =>
      level === 0
        ? { on: { OUT: '#deep' } }
        : { initial: 'x', states: { x: deep(level - 1) }, on: { [`E${level}`]: '.x' } };
    const machine = createMachine({ id: 'deep', ...deep(9) });
    const actor = createActor(machine, { inspect: app(inspector).inspect }).start();
    actor.send({ type: 'E9' } as never);
    await expect.poll(() => inspector.world.app1?.actors['deep@app1']?.lastTransitions).toEqual(['deep#E9[0]']);
    const chart = JSON.stringify(inspector.world.app1?.actors['deep@app1']?.chart);
    expect(chart).toContain('deep.x.x.x');
    expect(chart).not.toContain('deep.x.x.x.x.x.x.x.x.x');
    expect(chart).toContain('cut by the sender');
  });

  it('may tell of what is no actor of XState', async () => {
    const inspector = await start();
    const store = app(inspector);
    store.actor('cart', { status: 'active', context: { items: 1 } });
    store.event('cart', { type: 'add' });
    store.snapshot('cart', { context: { items: 2 } }, { event: { type: 'add' } });
    await expect
      .poll(() => inspector.world.app1?.actors['cart@app1'])
      .toMatchObject({ state: 'active', context: { items: 2 }, phase: 'running' });
  });

  it('is a node of its own for each connection, called as it asks', async () => {
    const inspector = await start();
    const machine = createMachine({ id: 'm', initial: 'a', states: { a: {} } });
    for (const name of [undefined, 'shop', 'shop'])
      createActor(machine, { inspect: app(inspector, name).inspect }).start();
    await expect.poll(() => Object.keys(inspector.world).sort()).toEqual(['app1', 'shop', 'shop-2']);
    await expect.poll(() => actorsOf(inspector, 'shop-2').map(({ address }) => address)).toEqual(['m@shop-2']);
  });
});

const json = (value: object) =>
  JSON.stringify({ _version: '0.7.2', createdAt: '1', rootId: 'x:0', id: null, ...value });
const definition = JSON.stringify({
  id: 'm',
  initial: 'a',
  states: { a: { on: { GO: 'b' } }, b: { on: { GO: 'a' } } },
});
const registered = (value: string) =>
  json({ type: '@xstate.actor', sessionId: 'x:0', name: 'm', definition, snapshot: { status: 'active', value } });
const go = json({ type: '@xstate.event', sessionId: 'x:0', event: { type: 'GO' } });
const reached = (value: string, event = 'GO') =>
  json({ type: '@xstate.snapshot', sessionId: 'x:0', event: { type: event }, snapshot: { status: 'active', value } });
const init = [
  json({ type: '@xstate.event', sessionId: 'x:0', event: { type: 'xstate.init' } }),
  reached('a', 'xstate.init'),
];

describe('a stream of frames', () => {
  const stream = async (inspector: InspectorServer, frames: readonly string[]) => {
    const { socket, opened, closed } = connect(inspector.statelyUrl);
    await opened;
    for (const frame of frames) socket.send(frame);
    return { socket, closed };
  };

  it('is read in the order of arrival: a registration that tells of a later state comes before what led there', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    await stream(inspector, [registered('b'), ...init, go, reached('b')]);
    await expect
      .poll(() => records().map(brief).slice(0, 3))
      .toEqual(['spawn m "a"', 'receive m GO', 'transition m GO "b" [m.a#GO[0], inferred]']);
  });

  it('goes on where it was when its connection comes back, and what it sends again is told once', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    // Twice the same frame in one millisecond is no repetition.
    const first = [registered('a'), ...init, go, reached('b'), go, reached('a')];
    const { socket } = await stream(inspector, first);
    await expect.poll(() => records().filter(({ type }) => type === 'transition').length).toBe(2);
    socket.close();
    await expect.poll(() => inspector.world.app1?.up).toBe(false);
    await stream(inspector, [...first, go, reached('b')]);
    await expect.poll(() => inspector.world.app1?.actors['m@app1']).toMatchObject({ state: 'b', phase: 'running' });
    await expect.poll(() => records().filter(({ type }) => type === 'transition').length).toBe(3);
    expect(Object.keys(inspector.world)).toEqual(['app1']);
  });

  it('that tells of actors nobody registered is shown as far as it goes', async () => {
    const inspector = await start();
    await stream(inspector, [reached('somewhere')]);
    await expect.poll(() => inspector.world.app1?.actors['actor@app1']?.state).toBe('somewhere');
  });

  it.each([
    { what: 'no JSON', frame: '{"type":' },
    { what: 'another type', frame: '{"type":"@xstate.microstep","sessionId":"x:0"}' },
    { what: 'no session', frame: '{"type":"@xstate.event","event":{"type":"GO"}}' },
    { what: 'an event without type', frame: '{"type":"@xstate.event","sessionId":"x:0","event":{}}' },
    { what: 'a state that is none', frame: reached('a').replace('"value":"a"', '"value":7') },
    { what: 'no text', frame: Buffer.from('x') },
  ])('with $what is counted as a drop, and goes on', async ({ frame }) => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    await stream(inspector, [registered('a'), ...init, frame as string, go, reached('b')]);
    await expect.poll(() => inspector.world.app1?.actors['m@app1']?.state).toBe('b');
    await expect
      .poll(() => records().map(brief))
      .toContainEqual(expect.stringMatching(/^drop invalid-frame FRAME_INVALID: /));
  });

  it.each([
    { what: 'no JSON', text: '{' },
    {
      what: 'prototypes',
      text: '{"id":"m","initial":"__proto__","states":{"__proto__":{},"a":{"on":{"__proto__":"a"}}}}',
    },
    {
      what: 'targets that do not exist',
      text: '{"id":"m","initial":"q","states":{"a":{"on":{"GO":["zz","#no.where",".x"]}}}}',
    },
    {
      what: 'a circle of always',
      text: '{"id":"m","initial":"a","states":{"a":{"on":{"GO":"a"},"always":"b"},"b":{"always":"a"}}}',
    },
    {
      what: 'nonsense in every field',
      text: '{"id":7,"initial":[],"states":{"a":3,"b":[1]},"on":5,"after":[[]],"invoke":[1,"x"],"entry":[null]}',
    },
  ])('with a definition of $what harms nobody', async ({ text }) => {
    const inspector = await start();
    await stream(inspector, [
      registered('a').replace(JSON.stringify(definition), JSON.stringify(text)),
      ...init,
      go,
      reached('a'),
    ]);
    await expect.poll(() => actorsOf(inspector, 'app1')[0]?.state).toBe('a');
  });

  it('with a chart that goes round in circles under its guards is taken at its pace', async () => {
    const inspector = await start();
    const circle = {
      a: { always: { guard: 'x', target: 'b' }, on: { GO: { guard: 'y', target: 'b' } } },
      b: { always: 'a' },
    };
    const text = JSON.stringify({ id: 'm', initial: 'a', states: circle });
    const steps = Array.from({ length: 30 }, () => [go, reached('nowhere')]).flat();
    await stream(inspector, [
      registered('a').replace(JSON.stringify(definition), JSON.stringify(text)),
      ...init,
      ...steps,
      reached('a'),
    ]);
    await expect.poll(() => actorsOf(inspector, 'app1')[0]?.state, { timeout: 5_000 }).toBe('a');
  });

  it('of nothing but nonsense is cut off', async () => {
    const inspector = await start();
    const { closed } = await stream(
      inspector,
      Array.from({ length: 100 }, () => 'nonsense'),
    );
    expect(await closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^FRAME_INVALID/) });
  });

  it('that begins with a frame too large is told of as well, by one node however often it comes back', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    for (let count = 1; count <= 2; count++) {
      const { closed } = await stream(inspector, ['x'.repeat(16 * 1024 * 1024 + 1)]);
      expect(await closed).toMatchObject({ code: 1009 });
      await expect
        .poll(
          () =>
            records()
              .map(brief)
              .filter((text) => /^note CONNECTION_FAILED .*sanitizeContext/.test(text)).length,
        )
        .toBe(count);
    }
    expect(Object.keys(inspector.world)).toEqual(['app1']);
  });

  it('with a frame too large is cut off, and a note says so', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const { closed } = await stream(inspector, [registered('a'), `"${'x'.repeat(17 * 1024 * 1024)}"`]);
    expect((await closed).code).toBe(1009);
    await expect.poll(() => records().map(brief)).toContainEqual(expect.stringMatching(/^note CONNECTION_FAILED/));
  });
});

describe('who may publish as an app', () => {
  const url = ({ port }: InspectorServer, path: string) => `ws://127.0.0.1:${port}${path}`;

  it.each(['/stately', '/stately?token=', '/stately?token=wrong', '/publish?token=wrong'])('not %s', async (path) => {
    const inspector = await start();
    await expect(connect(url(inspector, path)).opened).rejects.toThrow('401');
  });

  it('not who knows another token', async () => {
    const inspector = await start();
    for (const token of [inspector.publisherToken, inspector.receiverServer.split('=')[1]])
      await expect(connect(url(inspector, `/stately?token=${token}`)).opened).rejects.toThrow('401');
  });

  it('a page of any origin that knows the token, and none that does not', async () => {
    const inspector = await start();
    const headers = { origin: 'http://localhost:5173' };
    await connect(inspector.statelyUrl, headers).opened;
    await connect(inspector.appUrl, headers).opened;
    await expect(connect(url(inspector, '/publish'), headers).opened).rejects.toThrow('403');
  });

  it('nobody by another name of this machine', async () => {
    const inspector = await start();
    await expect(connect(inspector.statelyUrl, { host: 'evil.example' }).opened).rejects.toThrow('421');
  });
});
