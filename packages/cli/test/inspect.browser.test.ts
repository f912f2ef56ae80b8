import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useBrowser } from '../../../inspector/test/support/browser.ts';
import { LOCK, LOCK_WRONG } from './support/lock.ts';
import { begin, emptyDirectory, synod } from './support/synod.ts';

const open = useBrowser();
const WITHIN = { timeout: 20_000 };

it.for([
  {
    what: 'a counterexample of the checker',
    make: ['check', LOCK, '--mutant', 'grants-always', '--first'],
    show: ['inspect'],
    says: /Mutual Exclusion violated/,
  },
  {
    what: 'a replay file of the simulator',
    make: ['sim', LOCK_WRONG, '--seed', '1', '--faults', 'delay'],
    show: ['replay', '--inspect'],
    says: /Mutual Exclusion .*does not hold/,
  },
])('$what opens in the inspector', { timeout: 60_000 }, async ({ make, show, says }, context) => {
  const file = join(await emptyDirectory(), 'found.json');
  expect((await synod(...make, '--save', file)).code).toBe(1);
  const { child, ended, saw } = begin([...show, file]);
  const [url] = await saw(/http:\S+/);
  const { page, complaints } = await open(context, url);
  const inside = page.locator('.card [data-state="client.inside"].active');
  await expect.poll(() => inside.count(), WITHIN).toBe(2);
  expect(await page.locator('.verdict').textContent()).toMatch(says);
  await page.getByRole('slider', { name: 'Place in the recording' }).fill('3');
  await expect.poll(() => inside.count(), WITHIN).toBe(0);
  expect(complaints).toEqual([]);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
});
