import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../src/clock.ts';

/** The two ends of a connection. */
async function connected(): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect(server.address() as { port: number });
  const [far] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}

/** The process does nothing else meanwhile, as if others had its processor. */
function standStill(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

it('what came while the process stood still is read before timers end that ran out meanwhile', async () => {
  const [near, far] = await connected();
  const seen: string[] = [];
  far.on('data', (data) => seen.push(data.toString()));
  const timer = new Promise<void>((resolve) => {
    systemClock.setTimer(() => {
      seen.push('timer');
      resolve();
    }, 10);
  });
  near.write('answer');
  standStill(200);
  await timer;
  expect(seen).toEqual(['answer', 'timer']);
});

it('a late timer can be cancelled while it waits for that', async () => {
  const [near, far] = await connected();
  const seen: string[] = [];
  const timer = systemClock.setTimer(() => seen.push('timer'), 10);
  far.on('data', (data) => {
    timer.cancel();
    seen.push(data.toString());
  });
  near.write('answer');
  standStill(200);
  await once(far, 'data');
  await new Promise<void>((resolve) => systemClock.defer(resolve));
  expect(seen).toEqual(['answer']);
});

it('timers end in their order, late or not', async () => {
  const seen: string[] = [];
  const set = (name: string, ms: number) =>
    new Promise<void>((resolve) => {
      systemClock.setTimer(() => {
        seen.push(name);
        resolve();
      }, ms);
    });
  const all = [set('late', 10), set('later', 40), set('in time', 100)];
  standStill(45);
  await Promise.all(all);
  expect(seen).toEqual(['late', 'later', 'in time']);
});
