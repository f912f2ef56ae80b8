import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Chart, chartOf, encodeTrace, type TraceRecord, traceHeader } from '@synod/protocol';
import type { Locator, Page } from 'playwright-core';
import type { FunctionComponent } from 'react';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { createMachine } from 'xstate';
import type { SynodChartElement, SynodSpaceTimeElement } from '../elements/types.ts';
import { useBrowser } from './support/browser.ts';
import { runOf } from './support/runs.ts';
import { builtElements, bundled, type Files, served } from './support/site.ts';

const open = useBrowser();
const WITHIN = { timeout: 8_000 };

const example = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`elements/${name}`, import.meta.url)), 'utf8');

const CSS = 'synod-chart { height: 300px } synod-spacetime { height: 400px }';
const BARE = `<!doctype html><link rel="stylesheet" href="page.css"><script type="module" src="bare.js"></script>
<synod-chart></synod-chart><synod-spacetime></synod-spacetime>`;
const TIMED = `<!doctype html><link rel="stylesheet" href="page.css"><script type="module" src="timed.js"></script>
<button type="button">Press</button><synod-chart></synod-chart>`;
/** Sets a property before the element is defined: it is kept. */
const BARE_JS = `import { defineSynodElements } from './index.js';
document.querySelector('synod-chart').value = { on: 'slow' };
defineSynodElements();
defineSynodElements();`;

const fan: Chart = chartOf(
  createMachine({
    id: 'fan',
    initial: 'off',
    states: {
      off: { on: { PRESS: { target: 'on', guard: 'hasPower' } } },
      on: {
        initial: 'slow',
        on: { PRESS: 'off' },
        states: { slow: { on: { FASTER: 'fast' } }, fast: { after: { rest: 'slow' } } },
      },
    },
  }),
);

/** Of two nodes: a message that arrives, and one that is lost. */
const records = runOf(
  [
    ['send', 0, 1],
    ['deliver', 0, 0],
    ['send', 1, 1],
    ['drop', 0, 0],
    ['step', 1, 0],
  ],
  { nodes: 2, apart: () => 1_000 },
);
const lines = (all: readonly TraceRecord[]): string =>
  [traceHeader({ from: 'test' }), ...all].map((record) => `${encodeTrace(record)}\n`).join('');

let site: { readonly url: string; readonly close: () => Promise<void> } | undefined;
let folder = '';
let remove = (): void => {};

beforeAll(async () => {
  const elements = await builtElements();
  ({ folder, remove } = elements);
  const files: Files = {
    ...(await bundled('plain.ts', folder)),
    ...(await bundled('react.tsx', folder)),
    ...(await bundled('timed.ts', folder)),
    'timed.html': TIMED,
    'plain.html': await example('plain.html'),
    'react.html': `<!doctype html><link rel="stylesheet" href="page.css"><script type="module" src="react.js"></script><main></main>`,
    'bare.html': BARE,
    'bare.js': BARE_JS,
    'page.css': CSS,
    'trace.jsonl': lines(records),
    'torn.jsonl': `${encodeTrace(traceHeader())}\n{"type":"send"`,
  };
  // What is not a file of the test is one of the elements'.
  site = await served(files, folder);
}, 60_000);

afterAll(async () => {
  await site?.close();
  remove();
});

const at = async (context: TestContext, path: string, theme: 'light' | 'dark' = 'dark') => {
  const { page, complaints } = await open(context, `${site?.url}${path}`, theme);
  return { page, complaints, chart: page.locator('synod-chart'), diagram: page.locator('synod-spacetime') };
};

/** The states that are lit, by their names. */
const lit = (page: Page): Promise<string[]> =>
  page
    .locator('synod-chart .state.active')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-state') ?? ''));

/** Chooses the first record of the last lane by keyboard. */
async function chooseOne(page: Page): Promise<void> {
  const picture = page.getByRole('application');
  await expect.poll(() => picture.getAttribute('aria-label'), WITHIN).toContain('2 lanes, 5 events');
  await picture.focus();
  for (const key of ['ArrowUp', 'Home', 'Enter']) await page.keyboard.press(key);
}

const set = (chart: Locator, properties: Partial<SynodChartElement>): Promise<void> =>
  chart.evaluate((element, given) => void Object.assign(element, given), properties as object);

describe('elements in a page that trusts nothing but its own files', () => {
  it('light the states of an actor as it steps, and tell what is chosen in a trace', async (context) => {
    const { page, complaints } = await at(context, 'plain.html');
    await expect.poll(() => lit(page), WITHIN).toEqual(['door', 'door.closed']);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect.poll(() => lit(page), WITHIN).toEqual(['door', 'door.open']);
    await expect.poll(() => page.locator('.edge.taken').getAttribute('data-refs')).toBe('door.closed#OPEN[0]');
    await expect.poll(() => page.locator('.taken').count(), WITHIN).toBe(0);
    await chooseOne(page);
    await expect.poll(() => page.locator('output').textContent()).toBe('deliver');
    expect(complaints).toEqual([]);
  });

  it('are components of React', async (context) => {
    const { page, complaints } = await at(context, 'react.html');
    await expect.poll(() => lit(page), WITHIN).toEqual(['door', 'door.closed']);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect.poll(() => lit(page), WITHIN).toEqual(['door', 'door.open']);
    expect(await page.locator('synod-spacetime').getAttribute('class')).toBe('tall');
    await chooseOne(page);
    await expect.poll(() => page.locator('output').textContent()).toBe('deliver');
    expect(complaints).toEqual([]);
  });

  it('tell how the guards of an actor came out, and count its timers down, also when they come back to their page', async (context) => {
    const { page, complaints, chart } = await at(context, 'timed.html');
    await expect.poll(() => lit(page), WITHIN).toEqual(['kettle', 'kettle.cold']);
    const running = page.locator('synod-chart .row.running');
    expect(await running.count()).toBe(0);
    const press = page.getByRole('button', { name: 'Press', exact: true });
    await press.click();
    // Why it is warming: the guard of the way to it held, that of another did not.
    const judged = (name: string) => page.locator('.row', { hasText: `[${name}]` }).getAttribute('class');
    await expect.poll(() => judged('hasWater'), WITHIN).toMatch(/\bpassed\b/);
    expect(await judged('isBroken')).toMatch(/\brefused\b/);
    await expect
      .poll(() => running.getAttribute('data-refs'), WITHIN)
      .toBe('kettle.warming#xstate.after.boiling.kettle.warming[0]');
    const gone = () => running.locator('.ring').evaluate((ring) => Number((ring as SVGElement).style.strokeDashoffset));
    await expect.poll(gone, WITHIN).toBeGreaterThan(0);
    await chart.evaluate((element) => document.body.append(element));
    const before = await gone();
    await expect.poll(gone, WITHIN).toBeGreaterThan(before);
    await press.click();
    await expect.poll(() => lit(page), WITHIN).toEqual(['kettle', 'kettle.cold']);
    await expect.poll(() => running.count(), WITHIN).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('show how guards came out, and what is left of timers, as a trace tells of them', async (context) => {
    const { page, complaints, chart } = await at(context, 'bare.html');
    const condition = { transition: 'fan.off#PRESS[0]', condition: 'hasPower' };
    const classes = () => page.locator('.row', { hasText: '[hasPower]' }).getAttribute('class');
    await set(chart, { chart: fan, guards: [{ ...condition, outcome: false }] });
    await expect.poll(classes, WITHIN).toMatch(/\brefused\b/);
    await set(chart, { guards: [{ ...condition, outcome: true }] });
    await expect.poll(classes, WITHIN).toMatch(/\bpassed\b/);
    await set(chart, { guards: [] });
    await expect.poll(classes, WITHIN).not.toMatch(/passed|refused/);
    const id = 'xstate.after.rest.fan.on.fast';
    const ring = page.locator('synod-chart .row.running .ring');
    const left = () => ring.evaluate((each) => 1 - Number((each as SVGElement).style.strokeDashoffset));
    await set(chart, { timers: { [id]: { setAt: Date.now() - 30_000_000, delayMs: 60_000_000 } } });
    await expect.poll(left, WITHIN).toBeCloseTo(0.5, 2);
    await set(chart, { timers: undefined });
    await expect.poll(() => ring.count(), WITHIN).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('need no bundler, keep what was set before they were defined, and lay out in a worker', async (context) => {
    const { page, complaints, chart } = await at(context, 'bare.html');
    await set(chart, { elkWorkerUrl: 'elk-worker.min.js', chart: fan });
    await expect.poll(() => lit(page), WITHIN).toEqual(['fan', 'fan.on', 'fan.on.slow']);
    expect(page.workers().map((worker) => worker.url())).toEqual([`${site?.url}elk-worker.min.js`]);
    await expect.poll(() => page.getByRole('group').getAttribute('aria-label')).toBe('Statechart of fan, at on · slow');
    await set(chart, { counts: { 'fan.off#PRESS[0]': 3 } });
    await expect.poll(() => page.locator('.edge.heat-4').getAttribute('data-refs')).toBe('fan.off#PRESS[0]');
    await page.getByRole('button', { name: 'States in on' }).press('Enter');
    await expect.poll(() => page.locator('[data-state="fan.on.slow"]').count(), WITHIN).toBe(0);
    await set(chart, { detail: 'compact' });
    await expect.poll(() => page.locator('.chart.compact svg').count(), WITHIN).toBe(1);
    expect(complaints).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('in a person’s %s theme', (theme) => {
  it('an element has it too, unless told otherwise', async (context) => {
    const { page, chart, diagram } = await at(context, 'bare.html', theme);
    const other = theme === 'light' ? 'dark' : 'light';
    const grounds = () =>
      page.locator('.synod').evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor));
    const colours = { light: 'rgb(245, 247, 250)', dark: 'rgb(13, 17, 23)' };
    await set(chart, { chart: fan });
    await expect.poll(grounds, WITHIN).toEqual([colours[theme], colours[theme]]);
    await diagram.evaluate((element, given) => element.setAttribute('theme', given), other);
    await expect.poll(grounds, WITHIN).toEqual([colours[theme], colours[other]]);
  });
});

describe('what cannot be shown is said, with a code', () => {
  it.for<[string, Partial<SynodSpaceTimeElement>, RegExp]>([
    ['a file that is not there', { src: 'nowhere.jsonl' }, /^TRACE_UNREACHABLE: .*nowhere\.jsonl.*404/],
    ['a file that was cut', { src: 'torn.jsonl' }, /^TRACE_INVALID: is not JSON/],
    ['a page', { src: 'bare.html' }, /^FILE_UNKNOWN: /],
    ['lines of something else', { lines: ['{"type":"tea"}'] }, /^TRACE_INVALID: /],
  ])('%s', async ([, properties, said], context) => {
    const { page, diagram } = await at(context, 'bare.html');
    await expect.poll(() => page.getByRole('application').count(), WITHIN).toBe(1);
    const code = await diagram.evaluate(
      (element, given) =>
        new Promise<string>((resolve) => {
          element.addEventListener('error', (event) =>
            resolve((event as unknown as CustomEvent<{ code: string }>).detail.code),
          );
          Object.assign(element, given);
        }),
      properties as object,
    );
    expect(await page.getByRole('alert').textContent()).toMatch(said);
    expect(said.source).toContain(code);
    // It is forgotten when there is something to show.
    await diagram.evaluate((element, given) => Object.assign(element, { records: given }), records as object);
    await expect.poll(() => page.getByRole('alert').count(), WITHIN).toBe(0);
  });

  it.for<[string, Partial<SynodChartElement>, string]>([
    ['what is no chart', { chart: { id: 'tea' } as unknown as Chart }, 'CHART_INVALID'],
    ['a worker that is not there', { chart: fan, elkWorkerUrl: 'nowhere.js' }, 'CHART_LAYOUT_FAILED'],
  ])('%s', async ([, properties, code], context) => {
    const { page, chart } = await at(context, 'bare.html');
    await set(chart, properties);
    await expect.poll(() => page.getByRole('alert').textContent(), WITHIN).toContain(code);
  });
});

it('records that come later are drawn too', async (context) => {
  const { page, diagram } = await at(context, 'bare.html');
  await expect.poll(() => page.getByRole('application').count(), WITHIN).toBe(1);
  for (const record of records)
    await diagram.evaluate((element: SynodSpaceTimeElement, given) => element.addRecords([given]), record);
  await expect.poll(() => page.getByRole('application').getAttribute('aria-label')).toContain('2 lanes, 5 events');
});

it('an element that leaves its page looks at its actor no longer, and at once when it comes back', async (context) => {
  const { page, chart } = await at(context, 'plain.html');
  await expect.poll(() => lit(page), WITHIN).toEqual(['door', 'door.closed']);
  const away = await chart.evaluateHandle((element: SynodChartElement) => {
    element.remove();
    return element;
  });
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  expect(await away.evaluate((element) => element.value)).toBe('closed');
  await away.evaluate((element) => document.body.append(element));
  await expect.poll(() => lit(page)).toEqual(['door', 'door.open']);
});

it('they can be loaded on a server, where there is no document', async () => {
  const { createElement } = await import('react');
  const { renderToString } = await import('react-dom/server');
  const { SynodChart } = (await import(join(folder, 'react.js'))) as {
    SynodChart: FunctionComponent<{ chart: Chart; className: string }>;
  };
  expect(renderToString(createElement(SynodChart, { chart: fan, className: 'wide' }))).toBe(
    '<synod-chart class="wide"></synod-chart>',
  );
});

it('the README has the code of the examples', async () => {
  const readme = await readFile(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
  for (const name of ['plain.html', 'plain.ts', 'react.tsx'])
    expect(readme.includes((await example(name)).trim()), name).toBe(true);
});
