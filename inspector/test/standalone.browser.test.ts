import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TraceRecord } from '@synod/protocol';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { standalonePage, startInspector } from '../src/index.ts';
import { savePicture, useBrowser } from './support/browser.ts';
import { note, publisher, spawn, turn } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 10_000 };
const hostile = '</script><script>document.title="taken"</script><!-- -->';
const records: readonly TraceRecord[] = [spawn('n1'), turn('n1', 'green', 1), note('n1', hostile)];

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'synod-page-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** Opens a file as a person would, with nothing else on the machine to ask. */
async function opened(context: TestContext, path: string) {
  const { page, complaints } = await open(context, pathToFileURL(path).href);
  await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^\d of \d/);
  await page.locator('.card[data-node=n1] [data-state="light.green"].active').waitFor();
  expect(await page.title()).toBe('Synod inspector');
  expect(complaints).toEqual([]);
  return { page, complaints };
}

it('a recording and the page are one file, which needs no server', async (context) => {
  const html = await standalonePage({ records, about: { file: 'run.json', seed: 7 }, verdict: 'Two are green.' });
  expect(html).not.toMatch(/unsafe-inline|https?:\/\/(?!www\.w3\.org)[^"'`\s]*\.(js|css)/);
  const path = join(await folder(), 'run.html');
  await writeFile(path, html);
  const { page, complaints } = await opened(context, path);
  expect(await page.locator('.top-bar').textContent()).toContain('run.json · seed 7');
  expect(await page.locator('.verdict').textContent()).toBe('Two are green.');
  expect(await page.locator('.event.note .event-text').textContent()).toBe(hostile);
  const picture = page.waitForEvent('download');
  await savePicture(page, 'Events', 'png');
  expect((await readFile(await (await picture).path())).subarray(1, 4).toString()).toBe('PNG');
  expect(complaints).toEqual([]);
});

it('what the page shows of something live is saved by it, and the file saves itself again', async (context) => {
  const inspector = await startInspector();
  onTestFinished(() => inspector.stop());
  const { send } = await publisher(inspector, 'n1');
  send(...records);
  const { page, complaints } = await open(context, inspector.newUrl());
  await page.locator('.card[data-node=n1] [data-state="light.green"].active').waitFor();
  const saved = async (from: typeof page, name: string) => {
    const downloading = from.waitForEvent('download');
    await from.getByRole('button', { name: 'Save page' }).click();
    const path = join(await folder(), name);
    await (await downloading).saveAs(path);
    return path;
  };
  const first = await saved(page, 'first.html');
  expect(complaints).toEqual([]);
  const second = await saved((await opened(context, first)).page, 'second.html');
  await opened(context, second);
  const script = async (path: string) =>
    (await readFile(path, 'utf8')).match(/<script type="module">.*?<\/script>/s)?.[0];
  expect(await script(second)).toBe(await script(first));
});
