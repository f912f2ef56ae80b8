import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chartOf } from '@synod/protocol';
import { describe, expect, it, vi } from 'vitest';
import { assign, createActor, createMachine, fromCallback, fromPromise, type InspectionEvent, setup } from 'xstate';
import { createSynodInspector, type SynodInspector } from '../src/apps/inspector.ts';
import { type InspectorServer, startInspector } from '../src/index.ts';
import { shopMachine } from './support/apps.ts';
import { useEnding } from './support/ending.ts';
import { brief, publisher, recordsOf } from './support.ts';

const later = useEnding();

const start = async (): Promise<InspectorServer> => later(await startInspector());
const inspect = ({ appUrl: url }: Pick<InspectorServer, 'appUrl'>, name = 'app'): SynodInspector =>
  later(createSynodInspector({ url, name }));

describe('createSynodInspector', () => {
  it('tells of a plain app all that XState knows: microsteps, exact transitions, actions, timers, messages', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const actor = createActor(shopMachine, { inspect: inspect(inspector) }).start();
    actor.send({ type: 'ADD', items: 2 });
    actor.send({ type: 'PAY' });
    await expect.poll(() => records().map(brief)).toContain('stop shop');
    expect(records().map(brief)).toEqual([
      'spawn shop "open"',
      'spawn stock "active" of shop',
      'transition shop xstate.init "open" [!spawnChild]',
      'receive shop ADD',
      'transition shop ADD "open" [shop.open#ADD[0]]',
      'receive shop PAY',
      'transition shop PAY "paying" [shop.open#PAY[1], !sendTo, !raise, !spawnChild]',
      'timer.set shop xstate.after.patience.shop.paying 60000',
      'transition shop COUNT "paying" [shop.paying#COUNT[0], !greet]',
      'send shop stock',
      'deliver shop stock',
      'send stock shop',
      'deliver stock shop',
      'spawn price "active" of shop',
      'receive shop PONG from stock',
      'transition shop PONG "paying" [shop#PONG[0], !greet]',
      'receive price xstate.promise.resolve',
      'transition price xstate.promise.resolve "done" [promise.active#done[0]]',
      'send price shop',
      'deliver price shop',
      'receive shop xstate.done.actor.0.shop.paying from price',
      'transition shop xstate.done.actor.0.shop.paying "deciding" [shop.paying#xstate.done.actor.0.shop.paying[0], !stopChild]',
      'timer.cancelled shop xstate.after.patience.shop.paying',
      'transition shop xstate.done.actor.0.shop.paying "sold" [shop.deciding#always[0], !emit]',
      'emit shop sold',
      'timer.set shop xstate.after.pause.shop.sold 5',
      'stop price',
      'timer.fired shop xstate.after.pause.shop.sold',
      'receive shop xstate.after.pause.shop.sold',
      'transition shop xstate.after.pause.shop.sold "closed" [shop.sold#xstate.after.pause.shop.sold[0]]',
      'stop stock',
      'stop shop',
    ]);
    const shop = inspector.world.app?.actors['shop@app'];
    expect(shop?.chart).toEqual(chartOf(shopMachine));
    expect(shop?.context).toEqual({ items: 2, price: 42 });
  });

  it('tells how guards came out, those without an event with the transition to which they led', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const machine = setup({
      guards: { isFull: () => false, isPaid: () => true, isLate: () => false },
    }).createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: { on: { GO: [{ guard: 'isFull' }, { guard: 'isPaid', target: 'b' }] } },
        b: { always: { guard: 'isPaid', target: 'c' } },
        c: { always: { guard: 'isLate', target: 'a' } },
      },
    });
    const actor = createActor(machine, { inspect: inspect(inspector) }).start();
    await expect.poll(() => records().length).toBe(1);
    actor.send({ type: 'GO' });
    const told = () =>
      records().flatMap((record) =>
        record.type !== 'transition'
          ? []
          : [(record.guards ?? []).map(({ transition, outcome }) => `${transition} ${outcome}`)],
      );
    await expect.poll(told).toEqual([
      ['m.a#GO[0] false', 'm.a#GO[1] true'],
      ['m.b#always[0] true', 'm.c#always[0] false'],
    ]);
  });

  it('tells of the transitions by which an actor comes to its first state', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const machine = createMachine({ id: 'm', initial: 'a', states: { a: { always: 'b' }, b: {} } });
    createActor(machine, { inspect: inspect(inspector) }).start();
    const expected = ['spawn m "b"', 'transition m xstate.init "b" [m.a#always[0]]'];
    await expect.poll(() => records().map(brief)).toEqual(expected);
  });

  it('tells who failed and why, whether a promise, a guard or an action, and what came too late', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const throwing = () => {
      throw new Error('no luck');
    };
    const fails = fromPromise(() => Promise.reject(new Error('no answer')));
    const machine = createMachine({
      on: { ACT: { actions: throwing }, ASK: { guard: throwing }, CALL: '.calling' },
      initial: 'idle',
      states: { idle: {}, calling: { invoke: { src: fails, id: 'call', onError: 'idle' } } },
    });
    const each = (event: string) => {
      const actor = createActor(machine, { inspect: inspect(inspector, event), id: event });
      actor.subscribe({ error: () => {} });
      actor.start().send({ type: event });
      return actor;
    };
    const [acted] = ['ACT', 'ASK', 'CALL'].map(each);
    await expect
      .poll(() => records().map(brief))
      .toEqual(
        expect.arrayContaining([
          'receive ACT ACT',
          'crash ACT no luck',
          'receive ASK ASK',
          expect.stringMatching(/^crash ASK .*no luck/s),
          'crash call no answer',
          expect.stringMatching(/^transition CALL xstate.error.actor.call "idle"/),
        ]),
      );
    // XState prints that, too.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    acted?.send({ type: 'LATE' });
    await expect.poll(() => records().map(brief)).toContain('drop dead-letter LATE');
  });

  it('tells an inspector that comes later the present, with the timers that run, and then goes on', async () => {
    const first = await startInspector();
    const { port, appUrl } = first;
    await first.stop();
    const actor = createActor(shopMachine, {
      inspect: inspect({ appUrl }),
    }).start();
    for (let count = 0; count < 3_000; count++) actor.send({ type: 'ADD', items: 1 });
    actor.send({ type: 'PAY' });
    actor.send({ type: 'CANCEL' });
    const appToken = new URL(appUrl).searchParams.get('token') ?? '';
    const second = later(await startInspector({ port, appToken }));
    const records = await recordsOf(second);
    await expect.poll(() => second.world.app?.actors['shop@app']?.state, { timeout: 10_000 }).toBe('open');
    expect(second.world.app?.actors['shop@app']?.context).toMatchObject({ items: 3_000 });
    await expect
      .poll(() => records().map(brief))
      .toContainEqual(expect.stringMatching(/^note TRACE_SKIPPED 2000 records/));
    actor.send({ type: 'ADD', items: 1 });
    await expect.poll(() => second.world.app?.actors['shop@app']?.context).toMatchObject({ items: 3_001 });
    actor.stop();
  });

  it('keeps the beginning of a run for an inspector that is being connected', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const machine = createMachine({ id: 'm', on: { GO: {} } });
    const actor = createActor(machine, { inspect: inspect(inspector) }).start();
    for (let count = 0; count < 100; count++) actor.send({ type: 'GO' });
    await expect.poll(() => records().filter(({ type }) => type === 'receive').length).toBe(100);
  });

  it('shows many roots and the children they spawn and lose, each under a name of its own', async () => {
    const inspector = await start();
    const observer = inspect(inspector);
    const child = fromCallback(() => {});
    const parent = createMachine({
      id: 'parent',
      context: { refs: [] as unknown[] },
      entry: assign({ refs: ({ spawn }) => Array.from({ length: 150 }, () => spawn(child, { id: 'worker' })) }),
    });
    const roots = [
      createActor(parent, { inspect: observer }).start(),
      createActor(parent, { inspect: observer }).start(),
    ];
    await expect.poll(() => Object.keys(inspector.world.app?.actors ?? {}).length).toBe(302);
    expect(Object.keys(inspector.world.app?.actors ?? {})).toEqual(
      expect.arrayContaining(['parent@app', 'parent-2@app', 'worker@app', 'worker-300@app']),
    );
    const names = () => Object.values(inspector.world.app?.actors ?? {}).filter(({ phase }) => phase === 'running');
    roots[0]?.stop();
    await expect.poll(() => names().length).toBeLessThan(302);
  });

  it('never throws into the app, whatever its values do when they are looked at', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const hostile = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('do not look');
      },
    });
    const machine = createMachine({
      id: 'm',
      context: { hostile },
      on: { GO: { actions: assign({ hostile: () => ({ ...{}, hostile }) }) } },
    });
    const observer = inspect(inspector);
    const actor = createActor(machine, { inspect: observer }).start();
    actor.send({ type: 'GO' });
    observer.next({ type: '@xstate.event', actorRef: null } as unknown as InspectionEvent);
    await expect
      .poll(() => records().map(brief))
      .toEqual(
        expect.arrayContaining(['transition m GO {} [m#GO[0]]', expect.stringMatching(/^note INSPECTION_FAILED/)]),
      );
    expect(inspector.world.app?.actors['m@app']?.context).toEqual({
      hostile: { hostile: { x: '(unreadable: do not look)' } },
    });
    expect(actor.getSnapshot().status).toBe('active');
  });

  it('shows one actor, also of an app that sends it the event by which XState begins it', async () => {
    const inspector = await start();
    const actor = createActor(createMachine({ id: 'm', initial: 'a', states: { a: { on: { GO: 'b' } }, b: {} } }), {
      inspect: inspect(inspector),
    }).start();
    await expect.poll(() => inspector.world.app?.actors['m@app']?.state).toBe('a');
    actor.send({ type: 'xstate.init' } as never);
    actor.send({ type: 'GO' });
    await expect.poll(() => inspector.world.app?.actors['m@app']?.state).toBe('b');
    expect(Object.keys(inspector.world.app?.actors ?? {})).toEqual(['m@app']);
  });

  it('may have hundreds of actors with much in them, and a chart beyond all measure is told of', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const text = 'x'.repeat(240);
    const context = { rows: Array.from({ length: 24 }, () => [text, text, text]) };
    const machine = createMachine({ id: 'm', context, initial: 'a', states: { a: { on: { GO: 'b' } }, b: {} } });
    const huge = createMachine({ id: 'huge', description: 'x'.repeat(5_000_000) });
    const { next } = inspect(inspector);
    createActor(huge, { inspect: next }).start();
    const actors = Array.from({ length: 300 }, (_, at) =>
      createActor(machine, { id: `a${at}`, inspect: next }).start(),
    );
    await expect.poll(() => Object.keys(inspector.world.app?.actors ?? {}).length, { timeout: 10_000 }).toBe(300);
    for (const actor of actors) actor.send({ type: 'GO' });
    await expect.poll(() => inspector.world.app?.actors['a299@app']?.state, { timeout: 10_000 }).toBe('b');
    await expect
      .poll(() => records().map(brief), { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/^note RECORD_TOO_LARGE .*spawn/));
  });

  it('tells of an actor that failed, and throws nothing itself, whatever was thrown', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const machine = createMachine({
      id: 'm',
      on: {
        GO: {
          actions: () => {
            throw Object.create(null);
          },
        },
      },
    });
    const actor = createActor(machine, { inspect: inspect(inspector) });
    actor.subscribe({ error: () => {} });
    actor.start();
    await expect.poll(() => records().map(brief)).toContainEqual(expect.stringMatching(/^spawn m/));
    actor.send({ type: 'GO' });
    await expect.poll(() => records().map(brief)).toContainEqual(expect.stringMatching(/^crash m/));
  });

  it("takes nobody's place: a name that is taken is refused, until it is free", async () => {
    const inspector = await start();
    const { socket } = await publisher(inspector, 'app');
    const records = await recordsOf(inspector);
    createActor(shopMachine, { inspect: inspect(inspector) }).start();
    await expect.poll(() => inspector.world.app?.up).toBe(true);
    await expect.poll(() => records().map(brief)).toContainEqual(expect.stringMatching(/^note NODE_TAKEN/));
    expect(inspector.world.app?.actors).toEqual({});
    socket.close();
    await expect.poll(() => inspector.world.app?.actors['shop@app']?.state, { timeout: 10_000 }).toBe('open');
  });

  it('does not keep an app alive, and loses nothing of one that ends', async () => {
    const inspector = await start();
    const records = await recordsOf(inspector);
    const script = `
      import { createActor, createMachine } from 'xstate';
      import { createSynodInspector } from '@synod/inspector/xstate';
      const machine = createMachine({ id: 'm', initial: 'a', states: { a: { on: { GO: 'b' } }, b: {} } });
      const inspect = createSynodInspector({ url: process.env.INSPECTOR, name: 'short' });
      createActor(machine, { inspect }).start().send({ type: 'GO' });`;
    // As an app would find it: by the package's name, as it was built.
    const cwd = join(fileURLToPath(new URL('.', import.meta.url)), '..');
    const env = { PATH: process.env.PATH, INSPECTOR: inspector.appUrl };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd,
      env,
    });
    expect([stdout, stderr]).toEqual(['', '']);
    await expect.poll(() => records().map(brief)).toContain('transition m GO "b" [m.a#GO[0]]');
    await expect.poll(() => inspector.world.short?.up).toBe(false);
  });
});

it('what is read of XState beside its types is there', () => {
  const events: InspectionEvent[] = [];
  const actor = createActor(shopMachine, { inspect: (event) => events.push(event) }).start();
  actor.send({ type: 'ADD', items: 1 });
  actor.send({ type: 'PAY' });
  const steps = events.filter(({ type }) => type === '@xstate.microstep') as unknown as { _transitions: object[] }[];
  const taken = steps.flatMap(({ _transitions }) => _transitions);
  expect(taken).toContainEqual(expect.objectContaining({ eventType: 'COUNT', reenter: false }));
  const system = actor.system as unknown as { getSnapshot(): { _scheduledEvents: Record<string, object> } };
  expect(Object.values(system.getSnapshot()._scheduledEvents)).toEqual([
    expect.objectContaining({
      id: 'xstate.after.patience.shop.paying',
      source: actor,
      delay: 60_000,
      startedAt: expect.any(Number),
      event: { type: 'xstate.after.patience.shop.paying' },
    }),
  ]);
  expect(actor).toMatchObject({ logic: shopMachine, src: expect.anything(), id: actor.sessionId });
  actor.stop();
});
