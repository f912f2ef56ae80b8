import { readFile } from 'node:fs/promises';
import { type Chart, chartOf, type TraceRecord } from '@synod/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startInspector } from '../src/index.ts';
import { allCharts } from './support/all-charts.ts';
import { savePicture, useBrowser, type WatchedPage } from './support/browser.ts';
import { parallel, raftLike } from './support/machines.ts';
import { publisher } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 20_000 };

let seq = 0;
const base = (node: string) => ({ seq: ++seq, at: seq, node, clock: { [node]: seq } });

const spawn = (node: string, chart: Chart, state: unknown): TraceRecord => ({
  ...base(node),
  type: 'spawn',
  actor: `m@${node}`,
  protocol: chart.id,
  chart,
  state: state as never,
  context: {},
  recovered: false,
});

const stepped = (
  node: string,
  ref: string,
  guards?: Extract<TraceRecord, { type: 'transition' }>['guards'],
): TraceRecord => ({
  ...base(node),
  type: 'transition',
  actor: `m@${node}`,
  event: 'AppendEntries',
  state: 'candidate',
  transitions: [ref],
  changed: {},
  ...(guards && { guards }),
});

/** An inspector of live nodes, each with a chart of its own. */
async function watching(charts: ReadonlyMap<string, Chart>, state: unknown = 'a') {
  const inspector = await startInspector();
  onTestFinished(() => inspector.stop());
  const say = new Map<string, (...records: TraceRecord[]) => void>();
  for (const [node, chart] of charts) {
    const { send } = await publisher(inspector, node);
    send(spawn(node, chart, state));
    say.set(node, send);
  }
  return { inspector, say: (node: string, ...records: TraceRecord[]) => say.get(node)?.(...records) };
}

/** What the browser itself measures of the large chart: texts that overlap each other, or that leave the box they are written in. */
const measuredFaults = (page: WatchedPage['page']) =>
  page.locator('.large .chart > svg').evaluate((svg) => {
    const faults: string[] = [];
    const texts = [...svg.querySelectorAll('text')].map((text) => ({ text, box: text.getBoundingClientRect() }));
    const scale = svg.getBoundingClientRect().width / (svg as SVGSVGElement).viewBox.baseVal.width;
    const slack = 1.5 * scale;
    for (const [index, a] of texts.entries()) {
      const frame = a.text.closest('.label, .badge, .state, .heading');
      const around = (
        frame?.matches('.heading') ? undefined : frame?.querySelector('rect, circle')
      )?.getBoundingClientRect();
      if (
        around &&
        (a.box.left < around.left - slack ||
          a.box.right > around.right + slack ||
          a.box.bottom > around.bottom + 2 * slack)
      )
        faults.push(`"${a.text.textContent}" leaves its box`);
      for (const b of texts.slice(index + 1)) {
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        // Fonts have room above and below their letters: lines of one block touch.
        const tall = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (wide > slack && tall > 4 * scale) faults.push(`"${a.text.textContent}" covers "${b.text.textContent}"`);
      }
    }
    return faults;
  });

const scaleOf = (svg: SVGElement): number =>
  svg.getBoundingClientRect().width / (svg as SVGSVGElement).viewBox.baseVal.width;

describe('the chart of', async () => {
  const charts = await allCharts();
  const nodes = new Map([...charts.values()].map((chart, index) => [`n${index + 1}`, chart]));

  it('every machine of this repository has no text on another or outside its box', {
    timeout: 240_000,
  }, async (context) => {
    const { inspector } = await watching(nodes);
    const { page, complaints } = await open(context, inspector.newUrl());
    await expect.poll(() => page.locator('.card').count(), WITHIN).toBe(nodes.size);
    for (const [node, chart] of nodes) {
      await page.locator(`nav [data-node=${node}] .node-name`).click();
      const svg = page.locator(`.large[data-node=${node}] .chart > svg`);
      await svg.waitFor();
      // However large, it can be read: what finds no room is scrolled to.
      await expect.poll(() => svg.evaluate(scaleOf), WITHIN).toBeGreaterThan(0.6);
      expect(await measuredFaults(page), chart.id).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});

describe('the large chart', () => {
  const chart = chartOf(raftLike);
  const opened = async (context: Parameters<typeof open>[0], machine = chart) => {
    const { inspector, say } = await watching(new Map([['n1', machine]]), 'follower');
    const watched = await open(context, inspector.newUrl());
    await watched.page.locator('.card[data-node=n1]').click();
    await watched.page.locator('.large .chart > svg').waitFor();
    return { ...watched, say: (...records: TraceRecord[]) => say('n1', ...records) };
  };

  it('tells by keyboard and by mouse how the guards of a transition came out, and marks the refused one', async (context) => {
    const { page, say, complaints } = await opened(context);
    const [refused, taken] = [0, 1].map((index) => `roles.follower#AppendEntries[${index}]`) as [string, string];
    say(stepped('n1', taken, [{ transition: refused, condition: 'agreesAtPrev', outcome: false }]));
    const row = page.locator(`.large .row[data-refs="${refused}"]`);
    await expect.poll(() => row.getAttribute('class'), WITHIN).toMatch(/\brefused\b/);
    await row.focus();
    const note = page.locator('.transition-note');
    await expect.poll(() => note.textContent(), WITHIN).toMatch(/not taken yet.*agreesAtPrev false/);
    await page.locator(`.large .row[data-refs="${taken}"]`).hover();
    await expect.poll(() => note.textContent(), WITHIN).toMatch(/taken once/);
    say(stepped('n1', taken));
    await expect.poll(() => row.getAttribute('class'), WITHIN).not.toMatch(/\brefused\b/);
    await expect.poll(() => note.textContent(), WITHIN).toMatch(/taken 2 times/);
    expect(complaints).toEqual([]);
  });

  it('colours transitions by how often they were taken, unless told not to', async (context) => {
    const { page, say } = await opened(context);
    const [often, once] = ['roles.candidate#StepDown[0]', 'roles.candidate#always[0]'] as const;
    say(...Array.from({ length: 20 }, () => stepped('n1', often)), stepped('n1', once));
    const line = (ref: string) => page.locator('.large .edge').and(page.locator(`[data-refs*="${ref}"]`));
    await expect.poll(() => line(often).getAttribute('class'), WITHIN).toMatch(/\bheat-4\b/);
    expect(await line(once).getAttribute('class')).toMatch(/\bheat-1\b/);
    await page.getByLabel('heat', { exact: true }).uncheck();
    await expect.poll(() => line(often).getAttribute('class'), WITHIN).not.toMatch(/heat/);
  });

  it('counts a running timer down, and takes its ring away when it ends', async (context) => {
    const { page, say } = await opened(context);
    const id = 'xstate.after.electionTimeout.roles.follower';
    const row = page.locator(`.large .row[data-refs="roles.follower#${id}[0]"]`);
    const offset = () => row.locator('.ring').evaluate((ring) => Number((ring as SVGElement).style.strokeDashoffset));
    say({ ...base('n1'), type: 'timer.set', actor: 'm@n1', id, delayMs: 3_000 });
    await expect.poll(() => row.getAttribute('class'), WITHIN).toMatch(/\brunning\b/);
    const before = await offset();
    await expect.poll(offset, WITHIN).toBeGreaterThan(before);
    say({ ...base('n1'), type: 'timer.fired', actor: 'm@n1', id });
    await expect.poll(() => row.getAttribute('class'), WITHIN).not.toMatch(/\brunning\b/);
  });

  it('folds a state by keyboard and unfolds it by mouse; folded it stays when one comes back', async (context) => {
    const { page } = await opened(context, chartOf(parallel));
    const title = page.locator('.large [data-fold="engine.running"]');
    const inner = page.locator('.large [data-state="engine.running.log"]');
    expect(await inner.count()).toBe(1);
    await title.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => inner.count(), WITHIN).toBe(0);
    expect(await title.getAttribute('aria-expanded')).toBe('false');
    expect(await title.evaluate((element) => element === document.activeElement)).toBe(true);
    // Its address has the node.
    await expect.poll(() => new URL(page.url()).hash, WITHIN).toContain('node=n1');
    await page.reload();
    await title.waitFor();
    expect(await inner.count()).toBe(0);
    await title.click();
    await expect.poll(() => inner.count(), WITHIN).toBe(1);
  });

  it.for(['SVG', 'PNG'] as const)('is saved as a picture of its own: %s', async (type, context) => {
    const { page, complaints } = await opened(context);
    const download = page.waitForEvent('download');
    await savePicture(page, 'Charts', type === 'PNG' ? 'png' : 'svg');
    const file = await download;
    const bytes = await readFile(await file.path());
    if (type === 'PNG') expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    else {
      const text = bytes.toString();
      expect(text).toMatch(/^<svg .*<style>.*follower.*<\/svg>\n$/s);
      expect(text).not.toContain('var(--');
    }
    expect(file.suggestedFilename()).toBe(`m-n1.${type.toLowerCase()}`);
    expect(complaints).toEqual([]);
  });
});

it('takes the focus from a small chart to the large one, and back again', async (context) => {
  const charts = ['n1', 'n2', 'n3'].map((node) => [node, chartOf(raftLike)] as const);
  const { inspector, say } = await watching(new Map(charts), 'follower');
  const { page } = await open(context, inspector.newUrl());
  await page.locator('.card[data-node=n2]').press('Enter');
  const focused = () => page.locator(':focus').evaluateAll(([element]) => element?.getAttribute('aria-label'));
  await expect.poll(focused, WITHIN).toBe('Chart of m@n2');
  // Keys that are the page's still are.
  say('n2', stepped('n2', 'roles.follower#TimeoutNow[0]'));
  await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^7 of 7/);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^6 of 7/);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.card:focus').getAttribute('data-node'), WITHIN).toBe('n2');
});

it('counts timers down in small charts, too, where their lines have no names', async (context) => {
  const chart = chartOf(raftLike);
  const nodes = Array.from({ length: 6 }, (_, index) => [`n${index + 1}`, chart] as const);
  const { inspector, say } = await watching(new Map(nodes), 'follower');
  const { page } = await open(context, inspector.newUrl());
  await expect.poll(() => page.locator('.card .chart.outline svg').count(), WITHIN).toBe(6);
  const rings = page.locator('.card[data-node=n2] .running > .ring');
  expect(await rings.count()).toBe(0);
  const id = 'xstate.after.electionTimeout.roles.follower';
  say('n2', { ...base('n2'), type: 'timer.set', actor: 'm@n2', id, delayMs: 3_000 });
  await expect.poll(() => rings.count(), WITHIN).toBe(1);
  say('n2', { ...base('n2'), type: 'timer.fired', actor: 'm@n2', id });
  await expect.poll(() => rings.count(), WITHIN).toBe(0);
});

it('of many nodes, each has the frames of its chart, its name and its state in words', async (context) => {
  const chart = chartOf(raftLike);
  const nodes = Array.from({ length: 20 }, (_, index) => `n${index + 1}`);
  const { inspector, say } = await watching(new Map(nodes.map((node) => [node, chart])), 'follower');
  const { page, complaints } = await open(context, inspector.newUrl());
  await expect.poll(() => page.locator('.card .frames svg').count(), WITHIN).toBe(20);
  expect(await page.locator('.card text').count()).toBe(0);
  const card = page.locator('.card[data-node=n7]');
  expect(await card.textContent()).toBe('n7follower');
  say('n7', stepped('n7', 'roles.follower#TimeoutNow[0]'));
  const candidate = card.locator('[data-state="roles.candidate"]');
  await expect.poll(() => candidate.getAttribute('class'), WITHIN).toMatch(/\bactive\b/);
  expect(await card.textContent()).toBe('n7candidate');
  expect(complaints).toEqual([]);
});
