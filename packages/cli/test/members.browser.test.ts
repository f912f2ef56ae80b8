import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useBrowser } from '../../../inspector/test/support/browser.ts';
import { begin, emptyDirectory } from './support/synod.ts';

const open = useBrowser();
const WITHIN = { timeout: 30_000 };

it('a person kills a member, parts the network and heals it, and the matrix shows who finds out', {
  timeout: 90_000,
}, async (context) => {
  const data = join(await emptyDirectory(), 'swim');
  const launcher = begin(['run', 'swim', '--nodes', '4', '--period', '100', '--port', '0', '--data', data]);
  const [, url] = await launcher.saw(/Inspector +(\S+)/);
  await launcher.saw(/All members know each other/);
  const { page, complaints } = await open(context, url as string);
  const summary = async () => page.locator('.summary').textContent();
  await expect.poll(summary, WITHIN).toBe('4 aliveall agree');

  await page.getByRole('button', { name: 'Kill n2', exact: true }).click();
  await expect.poll(summary, WITHIN).toBe('3 alive1 deadall agree');
  await page.getByRole('button', { name: 'Restart n2', exact: true }).click();
  await expect.poll(summary, WITHIN).toBe('4 aliveall agree');

  await page.getByRole('checkbox', { name: 'Mark n4' }).check();
  await page.getByRole('button', { name: 'Partition marked' }).click();
  const cell = (observer: string, member: string) =>
    page.locator(`td[data-observer=${observer}][data-member=${member}]`).textContent();
  const across = () =>
    Promise.all([cell('n1', 'n4'), cell('n3', 'n4'), cell('n4', 'n1'), cell('n4', 'n2'), cell('n1', 'n3')]);
  await expect.poll(across, WITHIN).toEqual(['×', '×', '×', '×', '']);
  await page.getByRole('button', { name: 'Heal', exact: true }).click();
  await expect.poll(summary, WITHIN).toBe('4 aliveall agree');
  expect(complaints).toEqual([]);
  launcher.child.kill('SIGINT');
  expect((await launcher.ended).code).toBe(0);
});
