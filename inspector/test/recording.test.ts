import { describe, expect, it, onTestFinished } from 'vitest';
import { type Recording, startInspector } from '../src/index.ts';
import { connect, page, spawn, turn } from './support.ts';

const recording: Recording = {
  records: [spawn('n1'), ...Array.from({ length: 4_500 }, (_, index) => turn('n1', 'green', index))],
  about: { file: 'run.json', seed: 7 },
  verdict: 'One Leader: two led.',
};

async function started() {
  const inspector = await startInspector({ recording });
  onTestFinished(() => inspector.stop());
  return inspector;
}

describe('a recording', () => {
  it('comes to a page as a whole: what it is of, then its records in their order', async () => {
    const { frames, socket } = await page(await started());
    onTestFinished(() => socket.terminate());
    await expect.poll(() => frames.length, { timeout: 5_000 }).toBe(4);
    const [head, ...parts] = frames as [Record<string, unknown>, ...{ records: { changed?: { count: number } }[] }[]];
    expect(head).toEqual({
      type: 'recording',
      version: 3,
      head: { about: recording.about, verdict: recording.verdict, total: 4_501, unit: 'ms' },
    });
    const counts = parts.flatMap(({ records }) => records.flatMap(({ changed }) => changed?.count ?? []));
    expect(counts).toEqual(Array.from({ length: 4_500 }, (_, index) => index));
  });

  it('has nothing live beside it: no process may publish', async () => {
    const inspector = await started();
    const { opened } = connect(inspector.publishUrl, { authorization: `Bearer ${inspector.publisherToken}` });
    await expect(opened).rejects.toThrow(/404/);
    expect(inspector.world.n1?.actors['light@n1']?.context).toEqual({ count: 4_499 });
  });
});
