import { describe, expect, it, onTestFinished } from 'vitest';
import { type Recording, startInspector } from '../src/index.ts';
import { connect, get, login, page, spawn, turn } from './support.ts';

const recording: Recording = {
  records: [spawn('n1'), ...Array.from({ length: 4_500 }, (_, index) => turn('n1', 'green', index))],
  about: { file: 'run.json', seed: 7 },
  verdict: 'One Leader: two led.',
};

async function started(shown = recording) {
  const inspector = await startInspector({ recording: shown });
  onTestFinished(() => inspector.stop());
  return inspector;
}

/** What a page is told first, and the address of the lines. */
async function opened(shown = recording) {
  const inspector = await started(shown);
  const { frames, socket } = await page(inspector);
  onTestFinished(() => socket.terminate());
  await expect.poll(() => frames.length).toBeGreaterThan(0);
  const { lines, ...head } = frames[0] as Record<string, unknown> & { readonly lines: string };
  return { inspector, frames, socket, head, url: `http://127.0.0.1:${inspector.port}${lines}` };
}

describe('a recording', () => {
  it('comes to a page as a whole: what it is of, then its records in their order', async () => {
    const { inspector, head, url } = await opened();
    expect(head).toEqual({
      type: 'recording',
      version: 4,
      head: { about: recording.about, verdict: recording.verdict, total: 4_501, unit: 'ms' },
    });
    const { body } = await get(url, { cookie: await login(inspector) });
    const records = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { changed?: { count: number } });
    const counts = records.flatMap(({ changed }) => changed?.count ?? []);
    expect(counts).toEqual(Array.from({ length: 4_500 }, (_, index) => index));
  });

  it('is read by nobody without a session, and by nobody once its page has gone', async () => {
    const { inspector, url, socket } = await opened();
    expect(await get(url)).toMatchObject({ status: 403, body: expect.stringContaining('INSPECTOR_TOKEN') });
    const cookie = await login(inspector);
    expect((await get(url, { cookie })).status).toBe(200);
    socket.close();
    await expect.poll(async () => (await get(url, { cookie })).status).toBe(404);
  });

  it('that cannot be read to its end breaks off, and its page is told why', async () => {
    const lines = async function* () {
      yield JSON.stringify(spawn('n1'));
      throw new Error('the disk is gone');
    };
    const { inspector, frames, url } = await opened({ ...recording, records: lines });
    await expect(get(url, { cookie: await login(inspector) })).rejects.toThrow();
    await expect
      .poll(() => frames.at(-1))
      .toEqual({ type: 'trouble', text: expect.stringContaining('the disk is gone') });
  });

  it('has nothing live beside it: no process may publish', async () => {
    const inspector = await started();
    const { opened } = connect(inspector.publishUrl, { authorization: `Bearer ${inspector.publisherToken}` });
    await expect(opened).rejects.toThrow(/404/);
  });
});
