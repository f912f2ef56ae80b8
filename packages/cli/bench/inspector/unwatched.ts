import { startInspector } from '@synod/inspector';
import { publishTrace } from '@synod/inspector/publisher';
import { protocol } from '@synod/machines/raft';
import { createMemoryNetwork, createSystem, createVirtualClock } from '@synod/runtime';
import { WebSocket } from 'ws';

/** Simulated milliseconds of one measurement, and of its beginning, which does not count. */
const LENGTH_MS = 30_000;
const WARM_MS = 5_000;
const SLICE_MS = 100;

export const WATCHED = [
  'nothing',
  'a publisher alone',
  'an inspector without a page',
  'a page that reads nothing',
] as const;
export type Watched = (typeof WATCHED)[number];

/** CPU milliseconds that five Raft servers in one process take for some seconds of their own time, beside what may watch them. */
export async function unwatched(watched: Watched): Promise<number> {
  const clock = createVirtualClock();
  const network = createMemoryNetwork();
  const names = ['n1', 'n2', 'n3', 'n4', 'n5'];
  const systems = await Promise.all(names.map((node) => createSystem({ node, transport: network.transport(), clock })));
  const inspector = watched.startsWith('a publisher') || watched === 'nothing' ? undefined : await startInspector();
  const page = watched === 'a page that reads nothing' && inspector ? await deafPage(inspector.newUrl()) : undefined;
  const publishers =
    watched === 'nothing'
      ? []
      : systems.map(({ trace$ }, at) =>
          publishTrace({
            // Port 9 is where nobody listens.
            url: inspector?.publishUrl ?? 'ws://127.0.0.1:9/publish',
            token: inspector?.publisherToken ?? '',
            node: names[at] ?? '',
            trace$,
          }),
        );
  for (const [at, system] of systems.entries()) {
    const peers = names.filter((_, other) => other !== at).map((name) => `raft@${name}` as const);
    await system.spawn('raft', protocol, { input: { peers, heartbeatIntervalMs: 10 } });
  }
  const run = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += SLICE_MS) {
      await clock.advance(SLICE_MS);
      // Sockets get their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await run(WARM_MS);
  const begun = process.cpuUsage();
  await run(LENGTH_MS);
  const { user, system } = process.cpuUsage(begun);
  page?.terminate();
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await Promise.all(systems.map((each) => each.shutdown()));
  await inspector?.stop();
  return (user + system) / 1_000;
}

/** A page that is looking on and takes nothing. */
async function deafPage(url: string): Promise<WebSocket> {
  const answer = await fetch(url, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { origin, host } = new URL(url);
  const socket = new WebSocket(`ws://${host}/watch`, { headers: { cookie, origin } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.pause();
  return socket;
}
