import { isSynodError } from '@synod/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type InspectorOptions, type InspectorServer, startInspector } from '../src/index.ts';
import { connect, get, login, note, page, publisher, spawn, turn } from './support.ts';

const started: InspectorServer[] = [];

async function start(options: InspectorOptions = {}): Promise<InspectorServer> {
  const inspector = await startInspector(options);
  started.push(inspector);
  return inspector;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((inspector) => inspector.stop()));
});

const origin = ({ port }: InspectorServer) => `http://127.0.0.1:${port}`;

describe('the token', () => {
  it('opens the page once: it becomes a cookie and leaves the address', async () => {
    const inspector = await start();
    const url = inspector.newUrl();
    const first = await get(url);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect(await get(url)).toMatchObject({ status: 403, body: expect.stringContaining('INSPECTOR_TOKEN') });
  });

  it('lets the browser that has the session open a used address again', async () => {
    const inspector = await start();
    const url = inspector.newUrl();
    const cookie = String((await get(url)).headers['set-cookie']).split(';')[0] ?? '';
    expect(await get(url, { cookie })).toMatchObject({ status: 303 });
  });

  it('that permits faults gives more to a browser that only looks on, and no other takes that away', async () => {
    const inspector = await start({ controls: { heal: async () => {} } });
    const looking = await login(inspector);
    const again = await get(inspector.newUrl(), { cookie: looking });
    expect([again.status, again.headers['set-cookie']]).toEqual([303, undefined]);
    const more = await get(inspector.newUrl({ faults: true }), { cookie: looking });
    const acting = String(more.headers['set-cookie']).split(';')[0] ?? '';
    expect((await get(inspector.newUrl(), { cookie: acting })).headers['set-cookie']).toBeUndefined();
    const offered = async (cookie: string) => {
      const { frames, opened } = connect(`${origin(inspector).replace('http', 'ws')}/watch`, {
        origin: origin(inspector),
        cookie,
      });
      await opened;
      await expect.poll(() => frames.length).toBeGreaterThan(0);
      return frames[0]?.controls;
    };
    expect([await offered(looking), await offered(acting)]).toEqual([[], ['heal']]);
  });

  it.each(['/', '/?token=wrong', '/?token=', '/index.html', '/assets/x.js'])('is needed for %s', async (path) => {
    const inspector = await start();
    expect((await get(origin(inspector) + path)).status).toBe(403);
  });
});

describe('what else is refused', () => {
  it.each([
    { what: 'a host that is not ours', headers: { host: 'evil.example' }, status: 421 },
    { what: 'a method other than GET', method: 'POST', status: 405 },
  ])('$what', async ({ headers, method, status }) => {
    const inspector = await start();
    expect((await get(origin(inspector), headers ?? {}, method)).status).toBe(status);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', '//etc/passwd'])(
    'the path %s',
    async (path) => {
      const inspector = await start();
      const cookie = await login(inspector);
      expect([404, 503]).toContain((await get(origin(inspector) + path, { cookie })).status);
    },
  );

  it.each([
    { what: 'a page of another origin', headers: { origin: 'http://evil.example' }, status: '403' },
    { what: 'a page without origin', headers: {}, status: '403' },
  ])('$what', async ({ headers, status }) => {
    const inspector = await start();
    const cookie = await login(inspector);
    const { opened } = connect(`${origin(inspector).replace('http', 'ws')}/watch`, { ...headers, cookie } as Record<
      string,
      string
    >);
    await expect(opened).rejects.toThrow(status);
  });

  it('a page without a session', async () => {
    const inspector = await start();
    const { opened } = connect(`${origin(inspector).replace('http', 'ws')}/watch`, { origin: origin(inspector) });
    await expect(opened).rejects.toThrow('401');
  });

  it.each([
    { what: 'a publisher without token', headers: {}, status: '401' },
    { what: 'a publisher with another token', headers: { authorization: 'Bearer x' }, status: '401' },
    { what: 'a publisher that is a browser', headers: { origin: 'http://127.0.0.1' }, status: '403' },
  ])('$what', async ({ headers, status }) => {
    const inspector = await start();
    await expect(connect(inspector.publishUrl, headers as Record<string, string>).opened).rejects.toThrow(status);
  });

  it('a port in use, with a sentence', async () => {
    const { port } = await start();
    await expect(startInspector({ port })).rejects.toSatisfy((error) => isSynodError(error, 'PORT_IN_USE'));
  });
});

describe('a publisher', () => {
  it.each([
    { what: 'no JSON', line: '{"seq":1' },
    { what: 'no record', line: '{"type":"nonsense"}' },
    { what: 'another version', line: '{"type":"header","format":"synod-trace","version":99,"about":{}}' },
    { what: "another node's record", line: JSON.stringify(note('n2', 'x')) },
    { what: 'a second header', line: '{"type":"header","format":"synod-trace","version":1,"about":{"node":"n1"}}' },
  ])('that sends $what is cut off with a coded error, and harms no other', async ({ line }) => {
    const inspector = await start();
    const bad = await publisher(inspector, 'n1');
    const good = await publisher(inspector, 'n2');
    bad.socket.send(line);
    const { code, reason } = await bad.closed;
    expect([code, reason]).toEqual([4400, expect.stringMatching(/^TRACE_(INVALID|VERSION): /)]);
    good.send(spawn('n2'));
    await expect.poll(() => inspector.world.n2?.actors['light@n2']?.state).toBe('red');
    expect(inspector.world.n1?.up).toBe(false);
  });

  it('that sends a frame too large, or a record before the header, is cut off', async () => {
    const inspector = await start();
    const large = await publisher(inspector, 'n1');
    large.socket.send('x'.repeat(5 * 1024 * 1024));
    expect((await large.closed).code).toBe(1009);
    const early = await publisher(inspector);
    early.send(note('n1', 'x'));
    expect((await early.closed).reason).toMatch(/^TRACE_INVALID/);
  });

  it('replaces an older one of the same node', async () => {
    const inspector = await start();
    const older = await publisher(inspector, 'n1');
    await publisher(inspector, 'n1');
    expect(await older.closed).toMatchObject({ code: 4409, reason: expect.stringMatching(/^PUBLISHER_REPLACED/) });
    expect(inspector.world.n1?.up).toBe(true);
  });
});

describe('a page', () => {
  it('that opens late is told the present world and the latest records', async () => {
    const inspector = await start({ maxRecords: 2 });
    const { send, socket } = await publisher(inspector, 'n1');
    send(spawn('n1'), turn('n1', 'green', 1), turn('n1', 'red', 2), turn('n1', 'green', 3));
    await expect.poll(() => inspector.world.n1?.actors['light@n1']?.context).toEqual({ count: 3 });
    const { frames } = await page(inspector);
    await expect.poll(() => frames.length).toBeGreaterThan(0);
    expect(frames[0]).toMatchObject({
      type: 'world',
      controls: [],
      world: { n1: { up: true, about: { pid: 1 }, actors: { 'light@n1': { state: 'green', context: { count: 1 } } } } },
      records: [{ changed: { count: 2 } }, { changed: { count: 3 } }],
    });
    socket.close();
    await expect
      .poll(() => frames.at(-1))
      .toMatchObject({ type: 'records', records: [{ type: 'note', code: 'NODE_DOWN', node: 'n1' }] });
  });

  it('gets what happens, in order', async () => {
    const inspector = await start();
    const { frames } = await page(inspector);
    const { send } = await publisher(inspector, 'n1');
    send(spawn('n1'));
    for (let count = 1; count <= 200; count++) send(turn('n1', count % 2 ? 'green' : 'red', count));
    const counts = () =>
      frames
        .filter(({ type }) => type === 'records')
        .flatMap(({ records }) => records as { changed?: { count: number } }[])
        .flatMap(({ changed }) => changed?.count ?? []);
    await expect.poll(() => counts().length).toBe(200);
    expect(counts()).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
  });

  it('that says anything but a control is cut off', async () => {
    const inspector = await start();
    const { socket, closed } = await page(inspector);
    socket.send('{"type":"control","id":1,"control":"explode","node":"n1"}');
    expect(await closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^FRAME_INVALID/) });
  });
});

describe('controls', () => {
  const ask = async (
    options: InspectorOptions,
    node = 'n1',
    asked: object = { control: 'kill', node },
    permission = { faults: true },
  ) => {
    const inspector = await start(options);
    for (const each of ['n1', 'n2']) await publisher(inspector, each);
    await expect.poll(() => inspector.world.n1?.up && inspector.world.n2?.up).toBe(true);
    const { socket, frames } = await page(inspector, permission);
    socket.send(JSON.stringify({ type: 'control', id: 7, ...asked }));
    await expect.poll(() => frames.find(({ type }) => type === 'result')).toBeDefined();
    await expect.poll(() => frames.length).toBeGreaterThan(1);
    return frames;
  };

  it('are carried out by the embedder, and become part of the trace', async () => {
    const killed: string[] = [];
    const frames = await ask({ controls: { kill: async (node) => void killed.push(node), restart: async () => {} } });
    expect(frames.find(({ type }) => type === 'result')).toEqual({ type: 'result', id: 7, ok: true });
    expect(killed).toEqual(['n1']);
    await expect.poll(() => JSON.stringify(frames)).toContain('kill by a person');
  });

  it.each([
    { what: 'not permitted', options: {}, node: 'n1', code: 'CONTROL_UNAVAILABLE' },
    {
      what: 'for an unknown node',
      options: { controls: { kill: async () => {}, restart: async () => {} } },
      node: '__proto__',
      code: 'NODE_UNKNOWN',
    },
    {
      what: 'failing',
      options: { controls: { kill: () => Promise.reject(new Error('no')), restart: async () => {} } },
      node: 'n1',
      code: 'CONTROL_FAILED',
    },
  ])('$what are answered with a code', async ({ options, node, code }) => {
    const frames = await ask(options, node);
    expect(frames.find(({ type }) => type === 'result')).toMatchObject({ id: 7, ok: false, code });
  });

  it('are those that the embedder has; others are refused', async () => {
    const parted: unknown[] = [];
    const controls = { partition: async (groups: unknown) => void parted.push(groups) };
    const frames = await ask({ controls }, 'n1', { control: 'partition', groups: [['n1']] });
    expect(frames[0]).toMatchObject({ type: 'world', controls: ['partition'] });
    expect(parted).toEqual([[['n1']]]);
    await expect.poll(() => JSON.stringify(frames)).toContain('partition n1 by a person');
    const refused = { type: 'result', ok: false, code: 'CONTROL_UNAVAILABLE' };
    expect(await ask({ controls }, 'n1', { control: 'heal' })).toContainEqual(expect.objectContaining(refused));
    const stranger = await ask({ controls }, 'n1', { control: 'partition', groups: [['n1'], ['n9']] });
    expect(stranger).toContainEqual(expect.objectContaining({ ok: false, code: 'NODE_UNKNOWN' }));
  });

  it('are refused to a page that was opened to look on, and nothing is done', async () => {
    const killed: string[] = [];
    const controls = { kill: async (node: string) => void killed.push(node) };
    const frames = await ask({ controls }, 'n1', { control: 'kill', node: 'n1' }, { faults: false });
    expect(frames).toContainEqual(expect.objectContaining({ id: 7, ok: false, code: 'CONTROL_FORBIDDEN' }));
    expect(frames[0]).toMatchObject({ type: 'world', controls: [] });
    expect([killed, JSON.stringify(frames).includes('by a person')]).toEqual([[], false]);
  });

  it.each([
    {
      asked: { control: 'disturb', fault: { kind: 'drop', from: ['n1'], to: ['n2'], chance: 0.3 } },
      done: ['drop', { kind: 'drop', from: ['n1'], to: ['n2'], chance: 0.3 }],
      text: 'drop 30 % from n1 to n2',
      nodes: ['n1', 'n2'],
    },
    {
      asked: { control: 'disturb', fault: { kind: 'delay', from: ['n1'], addMs: [5, 10] } },
      done: ['delay', { kind: 'delay', from: ['n1'], addMs: [5, 10] }],
      text: 'delay 5 to 10 ms from n1 to all',
      nodes: ['n1', 'n2'],
    },
    {
      asked: { control: 'skew', node: 'n2', rate: 1.5 },
      done: ['skew', 'n2', { rate: 1.5, jumpMs: 0 }],
      text: 'skew n2 to 1.5 times the true speed',
      nodes: ['n2'],
    },
    { asked: { control: 'clear' }, done: ['clear'], text: 'clear', nodes: ['n1', 'n2'] },
  ])(
    '$text: is handed on, and stands in the trace of each node that it concerns',
    async ({ asked, done, text, nodes }) => {
      const did: unknown[] = [];
      const noting =
        (name: string) =>
        async (...args: unknown[]) =>
          void did.push([name, ...args]);
      const controls = Object.fromEntries(['drop', 'delay', 'skew', 'clear'].map((name) => [name, noting(name)]));
      const frames = await ask({ controls }, 'n1', asked);
      expect(frames).toContainEqual({ type: 'result', id: 7, ok: true });
      expect(did).toEqual([done]);
      const records = () =>
        frames.flatMap(({ records }) => (records ?? []) as { node: string; code?: string; text?: string }[]);
      const told = () =>
        records().flatMap((each) => (each.text === `${text} by a person at the inspector` ? each.node : []));
      await expect.poll(told).toEqual(nodes);
    },
  );

  it.each([
    { control: 'disturb', fault: { kind: 'drop', chance: 2 } },
    { control: 'disturb', fault: { kind: 'reorder', chance: 1, withinMs: 1 } },
    { control: 'disturb', fault: { kind: 'delay', addMs: [0, 70_000] } },
    { control: 'skew', node: 'n1', rate: 0 },
    { control: 'drop', node: 'n1' },
  ])('as odd as %o cut the page off', async (asked) => {
    const inspector = await start({ controls: { drop: async () => {} } });
    const { socket, closed } = await page(inspector, { faults: true });
    socket.send(JSON.stringify({ type: 'control', id: 1, ...asked }));
    expect(await closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/^FRAME_INVALID/) });
  });

  it('show what is done to the nodes, to a page that opens late too', async () => {
    const inspector = await start();
    const early = await page(inspector);
    const faults = { paused: ['n2'], groups: [['n1'], ['n2', 'n3']] };
    await expect.poll(() => early.frames[0]).toMatchObject({ faults: { paused: [], groups: [] } });
    inspector.showFaults(faults);
    await expect.poll(() => early.frames[1]).toEqual({ type: 'faults', faults: { ...faults, links: [], rates: {} } });
    const late = await page(inspector);
    await expect.poll(() => late.frames[0]).toMatchObject({ type: 'world', faults });
  });
});
