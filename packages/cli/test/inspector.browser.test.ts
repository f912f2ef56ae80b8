import { expect, it, vi } from 'vitest';
import { useBrowser } from '../../../inspector/test/support/browser.ts';
import { emptyDirectory, runCluster } from './support/synod.ts';

const open = useBrowser();
const WITHIN = { timeout: 30_000 };

it('a person kills the leader by its button, sees another node light up as leader, and restarts the first', {
  timeout: 120_000,
}, async (context) => {
  const cluster = await runCluster(await emptyDirectory());
  const url = (await cluster.synod('inspect')).out.trim();
  const { page, complaints } = await open(context, url);
  const leaders = async () => {
    const cards = await page
      .locator('.card')
      .evaluateAll((elements) =>
        elements
          .filter((element) => element.querySelector('[data-state="raft.leader"].active'))
          .map((element) => element.getAttribute('data-node') ?? ''),
      );
    return cards;
  };
  // The page and the cluster come to say the same; a busy machine may elect more than once meanwhile.
  const first = await vi.waitUntil(async () => {
    const [led, shown] = [await cluster.leader(), await leaders()];
    return shown.length === 1 && shown[0] === led && led;
  }, WITHIN);

  await page.getByRole('button', { name: `Kill ${first}` }).click();
  await expect.poll(() => page.locator(`nav [data-node=${first}]`).getAttribute('data-up'), WITHIN).toBe('false');
  await expect.poll(async () => (await leaders()).filter((node) => node !== first).length, WITHIN).toBe(1);

  await page.getByRole('button', { name: `Restart ${first}` }).click();
  const lit = page.locator(`.card[data-node=${first}] [data-state^="raft."].active`);
  await expect.poll(() => lit.count(), WITHIN).toBeGreaterThan(0);
  expect((await cluster.nodes()).every(({ up }) => up)).toBe(true);

  // Back to when it was down, in every view; what has happened since stays out of sight.
  await page.keyboard.press('Home');
  const side = page.locator('.pane.side');
  await side.getByRole('tab', { name: 'Events' }).click();
  await side.getByRole('combobox', { name: 'Filter' }).fill(`node:${first} type:note`);
  await side.locator('.event', { hasText: 'NODE_DOWN' }).first().click();
  await expect.poll(() => page.locator(`nav [data-node=${first}]`).getAttribute('data-up'), WITHIN).toBe('false');
  const middle = page.locator('.pane.middle');
  const tabs = await middle.getByRole('tab').allTextContents();
  expect(tabs).toEqual(['Charts', 'Topology', 'Logs', 'Events', 'Space–time', 'State', 'Statistics']);
  for (const name of tabs) {
    await middle.getByRole('tab', { name, exact: true }).click();
    await expect.poll(() => middle.locator('.view').textContent(), WITHIN).not.toBe('');
  }
  await middle.getByRole('tab', { name: 'Charts', exact: true }).click();
  await page.locator('.card.hue-down').waitFor();
  expect(await page.locator('.card.hue-down').getAttribute('data-node')).toBe(first);
  await page.getByRole('button', { name: 'Go live' }).click();
  await expect.poll(() => page.locator(`nav [data-node=${first}]`).getAttribute('data-up'), WITHIN).toBe('true');
  expect(complaints).toEqual([]);
  expect((await cluster.stop()).code).toBe(0);
});
