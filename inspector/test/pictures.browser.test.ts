import { readFile } from 'node:fs/promises';
import type { Specification, TraceRecord } from '@synod/protocol';
import type { Locator, Page } from 'playwright-core';
import { SaxesParser } from 'saxes';
import { expect, it, onTestFinished } from 'vitest';
import { specification as commit } from '../../machines/src/two-phase-commit/index.ts';
import { type Lab, type Recording, startInspector } from '../src/index.ts';
import { run, traces } from './export/traces.ts';
import { savePicture, useBrowser } from './support/browser.ts';
import { lab } from './support/labs.ts';

const open = useBrowser();
const WITHIN = { timeout: 15_000 };

/** The titles of all views that are registered. */
const TITLES = [
  ...(await readFile(new URL('../page/ui/views.ts', import.meta.url), 'utf8')).matchAll(/\btitle: '([^']+)'/g),
].map(([, title]) => title as string);

const raft = (traces.raft as readonly TraceRecord[]).slice(0, 900);
const verdicts: Recording['verdicts'] = {
  properties: [{ name: 'Election Safety', kind: 'always', verdict: 'violated', message: 'Two lead.', at: [400, 401] }],
  history: {
    verdict: 'yes',
    omitted: 0,
    operations: [0, 100].map((invokedAt) => ({
      client: 'c1',
      input: 'swap x',
      outcome: 'returned',
      invokedAt,
      returnedAt: invokedAt + 60,
      records: [0, 1],
      point: { at: invokedAt + 30, order: invokedAt / 100 + 1 },
    })),
  },
};

/** Views that Raft has nothing for. */
const OTHERS = ['Members', 'Quorums'];

const beginning = (records: readonly TraceRecord[] = []): readonly TraceRecord[] => records.slice(0, 700);

/** Runs that together give every view something to show. */
const runs: readonly (readonly [
  name: string,
  recording: Recording,
  lab: Lab | undefined,
  titles: readonly string[],
])[] = [
  ['raft', { records: raft, about: {}, verdicts }, lab(raft), TITLES.filter((title) => !OTHERS.includes(title))],
  ['swim', { records: beginning(traces.swim), about: {} }, undefined, ['Members']],
  ['2pc', { records: beginning(run(commit as Specification, 3)), about: {} }, undefined, ['Quorums']],
];

async function saved(page: Page, title: string, type: 'svg' | 'png'): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), savePicture(page, title, type)]);
  return readFile(await download.path());
}

/**
 * A picture of a part of the page beside a screenshot of it: how many colours it has, how far its size is from twice the part's, in pixels, and in
 * which share of small squares the two differ by more than two ways to smooth letters do.
 */
async function compared(page: Page, part: Locator, picture: Buffer) {
  const { x, y, width, height } = (await part.boundingBox()) ?? expect.fail('the part is not to be seen');
  // What is there to act with is in no picture.
  const show = (visibility: string) =>
    part.locator('[data-unpictured]').evaluateAll((all, given) => {
      for (const each of all) (each as HTMLElement).style.visibility = given;
    }, visibility);
  await show('hidden');
  const screenshot = await part.screenshot();
  await show('');
  const urls = [picture, screenshot].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`);
  // A screenshot begins and ends at whole pixels of the page.
  const place = { left: x % 1, top: y % 1, width, height };
  return page.evaluate(
    async ({ urls, place }) => {
      const images = urls.map((src) => Object.assign(new Image(), { src }));
      await Promise.all(images.map((image) => image.decode()));
      const [mine, theirs] = images as [HTMLImageElement, HTMLImageElement];
      const { width, height } = theirs;
      const pixels = (draw: (pen: CanvasRenderingContext2D) => void): Uint8ClampedArray => {
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
        draw(pen);
        return pen.getImageData(0, 0, width, height).data;
      };
      const shot = pixels((pen) => pen.drawImage(theirs, 0, 0));
      const drawn = pixels((pen) => {
        // Beyond the part, the screenshot shows what is beside it.
        pen.drawImage(theirs, 0, 0);
        pen.drawImage(mine, place.left, place.top, place.width, place.height);
      });
      const SIDE = 16;
      const across = Math.ceil(width / SIDE);
      const sums = new Float64Array(across * Math.ceil(height / SIDE));
      for (let at = 0; at < drawn.length; at++) {
        const pixel = at >> 2;
        const cell = Math.floor(pixel / width / SIDE) * across + Math.floor((pixel % width) / SIDE);
        sums[cell] = (sums[cell] as number) + (drawn[at] as number) - (shot[at] as number);
      }
      return {
        colours: new Set(new Uint32Array(drawn.buffer)).size,
        sizes: [mine.width - 2 * place.width, mine.height - 2 * place.height],
        difference: sums.filter((sum) => Math.abs(sum) > 3 * 20 * SIDE * SIDE).length / sums.length,
      };
    },
    { urls, place },
  );
}

/** The letters in an SVG, as a strict reader of XML finds them. */
function lettersIn(svg: string): string {
  const inside: string[] = [];
  let letters = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => expect.fail(error.message));
  parser.on('opentag', ({ name }) => inside.push(name));
  parser.on('closetag', () => inside.pop());
  parser.on('text', (text) => {
    if (inside.at(-1) !== 'style') letters += text.replace(/\s+/g, '');
  });
  parser.write(svg).close();
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  return letters;
}

/** Scrolls all that can be. */
const scroll = (part: Locator) =>
  part.evaluate((host) => {
    for (const each of host.querySelectorAll('*')) each.scrollBy(9, 37);
  });

async function expectPictures(page: Page, title: string, part: Locator): Promise<void> {
  const looks = async () => {
    const { colours, sizes, difference } = await compared(page, part, await saved(page, title, 'png'));
    return {
      isColoured: colours > 2,
      isOfItsSize: sizes.every((size) => Math.abs(size) <= 2),
      difference: difference < 0.01 ? 'none' : difference,
    };
  };
  const right = { isColoured: true, isOfItsSize: true, difference: 'none' };
  await expect.poll(looks, { ...WITHIN, message: `PNG of ${title}` }).toEqual(right);
  // Of a canvas, the names of its lanes are known.
  const lacks = async () => {
    const letters = (await part.textContent())?.replace(/\s+/g, '') || 'n1n2n3n4n5';
    return lettersIn((await saved(page, title, 'svg')).toString()).includes(letters) ? '' : letters;
  };
  await expect.poll(lacks, { ...WITHIN, message: `SVG of ${title}` }).toBe('');
}

for (const [name, recording, ofLab, titles] of runs) {
  it.for(['light', 'dark'] as const)(
    `every view is saved as it stands in its pane, as PNG and as SVG: ${name} (%s)`,
    { timeout: 120_000 },
    async (scheme, context) => {
      const inspector = await startInspector({ recording, ...(ofLab && { lab: ofLab }) });
      onTestFinished(() => inspector.stop());
      const { page, complaints } = await open(context, inspector.newUrl(), scheme);
      // So small that not all of a view is in sight.
      await page.setViewportSize({ width: 1_500, height: 620 });
      const pane = page.locator('.pane.middle');
      await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/ of [79]00\b/);
      // In the dark, every other view will do.
      for (const title of titles.filter((_, at) => scheme === 'light' || at % 2 === 0)) {
        const tab = pane.getByRole('tab', { name: title, exact: true });
        await tab.click();
        await expect.poll(() => tab.getAttribute('aria-selected'), WITHIN).toBe('true');
        if (title === 'Lab') await pane.getByRole('button', { name: 'Show as a graph' }).click();
        await scroll(pane);
        // Of space and time, the diagram alone is saved.
        await expectPictures(page, title, pane.locator(title === 'Space–time' ? 'canvas' : '.view'));
      }
      await expectPictures(page, 'Recording', page.locator('.timeline'));
      // Of the time, its place is in the picture, and not how one gets to another.
      const time = (await saved(page, 'Recording', 'svg')).toString();
      expect(time).toMatch(/visibility: hidden[^>]*>Play</);
      expect(time).not.toMatch(/visibility: hidden[^>]*>[^<]* of [79]00\b/);
      expect(complaints).toEqual([]);
    },
  );
}
