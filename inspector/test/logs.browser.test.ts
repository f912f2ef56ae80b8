import { expect, it } from 'vitest';
import { useBrowser } from './support/browser.ts';
import { raftCluster } from './support/raft-cluster.ts';

const open = useBrowser();
const WITHIN = { timeout: 30_000 };

/** All that the page shows of logs, at one moment: a busy machine may elect once more between two looks. */
function shown() {
  const texts = (selector: string) =>
    [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '');
  const numbers = new Set(texts('.log-table .number'));
  const last = [...numbers][0] ?? '';
  return {
    // The last index, what is committed and what is applied, on all three nodes.
    numbers: numbers.size,
    areAllEntriesThere: document.querySelectorAll('.log-table tr[data-node=n1] .entry').length === Number(last),
    isMarked: document.querySelectorAll('.log-table .entry.mark-0.mark-1').length,
    isReached: texts('.tallies').some((text) => text.endsWith(`replicated through ${last}3 of 3, 2 needed: reached`)),
    answered: document.querySelectorAll('.answer.given').length,
  };
}

it('the logs of a real cluster stand side by side with what is committed, and who has the last entry', {
  timeout: 60_000,
}, async (context) => {
  const { inspector } = await raftCluster(['n1', 'n2', 'n3']);
  const { page, complaints } = await open(context, inspector.newUrl());
  await page.getByRole('tab', { name: 'Logs' }).click();
  const all = { numbers: 1, areAllEntriesThere: true, isMarked: 3, isReached: true, answered: 3 };
  await expect.poll(() => page.evaluate(shown), WITHIN).toEqual(all);
  const row = page.locator('.log-table tr[data-node=n2]');
  await row.getByRole('button').press('Enter');
  await expect.poll(() => row.getAttribute('class'), WITHIN).toMatch(/\bselected\b/);
  expect(complaints).toEqual([]);
});
