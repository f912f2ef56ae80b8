import { readFile } from 'node:fs/promises';
import type { TraceRecord } from '@synod/protocol';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startInspector } from '../src/index.ts';
import { savePicture, useBrowser } from './support/browser.ts';
import { longRun, runOf } from './support/runs.ts';
import { note, spawn, turn } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 8_000 };

/** Of three nodes: a message that arrives, one that is lost, and one that comes twice, a second apart each. */
const messages = runOf(
  [
    ['send', 0, 2],
    ['deliver', 0, 0],
    ['send', 0, 4],
    ['drop', 0, 0],
    ['send', 2, 2],
    ['again', 0, 0],
    ['deliver', 0, 0],
    ['step', 1, 0],
  ],
  { nodes: 3, apart: () => 1_000 },
);

async function opened(
  context: Parameters<typeof open>[0],
  records: readonly TraceRecord[],
  theme: 'light' | 'dark' = 'dark',
) {
  const inspector = await startInspector({ recording: { records, about: { file: 'run.json' } } });
  onTestFinished(() => inspector.stop());
  const { page, complaints } = await open(context, inspector.newUrl(), theme);
  const place = () => page.locator('.place').textContent();
  const all = records.length.toLocaleString('en');
  await expect.poll(place, WITHIN).toMatch(new RegExp(`^${all} of ${all}`));
  await page.locator('.pane.side').getByRole('tab', { name: 'Space–time' }).click();
  const picture = page.getByRole('application');
  const drawn = messageCount(records);
  await expect.poll(() => picture.getAttribute('aria-label'), WITHIN).toContain(`${drawn.toLocaleString('en')} events`);
  return { page, complaints, picture, place, said: () => page.locator('.said').textContent() };
}

/** Records that a diagram shows: of these runs, all. */
const messageCount = (records: readonly TraceRecord[]): number => records.length;

/** The picture as SVG: what the canvas has too, by the same drawing. */
async function svgOf(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), savePicture(page, 'Space–time', 'svg')]);
  return readFile(await download.path(), 'utf8');
}

/** The lanes whose names are lit: those of the node that is selected. */
async function chosenLanes(page: Page): Promise<string[]> {
  const accent = await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--accent').trim(),
  );
  const names = [...(await svgOf(page)).matchAll(/<text [^>]*font-size="12"[^>]* fill="([^"]+)"[^>]*>([^<]+)</g)];
  return names.flatMap(([, ink, name]) => (ink === accent && name ? [name] : []));
}

/** Lines side by side, a few pixels apart. */
function doubleLines(svg: string): number {
  const path = /d="([^"]*)" fill="none" stroke="[^"]+" stroke-width="1.25" opacity/.exec(svg)?.[1] ?? '';
  const lines = path
    .split('M')
    .slice(1)
    .map((line) => line.split(/[ L]/).map(Number));
  const near = (a: readonly number[], b: readonly number[]) =>
    a.every((value, at) => Math.abs(value - (b[at] ?? 0)) < 5);
  return lines.filter((line, at) => lines.slice(at + 1).some((other) => near(line, other))).length;
}

const selectedWords = (picture: { getAttribute(name: string): Promise<string | null> }) => async () =>
  /Selected: (.*)/.exec((await picture.getAttribute('aria-label')) ?? '')?.[1];

describe('the space–time view', () => {
  it('is walked by keyboard alone: along a lane, to another, and what is chosen is said and selected', async (context) => {
    const { page, complaints, picture, said, place } = await opened(context, messages);
    await picture.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(said, WITHIN).toContain('emit');
    await page.keyboard.press('Home');
    await expect.poll(said, WITHIN).toContain('deliver');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    await expect.poll(said, WITHIN).toMatch(/^send .*n1 · 1,000 ms, delivered after 1 s$/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(said, WITHIN).toContain('lost after 1 s');
    await page.keyboard.press('Enter');
    await expect.poll(selectedWords(picture), WITHIN).toContain('lost after 1 s');
    await expect.poll(place, WITHIN).toMatch(/^3 of 8/);
    expect(await page.locator('.spacetime-foot .relations').textContent()).toMatch(/1 before.*after.*concurrent/);
    await page.keyboard.press('n');
    await expect.poll(() => chosenLanes(page), WITHIN).toEqual(['n1']);
    await page.keyboard.press('Escape');
    await expect.poll(selectedWords(picture), WITHIN).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it('selects what is clicked, shows what is pointed at, and goes to where its line is dragged', async (context) => {
    const { page, complaints, picture, place } = await opened(context, messages);
    const svg = await svgOf(page);
    const heads = [...svg.matchAll(/<text x="([\d.]+)" y="15"[^>]*>(n\d)</g)].map(([, x]) => Number(x));
    expect(heads).toHaveLength(3);
    const box = await picture.boundingBox();
    if (!box) throw new Error('the picture has no place on the page');
    // The message to n3 leaves n1 after a second, and arrives a second later: at its middle nothing else is near.
    const ys = [...svg.matchAll(/<text x="57" y="([\d.]+)"[^>]*>(\d) s</g)].map(([, y, at]) => [Number(at), Number(y)]);
    const yOf = (second: number) => ys.find(([at]) => at === second)?.[1] as number;
    const [x1, x2] = [heads[0] as number, heads[1] as number];
    await page.mouse.move(box.x + x1 + (x2 - x1) * 0.3, box.y + yOf(3) + (yOf(4) - yOf(3)) * (0.3 / 0.72));
    await expect.poll(() => page.locator('.spacetime-tip').textContent(), WITHIN).toContain('lost after 1 s');
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(selectedWords(picture), WITHIN).toContain('lost after 1 s');
    await expect.poll(place, WITHIN).toMatch(/^3 of 8/);
    await page.mouse.move(box.x + 20, box.y + yOf(3));
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + yOf(4), { steps: 4 });
    await page.mouse.move(box.x + 20, box.y + (yOf(5) + yOf(6)) / 2, { steps: 4 });
    await page.mouse.up();
    await expect.poll(place, WITHIN).toMatch(/^5 of 8/);
    await page.mouse.click(box.x + (heads[2] as number), box.y + 12);
    await expect.poll(() => chosenLanes(page), WITHIN).toEqual(['n3']);
    expect(complaints).toEqual([]);
  });

  it('marks what is lost, what comes twice, crashes and partitions by more than colour, in both themes', async (context) => {
    const told = [
      spawn('n1'),
      spawn('n2'),
      turn('n1', 'green', 1),
      { ...note('n1', 'partition for 4 ms: between {"shape":"groups","groups":[["n1"],["n2"]]}'), code: 'FAULT' },
      { ...note('n2', 'partition is over'), code: 'FAULT_OVER' },
      { ...note('n2', ''), type: 'crash', reason: 'fault' },
      note('n1', 'the end'),
    ].map((record, at) => ({ ...record, at: 9_000 + at * 1_000 }) as TraceRecord);
    const seen = new Set<string>();
    for (const theme of ['dark', 'light'] as const) {
      const { page, complaints } = await opened(context, [...messages, ...told], theme);
      const svg = await svgOf(page);
      // Dashes and a cross for what was lost; of the two deliveries of one message, the second is a double line.
      expect(svg).toMatch(/stroke-dasharray="5 4"/);
      expect(svg).toMatch(/d="M[\d. ]+L[\d. ]+M[\d. ]+L[\d. ]+" fill="none" stroke="[^"]+" stroke-width="1.75"/);
      expect(doubleLines(svg)).toBe(1);
      expect(svg).toContain('>partition<');
      expect(svg).toContain('stroke-dasharray="2 5"');
      expect(svg).toMatch(/>A<\/text>[\s\S]*>B<\/text>/);
      seen.add(/<path d="M0 0h[^"]*" fill="([^"]+)"/.exec(svg)?.[1] ?? '');
      expect(complaints).toEqual([]);
    }
    expect(seen.size).toBe(2);
    expect(seen).not.toContain('#888');
  });

  it('shows many events as bars and says so, each again when one comes near, and what a person chooses', async (context) => {
    const many = longRun(6_000, 6);
    const { page, complaints, picture } = await opened(context, many);
    const sampling = page.locator('.spacetime-foot .sampling');
    expect(await sampling.count()).toBe(0);
    await page.getByRole('button', { name: 'Fit: show all of it' }).click();
    await expect.poll(() => sampling.textContent(), WITHIN).toMatch(/events as bars · 1 of \d+ arrows drawn/);
    await picture.focus();
    for (let press = 0; press < 12; press++) await page.keyboard.press('+');
    await expect.poll(() => sampling.count(), WITHIN).toBe(0);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Ping' }).uncheck();
    const shown = many.filter((record) => JSON.stringify(record).includes('"Ping"') === false).length;
    await expect
      .poll(() => picture.getAttribute('aria-label'), WITHIN)
      .toContain(`${shown.toLocaleString('en')} events`);
    await page.getByRole('combobox', { name: 'Lanes' }).selectOption('actor');
    await expect.poll(() => svgOf(page), WITHIN).toContain('>x@n1<');
    await page.getByRole('combobox', { name: 'Downwards' }).selectOption('order');
    await page.getByRole('combobox', { name: 'Downwards' }).selectOption('busy');
    expect(complaints).toEqual([]);
  });

  it('stays within its pane, also where there is little room', async (context) => {
    const { page, picture, complaints } = await opened(context, messages);
    for (const size of [
      { width: 420, height: 740 },
      { width: 1_680, height: 950 },
    ]) {
      await page.setViewportSize(size);
      const within = async () => {
        const [inner, outer] = await Promise.all([picture.boundingBox(), page.locator('.pane.side').boundingBox()]);
        if (!inner || !outer) return false;
        return inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width + 1 && inner.height > 100;
      };
      await expect.poll(within, WITHIN).toBe(true);
      const scrolls = await page.locator('.spacetime').evaluate((view) => view.scrollWidth > view.clientWidth + 1);
      expect(scrolls).toBe(false);
    }
    expect(complaints).toEqual([]);
  });
});
