import { createWebSocketInspector } from '@statelyai/inspect';
import type { Locator, Page } from 'playwright-core';
import { expect, it, type TestContext } from 'vitest';
import { createActor } from 'xstate';
import { startInspector } from '../src/index.ts';
import { useBrowser } from './support/browser.ts';
import { restaurantMachine } from './support/restaurant.ts';

// A walk through every view with a plain app of some size, watched through the real @statelyai/inspect.

const open = useBrowser();
const WITHIN = { timeout: 10_000 };
const NODE = 'house';
/** The views that such an app has something for: of nodes' members, logs, verdicts and a lab there is nothing to show. */
const VIEWS = ['Charts', 'Topology', 'Events', 'Space–time', 'State', 'Statistics'];

const soon = (locator: Locator, what: (locator: Locator) => Promise<unknown>) =>
  expect.poll(() => what(locator), WITHIN);
const text = (locator: Locator) => locator.textContent();
const texts = (locator: Locator) => locator.allTextContents();
const count = (locator: Locator) => locator.count();

async function watched(context: TestContext) {
  const inspector = await startInspector();
  context.onTestFinished(() => inspector.stop());
  const { page, complaints } = await open(context, inspector.newUrl());
  const middle = page.locator('.pane.middle');
  const view = (name: string) => middle.getByRole('tab', { name, exact: true }).click();
  const place = page.locator('.place');
  return { inspector, page, complaints, middle, view, place };
}

/** The app: three orders, of which one is paid and cooked, one refused and one left alone. */
function house(context: TestContext, statelyUrl: string) {
  const { inspect, stop } = createWebSocketInspector({ url: `${statelyUrl}&name=${NODE}` });
  context.onTestFinished(stop);
  const restaurant = createActor(restaurantMachine, { inspect, id: 'restaurant' }).start();
  context.onTestFinished(() => void restaurant.stop());
  for (const amount of [20, 90, 30]) restaurant.send({ type: 'ORDER', amount });
  const order = (number: number) => restaurant.getSnapshot().children[`order-${number}`];
  for (const type of ['PAY', 'COOK', 'PAUSE', 'RESUME'] as const) order(1)?.send({ type });
  order(2)?.send({ type: 'PAY' });
  restaurant.send({ type: 'LOCK' });
}

const address = (actor: string) => `${actor}@${NODE}`;
const card = (page: Page, actor: string) => page.locator(`.card[data-actor="${address(actor)}"]`);

/** Whether anything stands to the right of what can be scrolled to. */
const isCutOff = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);

it('a plain app through the real @statelyai/inspect, in every view', { timeout: 60_000 }, async (context) => {
  const { inspector, page, complaints, middle, view, place } = await watched(context);

  // Before anything comes, each view says what will stand there.
  await soon(middle.getByRole('tab'), texts).toEqual(VIEWS);
  for (const name of VIEWS) {
    await view(name);
    await soon(middle.locator('.view'), text).toMatch(/as soon as|yet/i);
  }

  house(context, inspector.statelyUrl);

  // Charts: a card for each actor that runs, with its states lit; the history of a parallel state is a small sign.
  await view('Charts');
  const actors = ['restaurant', 'bell', 'order-1', 'order-2', 'order-3'];
  await soon(page.locator('.card'), count).toBe(actors.length);
  const lit = (actor: string, state: string) => card(page, actor).locator(`[data-state="${state}"].active`);
  await soon(lit('order-1', 'order.payment.paid'), count).toBe(1);
  await soon(lit('order-1', 'order.kitchen.cooking.chopping'), count).toBe(1);
  await soon(lit('order-2', 'order.payment.refused'), count).toBe(1);
  await soon(lit('restaurant', 'restaurant.open.door.locked'), count).toBe(1);
  const width = async (state: string) =>
    (await card(page, 'restaurant').locator(`[data-state="restaurant.${state}"] > :is(rect, circle)`).boundingBox())
      ?.width ?? 0;
  await expect
    .poll(async () => {
      const [sign, around] = [await width('open.before'), await width('open')];
      return sign > 5 && sign * 4 < around;
    }, WITHIN)
    .toBe(true);

  // The actors stand below the one that spawned them; one of them is looked at closely.
  await soon(page.locator('.actors li'), (all) =>
    all.evaluateAll((items) => items.map((item) => item.getAttribute('data-actor'))),
  ).toEqual(actors.map(address));
  await page.locator(`.actors [data-actor="${address('order-1')}"] button`).click();
  const large = page.getByRole('region', { name: `Chart of ${address('order-1')}` });
  await large.locator('.row[data-refs="order.kitchen.waiting#COOK[0]"]').first().hover();
  await soon(large.locator('.transition-note'), text).toMatch(/COOK.*taken once/);

  // State: what its last step did, and what JSON does not know.
  await view('State');
  const state = middle.getByRole('region', { name: `State of ${address('order-1')}` });
  await soon(state.locator('.state-words'), text).toBe('kitchen · cooking · chopping, payment · paid');
  await soon(state.getByRole('treeitem', { name: /^placed/ }), text).toContain('1970-01-01T00:00:00.000Z');
  await soon(state.getByRole('treeitem', { name: /^remark/ }), (field) => field.getAttribute('class')).toMatch(
    /\bcut\b/,
  );
  await state.getByLabel('Actor', { exact: true }).selectOption(address('restaurant'));
  await soon(middle.getByRole('treeitem', { name: /^tables/ }), text).toContain('{free: []}');
  await middle.getByRole('treeitem', { name: /^orders/ }).click();
  await soon(middle.locator('.past').first().locator('.field-value'), texts).toEqual(['3', '2', '1', '0']);

  // Topology: the actors, and what went between them.
  await view('Topology');
  await page.getByRole('button', { name: 'All actors' }).click();
  await soon(middle.locator('.topology-node'), count).toBe(actors.length);
  const link = middle.locator(`.topology-link[data-link="${address('order-1')}>${address('restaurant')}"]`);
  await soon(link, count).toBe(1);
  await soon(middle.locator('.links th button'), texts).toContain('order-1 → restaurant');

  // Space–time: a lane for each actor that ever lived, and a walk by keyboard from event to event.
  await view('Space–time');
  const picture = middle.getByRole('application');
  await soon(picture, (diagram) => diagram.getAttribute('aria-label')).toMatch(/^Space–time diagram, 7 lanes, /);
  await picture.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await soon(picture, (diagram) => diagram.getAttribute('aria-label')).toMatch(/Selected: /);
  await page.keyboard.press('Escape');

  // Events: found by a query, marked as inferred; their node goes without saying.
  await view('Events');
  const filter = middle.getByRole('combobox', { name: 'Filter' });
  await filter.fill(`actor:${address('order-1')} transition:order.kitchen.waiting#COOK*`);
  await soon(middle.locator('.event-text'), texts).toEqual(['order-1  COOK → chopping, charging']);
  await soon(middle.locator('.event .inferred'), count).toBe(1);
  await middle.locator('.event').click();
  await soon(middle.locator('.details pre'), text).toContain('"order.kitchen.waiting#COOK[0]"');
  await page.keyboard.press('Escape');
  await filter.fill('');

  // Statistics: messages, and which transitions were never taken.
  await view('Statistics');
  await soon(middle.locator('.message-types tr', { hasText: 'PAID' }), text).toMatch(/^PAID110/);
  await soon(middle.locator('.coverage', { hasText: 'order.kitchen.cooking' }), text).toMatch(
    /PAUSE → order\.kitchen\.paused1/,
  );

  // Time: to the beginning and on to the first order, marked; every view goes along, and back to what is now.
  await view('Charts');
  await page.getByRole('button', { name: 'First record' }).click();
  await soon(place, text).toMatch(/^0 of /);
  await soon(page.locator('.card'), count).toBe(0);
  await page.getByLabel('To the next').selectOption({ label: 'message' });
  await page.getByRole('button', { name: 'Next record' }).click();
  await soon(place, text).not.toMatch(/^0 of /);
  await page.getByRole('button', { name: 'Bookmark' }).click();
  await soon(page.getByLabel('Bookmarks').locator('option').first(), text).toBe('1 marked');
  await page.getByRole('button', { name: 'Go live' }).click();
  await soon(page.locator('.card'), count).toBe(actors.length);

  // Nothing can be done to such an app, and nothing is offered.
  await soon(page.locator('.status-bar'), text).toContain('only looks on');
  await soon(page.locator('.controls button'), count).toBe(0);
  await soon(middle.getByRole('tab'), texts).toEqual(VIEWS);

  // The other theme, and the same.
  await page.getByRole('button', { name: 'Light theme' }).click();
  await soon(page.locator('html'), (html) => html.getAttribute('data-theme')).toBe('light');
  await expect.poll(() => isCutOff(page), WITHIN).toBe(false);
  expect(complaints).toEqual([]);
});
