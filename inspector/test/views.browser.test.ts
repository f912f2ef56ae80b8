import type { TraceRecord } from '@synod/protocol';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startInspector } from '../src/index.ts';
import { useBrowser } from './support/browser.ts';
import { emitted, note, spawn, turn } from './support.ts';

const open = useBrowser();
const WITHIN = { timeout: 10_000 };
const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

const message = (node: string, fields: object): TraceRecord =>
  ({ ...note(node, ''), ...fields }) as unknown as TraceRecord;
const ping = { id: 'm1', from: 'light@n1', to: 'light@n2' } as const;
const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

/** A step that tells how its guards came out, and changes its context within. */
const judged = {
  ...(turn('n2', 'green', 7) as Extract<TraceRecord, { type: 'transition' }>),
  changed: { count: 7, log: ['a', 'b'], [HOSTILE]: HOSTILE },
  guards: [
    { transition: 'light.red#TURN[0]', condition: 'isDay', outcome: false },
    { transition: 'light.red#TURN[1]', condition: 'isNight', outcome: true },
  ],
} as unknown as TraceRecord;

const records: readonly TraceRecord[] = [
  spawn('n1'),
  spawn('n2'),
  turn('n1', 'green', 1),
  message('n1', { type: 'send', ...ping, message: { type: 'Ping' } }),
  message('n1', { type: 'timer.set', actor: 'light@n1', id: 'patience', delayMs: 400 }),
  message('n2', { type: 'deliver', ...ping, message: 'Ping' }),
  message('n2', { type: 'receive', actor: 'light@n2', from: ping.from, id: ping.id, event: { type: 'Ping' } }),
  judged,
  turn('n1', 'red', 2),
  emitted('n1', { type: 'dusk' }),
  note('n2', HOSTILE),
];

async function opened(context: Parameters<typeof open>[0], scheme: 'light' | 'dark' = 'dark', all = records) {
  const inspector = await startInspector({ recording: { records: all, about: { file: 'run.json' } } });
  onTestFinished(() => inspector.stop());
  const { page, complaints } = await open(context, inspector.newUrl(), scheme);
  await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(`${all.length} of ${all.length}`);
  const side = page.locator('.pane.side');
  const filter = side.getByRole('combobox', { name: 'Filter' });
  await side.getByLabel('What the log shows').selectOption('everything');
  const types = () => side.locator('.event-type').allTextContents();
  const tab = (name: string) => side.getByRole('tab', { name, exact: true }).click();
  return { page, complaints, side, filter, types, tab };
}

/** Whether anything of a view stands outside of the page, to the right of what can be scrolled to. */
const isCutOff = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);

describe('the events', () => {
  it('are found by a query; while a query is wrong, the last good one stays', async (context) => {
    const { side, filter, types, complaints } = await opened(context);
    await filter.fill('message:Ping node:n2');
    await expect.poll(types, WITHIN).toEqual(['deliver', 'receive']);
    await filter.fill('message:Ping node:n2 typ:send');
    await expect.poll(() => side.locator('.wrong').textContent(), WITHIN).toMatch(/There is no "typ:"/);
    expect(await filter.getAttribute('aria-invalid')).toBe('true');
    expect(await types()).toEqual(['deliver', 'receive']);
    await filter.fill('state:green -type:transition');
    await expect.poll(types, WITHIN).toEqual(['send', 'timer.set']);
    expect(await side.locator('.wrong').textContent()).toBe('');
    expect(await side.locator('.found').textContent()).toBe(`2 of ${records.length}`);
    expect(complaints).toEqual([]);
  });

  it('are queried by keyboard, with what the run has suggested', async (context) => {
    const { page, side, filter, types } = await opened(context);
    await filter.focus();
    await page.keyboard.type('mess');
    const suggested = side.getByRole('option', { name: /^message:/ });
    await suggested.waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await suggested.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await expect.poll(() => filter.inputValue(), WITHIN).toBe('message:');
    await side.getByRole('option', { name: /^Ping/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => filter.inputValue(), WITHIN).toBe('message:Ping ');
    await expect.poll(types, WITHIN).toEqual(['send', 'deliver', 'receive']);
    await page.keyboard.press('Escape');
    await expect.poll(() => filter.getAttribute('aria-expanded'), WITHIN).toBe('false');
  });

  it('are walked by keyboard; each tells its place among all', async (context) => {
    const { page, side } = await opened(context);
    const list = side.getByRole('listbox', { name: 'Records' });
    const current = () => side.locator('.event[aria-selected=true]').getAttribute('aria-posinset');
    await list.focus();
    await page.keyboard.press('Home');
    await expect.poll(current, WITHIN).toBe('1');
    expect(await page.locator('.place').textContent()).toMatch(/^1 of/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(current, WITHIN).toBe('2');
    await page.keyboard.press('d');
    await expect.poll(current, WITHIN).toBe('6');
    expect(await side.locator('.event[aria-selected=true]').getAttribute('aria-setsize')).toBe(String(records.length));
    const active = await list.getAttribute('aria-activedescendant');
    expect(await side.locator('.event[aria-selected=true]').getAttribute('id')).toBe(active);
    await page.keyboard.press('End');
    await expect.poll(current, WITHIN).toBe(String(records.length));
  });

  it('stay in sight when what is known of a record takes some of their room', async (context) => {
    const all = [...records, ...Array.from({ length: 60 }, (_, nth) => note('n1', `${nth}`))];
    const { page, side } = await opened(context, 'dark', all);
    const present = side.locator('.event.present');
    await page.keyboard.press('End');
    await present.waitFor();
    await page.evaluate(() => location.assign('#at=71&record=3'));
    await side.locator('.details').waitFor();
    const bottom = async (each: Locator) => {
      const box = await each.boundingBox();
      return (box?.y ?? 0) + (box?.height ?? 0);
    };
    await expect
      .poll(
        async () => (await bottom(present)) - (await bottom(side.getByRole('listbox', { name: 'Records' }))),
        WITHIN,
      )
      .toBeLessThan(1);
  });

  it('lead from a delivery to its send and back', async (context) => {
    const { page, side } = await opened(context);
    await side.locator('.event.deliver').click();
    await side.getByRole('button', { name: /^To its send/ }).click();
    await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^4 of/);
    expect(await side.locator('.record-title').textContent()).toContain('send #4');
    await side.getByRole('button', { name: /^To its delivery/ }).click();
    await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^6 of/);
  });

  it('are quieter when a name is hidden, and say how long after each other they came', async (context) => {
    const { side, types } = await opened(context);
    await side.getByRole('button', { name: 'Hide…' }).click();
    await side.getByLabel(/^Ping/).check();
    await expect.poll(types, WITHIN).not.toContain('send');
    expect(await side.getByRole('button', { name: '1 hidden' }).getAttribute('aria-pressed')).toBe('true');
    await side.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(types, WITHIN).toContain('send');
    await side.getByLabel('Times').selectOption('since');
    await expect.poll(() => side.locator('.event-time').nth(1).textContent(), WITHIN).toMatch(/^\+/);
  });
});

describe('the state of an actor', () => {
  it('tells what its last step changed and why, and seeks in the past of a field', async (context) => {
    const { page, side, tab, complaints } = await opened(context);
    await side.locator('.event.transition').nth(1).click();
    await tab('State');
    await side.getByLabel('Actor', { exact: true }).selectOption('light@n2');
    const field = (name: string) => side.getByRole('treeitem', { name });
    await expect.poll(() => field('count').getAttribute('class'), WITHIN).toMatch(/\bchanged\b/);
    expect(await field('count').textContent()).toMatch(/count0 →7/);
    expect(await field('log').getAttribute('class')).toMatch(/\badded\b/);
    const guards = side.locator('.guards').first();
    expect(await guards.locator('tbody tr').allTextContents()).toEqual([
      'isDay✗ falselight.red#TURN[0]',
      'isNight✓ truelight.red#TURN[1]',
    ]);
    await field('count').click();
    await side
      .locator('.past')
      .first()
      .getByRole('button', { name: /: go to record 2$/ })
      .click();
    await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^2 of/);
    await expect.poll(() => side.locator('.state-words').textContent(), WITHIN).toBe('red');
    expect(complaints).toEqual([]);
  });

  it('stands beside that of another, differences marked; its timers tell what is left', async (context) => {
    const { side, tab } = await opened(context);
    await tab('State');
    await side.getByLabel('Actor', { exact: true }).selectOption('light@n1');
    expect(await side.locator('.timers').textContent()).toMatch(/patience.*ms left of 400 ms/);
    await side.getByLabel('Compare with').selectOption('light@n2');
    const count = side.getByRole('treeitem', { name: 'count' });
    await expect.poll(() => count.textContent(), WITHIN).toBe('count2≠7');
  });

  it('is walked by keyboard: rows open and close', async (context) => {
    const { page, side, tab } = await opened(context);
    await side.locator('.event.transition').nth(1).click();
    await tab('State');
    await side.getByLabel('Actor', { exact: true }).selectOption('light@n2');
    await side.getByRole('tree', { name: 'Context' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const log = side.getByRole('treeitem', { name: 'log' });
    await expect.poll(() => log.getAttribute('aria-expanded'), WITHIN).toBe('false');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => log.getAttribute('aria-expanded'), WITHIN).toBe('true');
    expect(await side.locator('[aria-level="2"]').allTextContents()).toEqual(['0"a"', '1"b"']);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => log.getAttribute('aria-expanded'), WITHIN).toBe('false');
  });

  it('shows hostile, gigantic and deep contexts as text', async (context) => {
    const context_ = {
      [HOSTILE]: HOSTILE,
      list: Array.from({ length: 50_000 }, (_, at) => at),
      text: 'x'.repeat(500_000),
    };
    const hostile = {
      ...spawn('n1'),
      context: { ...context_, deep: JSON.parse(deep(2_000)) as unknown },
    } as TraceRecord;
    const { page, side, tab, complaints } = await opened(context, 'dark', [hostile, turn('n1', 'green', 1)]);
    await tab('State');
    await side.getByRole('treeitem', { name: '<img src=x' }).waitFor();
    await side.getByRole('treeitem', { name: 'list' }).click();
    await side.locator('[aria-level="2"]').first().waitFor();
    expect(await side.locator('[role=treeitem]').count()).toBeLessThan(100);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Synod inspector');
    await tab('Events');
    await side.locator('.event.spawn').click();
    expect((await side.locator('.details pre').textContent())?.length).toBeLessThan(50_000);
    expect(complaints).toEqual([]);
  });
});

describe('the statistics', () => {
  it.for(['light', 'dark'] as const)(
    'count messages and transitions, and lead to the records they count (%s)',
    async (scheme, context) => {
      const { page, side, filter, types, complaints } = await opened(context, scheme);
      await page.locator('.pane.middle').getByRole('tab', { name: 'Statistics' }).click();
      const statistics = page.locator('.statistics');
      await expect
        .poll(() => statistics.locator('.message-types tbody tr').allTextContents(), WITHIN)
        .toEqual([expect.stringMatching(/^Ping1100/)]);
      expect(await statistics.locator('.coverage caption').allTextContents()).toEqual([
        'light: 0 of 0 transitions taken',
      ]);
      await statistics.getByRole('button', { name: 'timer.set' }).click();
      await expect.poll(() => filter.inputValue(), WITHIN).toBe('type:timer.set');
      await expect.poll(types, WITHIN).toEqual(['timer.set']);
      await side.locator('.event').click();
      await statistics.getByLabel('What is counted').selectOption('cursor');
      await expect.poll(() => statistics.locator('.statistics-head').textContent(), WITHIN).toContain('5 records');
      expect(complaints).toEqual([]);
    },
  );
});

describe('all views', () => {
  /** What stands to the right of the window, but for what lies in something that scrolls by itself. */
  const cutOff = (page: Page) =>
    page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const scrolls = (element: Element | null): boolean =>
        element !== null &&
        (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
      return [...document.querySelectorAll('.page :not(svg *)')]
        .filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 0 && box.height > 0 && box.right > width + 1 && !scrolls(element.parentElement);
        })
        .map(({ className, tagName }) => `${tagName} ${className}`);
    });

  it('can be reached at 400 % zoom, and nothing of them is cut off', { timeout: 60_000 }, async (context) => {
    const { page, complaints } = await opened(context);
    // A window of 1,680 pixels at 400 % has room for 420, one of 1,280 for 320.
    for (const width of [420, 320]) {
      await page.setViewportSize({ width, height: 800 });
      for (const pane of ['middle', 'side']) {
        const tabs = page.locator(`.pane.${pane}`).getByRole('tab');
        for (const tab of await tabs.all()) {
          await tab.click();
          await expect.poll(() => tab.getAttribute('aria-selected'), WITHIN).toBe('true');
          expect(await cutOff(page), `${await tab.textContent()} in ${width}`).toEqual([]);
          expect(await isCutOff(page)).toBe(false);
        }
      }
    }
    expect(complaints).toEqual([]);
  });

  it('are used by keyboard alone: a record, the state after it, a bookmark', async (context) => {
    const { page, side, complaints } = await opened(context);
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.locator(':focus').textContent();
    await press(']');
    await expect.poll(focused, WITHIN).toBe('Events');
    await press('/');
    await page.keyboard.type('type:transition');
    await expect.poll(() => side.locator('.found').textContent(), WITHIN).toBe(`3 of ${records.length}`);
    await press('Escape');
    const list = side.getByRole('listbox', { name: 'Records' });
    for (let steps = 0; steps < 12 && !(await list.evaluate((it) => it === document.activeElement)); steps++)
      await press('Tab');
    await press('Home', 'ArrowDown');
    await expect.poll(() => page.locator('.place').textContent(), WITHIN).toMatch(/^8 of/);
    await press(']', 'ArrowRight', 'ArrowRight');
    await expect.poll(focused, WITHIN).toBe('State');
    await expect.poll(() => side.locator('.state-words').textContent(), WITHIN).toBe('green');
    await side.getByRole('tree', { name: 'Context' }).waitFor();
    await press('b');
    await expect.poll(() => page.url(), WITHIN).toMatch(/record=7&marks=7$/);
    expect(complaints).toEqual([]);
  });
});
