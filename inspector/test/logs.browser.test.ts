import { expect, it } from 'vitest';
import { useBrowser } from './support/browser.ts';
import { raftCluster } from './support/raft-cluster.ts';

const open = useBrowser();
const WITHIN = { timeout: 15_000 };

it('the logs of a real cluster stand side by side with what is committed, and who has the last entry', async (context) => {
  const { inspector } = await raftCluster(['n1', 'n2', 'n3']);
  const { page, complaints } = await open(context, inspector.newUrl());
  await page.getByRole('tab', { name: 'Logs' }).click();
  const row = (node: string) => page.locator(`.log-table tr[data-node=${node}]`);
  const numbers = async () =>
    Promise.all(
      ['n1', 'n2', 'n3'].map(async (node) => (await row(node).locator('.number').allTextContents()).join(' ')),
    );
  // A leader's first entry is of its own: last, commitIndex and lastApplied are alike in the end.
  await expect.poll(async () => new Set((await numbers()).flatMap((text) => text.split(' '))).size, WITHIN).toBe(1);
  const last = Number((await numbers())[0]?.split(' ')[0]);
  expect(last).toBeGreaterThan(0);
  expect(await row('n1').locator('.entry').count()).toBe(last);
  expect(await row('n1').locator('.entry').last().getAttribute('class')).toMatch(/\bmark-0\b.*\bmark-1\b/);
  await expect
    .poll(() => page.locator('.tallies').textContent(), WITHIN)
    .toMatch(new RegExp(`raft@n\\dreplicated through ${last}3 of 2 needed: reached`));
  expect(await page.locator('.answer.given').count()).toBe(3);
  await row('n2').getByRole('button').press('Enter');
  expect(await row('n2').getAttribute('class')).toMatch(/\bselected\b/);
  expect(complaints).toEqual([]);
});
